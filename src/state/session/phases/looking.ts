import type { FaceReport } from '../../../vision/protocol.ts';
import type { SessionConfig } from '../model/config.ts';
import { ending } from '../model/ending.ts';
import type { Moment, PhaseOf, PhaseRules } from '../model/moment.ts';
import { doubtOf } from '../model/passive.ts';
import {
  absence,
  blockingIssue,
  count,
  dueHint,
  follow,
  gather,
  isAgreed,
  miss,
  noTrack,
  stableVerdict,
  type Track,
} from '../model/track.ts';
import { lookUp, rest, showDoubted, showUnknown } from '../model/transitions.ts';
import type { SessionModel, SessionPhase, UnknownReason } from '../model/types.ts';

/** Looks at the face and decides whom it shows. `deciding` is the same with at least one good frame taken. */
export const looking: PhaseRules<PhaseOf<'looking' | 'deciding'>> = {
  wants: 'embeddings',
  onFace: (now, [face]) => (hasAgreed(now, face) ? consider(now, face) : somebodyElse(now, face)),
  onTick(now) {
    const { model, at, config } = now;
    if (absence(model.track, at, config) > config.lookingAbsence) return rest(model, true);
    const started = model.track.since ?? at;
    const long = at - started >= config.lookingTimeout;
    const calm = now.phase.hint === null && at - (now.phase.since ?? at) >= config.goodAtMost;
    return long || calm ? showUnknown(now, 'no-good-picture') : model;
  },
  onTouch: { 'without-face': lookUp },
};

/**
 * Whether this face may be looked at: nobody is asked, or it is the one that agreed, which nobody has seen yet at the first
 * frame.
 */
const hasAgreed = ({ model, at, config }: Moment, face: FaceReport): boolean =>
  config.asking === 'signs' || isAgreed(model.track, face, at, config);

/** Another face than the one that agreed: that one may have turned away for a moment. Then the other one is asked. */
function somebodyElse(now: Moment, face: FaceReport): SessionModel {
  const { at, config } = now;
  const model = { ...now.model, track: miss(now.model.track) };
  if (absence(model.track, at, config) <= config.trackGap) return model;
  return isNear(face, config) ? begin({ ...now, model }, face) : model;
}

/** Whether the face is near enough to start a visit. */
export const isNear = (face: FaceReport, config: SessionConfig): boolean =>
  face.quality.interEyeDistance >= config.wakeEyeDistance;

/** Starts a visit: asks first unless signs are posted, and then looks; the frame that showed the face counts. */
export function begin(now: Moment, face: FaceReport): SessionModel {
  const { at, config } = now;
  const model: SessionModel = { ...now.model, track: noTrack, disowned: [] };
  if (config.asking !== 'signs')
    return {
      ...model,
      phase: { kind: 'consent', mark: { kind: 'unseen' }, ...ending('consent', now) },
      track: follow(noTrack, face, at, config),
    };
  return consider({ ...now, model: { ...model, phase: { kind: 'looking', hint: null, since: at } } }, face);
}

/** Somebody else stands before the screen: starts their visit once they are near. */
export const nextVisitor = (now: Moment, face: FaceReport): SessionModel =>
  isNear(face, now.config) ? begin(now, face) : now.model;

/** Starts to look at the same visitor from the beginning. */
export const lookAgain = ({ model, at }: Moment): SessionModel => ({
  ...model,
  phase: { kind: 'looking', hint: null, since: at },
  track: { ...noTrack, since: at, place: model.track.place && { ...model.track.place, seenAt: at } },
});

/**
 * Where the two best people score too close to each other, neither is named, nor is the visitor told that they are unknown: the
 * PIN decides.
 */
function whyUnknown({ recogniser }: Moment, ambiguous = false): UnknownReason {
  if (ambiguous) return 'look-alike';
  return recogniser.anybodyEnrolled() ? 'no-match' : 'nobody-enrolled';
}

/** Adds the frame to the track, asks for a verdict, and acts once it is stable. */
function consider(now: Moment, face: FaceReport): SessionModel {
  const { at, config } = now;
  const track = judge(now, gather(follow(now.model.track, face, at, config), face, at, config), face);
  const model = { ...now.model, track };
  const verdict = stableVerdict(track, at, config);
  if (verdict?.kind === 'person') return greet({ ...now, model }, verdict.person);
  if (verdict?.kind === 'nobody') return showUnknown({ ...now, model }, whyUnknown(now, verdict.ambiguous));
  const hint = dueHint(track, at, config);
  if (track.taken === 0) return { ...model, phase: stillLooking(model.phase, hint, at) };
  const progress = Math.min(1, track.taken / config.rejectMinSamples);
  return { ...model, phase: { kind: 'deciding', hint, progress, since: sinceOf(model.phase, at) } };
}

/** The track with this frame's verdict counted, where the frame can be used and there are enough for such a verdict. */
function judge({ model, config, recogniser }: Moment, track: Track, face: FaceReport): Track {
  const usable = !blockingIssue(face, config) && face.embedding !== undefined;
  if (!usable) return track;
  const verdict = recogniser.identify(track.samples, model.disowned);
  const enough = track.samples.length >= config.minSamples;
  return enough || (verdict.kind === 'person' && verdict.certainty !== 'plain')
    ? count(track, verdict)
    : track;
}

/** Greets, unless the set-up asks for more where the passive check does not believe the face. */
function greet(now: Moment, person: PhaseOf<'greeted'>['person']): SessionModel {
  const { model, at, config } = now;
  const why = doubtOf(config.passive, model.track.samples);
  const doubt = why && { person: person.id, why };
  if (doubt && config.passive === 'require') return showDoubted(now, doubt);
  return {
    ...model,
    phase: {
      kind: 'greeted',
      person,
      page: null,
      openAt: at + config.greetingTime,
      ...(doubt ? { doubt } : {}),
      ...ending('greeted', now),
    },
  };
}

/** The same object where nothing changed, so that no screen renders in vain. */
const stillLooking = (phase: SessionPhase, hint: PhaseOf<'looking'>['hint'], at: number): SessionPhase =>
  phase.kind === 'looking' && phase.hint === hint
    ? phase
    : { kind: 'looking', hint, since: sinceOf(phase, at) };

const sinceOf = (phase: SessionPhase, at: number): number =>
  ('since' in phase ? phase.since : undefined) ?? at;
