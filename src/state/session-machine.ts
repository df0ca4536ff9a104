import type { FaceReport, FrameReport } from '../vision/protocol.ts';
import type { SessionConfig } from './config.ts';
import {
  absence,
  blockingIssue,
  count,
  dueHint,
  follow,
  gather,
  miss,
  noEvidence,
  type Sample,
  sameFace,
  stableVerdict,
} from './evidence.ts';
import type {
  GreetedPerson,
  SessionEvent,
  SessionModel,
  SessionPhase,
  Systems,
  UnknownReason,
  Verdict,
} from './session-types.ts';

/** What the machine needs from outside to judge a frame. */
export interface SessionContext {
  readonly config: SessionConfig;
  /** Fuses the frames and decides; `disowned` people are left out. Must be pure. */
  readonly recognise: (samples: readonly Sample[], disowned: readonly string[]) => Verdict;
  /** whether anybody is enrolled at all */
  readonly anybodyEnrolled: () => boolean;
}

export const initialSession: SessionModel = {
  phase: { kind: 'starting', progress: null },
  systems: { engine: { kind: 'pending' }, gallery: { kind: 'pending' }, camera: { kind: 'off' } },
  progress: null,
  faceCount: 0,
  evidence: noEvidence,
  disowned: [],
};

const attract = (armed: boolean): SessionPhase => ({ kind: 'attract', armed });

/** The phase in which nobody is served: out of order, starting, or waiting. A broken model outranks a missing camera. */
export function restingPhase(model: SessionModel, armed: boolean): SessionPhase {
  const { engine, gallery, camera } = model.systems;
  for (const system of [engine, gallery]) {
    if (system.kind === 'failed')
      return { kind: 'out-of-order', reason: system.reason, detail: system.detail };
  }
  if (camera.kind === 'problem')
    return { kind: 'out-of-order', reason: camera.problem, detail: camera.detail };
  const running = engine.kind === 'ready' && gallery.kind === 'ready' && camera.kind === 'live';
  return running ? attract(armed) : { kind: 'starting', progress: model.progress };
}

/** Ends the visit: nothing of the visitor stays in the model. */
const rest = (model: SessionModel, armed: boolean): SessionModel => ({
  ...model,
  phase: restingPhase(model, armed),
  evidence: noEvidence,
  disowned: [],
});

/** A part of the kiosk came up or went down. */
function systemsChanged(model: SessionModel, systems: Systems): SessionModel {
  const next = { ...model, systems };
  if (model.phase.kind === 'suspended') return next;
  const resting = restingPhase(next, true);
  const serving = model.phase.kind !== 'starting' && model.phase.kind !== 'out-of-order';
  return resting.kind === 'attract' && serving ? next : { ...rest(next, true), phase: resting };
}

const greet = (person: GreetedPerson, at: number, config: SessionConfig): SessionPhase => ({
  kind: 'greeted',
  person,
  until: at + config.greetedTimeout,
  warning: false,
});

const unknown = (reason: UnknownReason, at: number, config: SessionConfig): SessionPhase => ({
  kind: 'unknown',
  reason,
  until: at + config.unknownTimeout,
  warning: false,
});

/** Starts to look; the frame that showed the face already counts. */
function look(model: SessionModel, face: FaceReport, at: number, context: SessionContext): SessionModel {
  const fresh = { ...model, phase: { kind: 'looking', hint: null } as const, evidence: noEvidence };
  return consider(fresh, face, at, context);
}

/** Looking and deciding: gathers the frame, asks for a verdict, and acts once it is stable. */
function consider(model: SessionModel, face: FaceReport, at: number, context: SessionContext): SessionModel {
  const { config } = context;
  let evidence = gather(follow(model.evidence, face, at, config), face, at, config);
  const fresh = !blockingIssue(face, config) && face.embedding !== undefined;
  if (fresh && evidence.samples.length >= config.minSamples)
    evidence = count(evidence, context.recognise(evidence.samples, model.disowned));
  const verdict = stableVerdict(evidence, at, config);
  if (verdict?.kind === 'person') return { ...model, evidence, phase: greet(verdict.person, at, config) };
  if (verdict?.kind === 'nobody') {
    const reason = context.anybodyEnrolled() ? 'no-match' : 'nobody-enrolled';
    return { ...model, evidence, phase: unknown(reason, at, config) };
  }
  const hint = dueHint(evidence, at, config);
  if (evidence.taken === 0) return { ...model, evidence, phase: lookingPhase(model.phase, hint) };
  const progress = Math.min(1, evidence.taken / config.rejectMinSamples);
  return { ...model, evidence, phase: { kind: 'deciding', hint, progress } };
}

/** The same object where nothing changed, so that no screen renders in vain. */
const lookingPhase = (
  phase: SessionPhase,
  hint: Extract<SessionPhase, { kind: 'looking' }>['hint'],
): SessionPhase => (phase.kind === 'looking' && phase.hint === hint ? phase : { kind: 'looking', hint });

const awake = (face: FaceReport, config: SessionConfig): boolean =>
  face.quality.interEyeDistance >= config.wakeEyeDistance;

/** A face is there. */
function faceSeen(model: SessionModel, face: FaceReport, at: number, context: SessionContext): SessionModel {
  const { config } = context;
  const followed = { ...model, evidence: follow(model.evidence, face, at, config) };
  switch (model.phase.kind) {
    case 'attract': {
      const open = model.phase.armed || !sameFace(model.evidence, face, at, config);
      return open && awake(face, config) ? look(model, face, at, context) : followed;
    }
    case 'looking':
    case 'deciding':
      return consider(model, face, at, context);
    case 'greeted':
    case 'leaving':
      // Somebody else stands there now: the name must not stay before a stranger.
      if (model.phase.kind === 'greeted' && sameFace(model.evidence, face, at, config)) return followed;
      return awake(face, config) ? look({ ...model, disowned: [] }, face, at, context) : model;
    case 'unknown':
      if (sameFace(model.evidence, face, at, config)) return followed;
      return awake(face, config) ? look({ ...model, disowned: [] }, face, at, context) : model;
    case 'starting':
    case 'suspended':
    case 'out-of-order':
      return model;
    default:
      return model.phase satisfies never;
  }
}

/** Time has passed: absences, timeouts and their warnings. */
function timePassed(model: SessionModel, at: number, context: SessionContext): SessionModel {
  const { config } = context;
  const { phase } = model;
  const gone = absence(model.evidence, at, config);
  switch (phase.kind) {
    case 'attract':
      return !phase.armed && gone > config.rearmAbsence ? { ...model, phase: attract(true) } : model;
    case 'looking':
    case 'deciding': {
      if (gone > config.lookingAbsence) return rest(model, true);
      const started = model.evidence.since ?? at;
      const late = at - started >= config.lookingTimeout;
      return late ? { ...model, phase: unknown('no-good-picture', at, config) } : model;
    }
    case 'greeted':
      if (gone > config.greetedAbsence)
        return {
          ...model,
          phase: { kind: 'leaving', until: at + config.goodbye },
          evidence: noEvidence,
          disowned: [],
        };
      return endingPhase(model, phase, at, config);
    case 'unknown':
      if (gone > config.unknownAbsence) return rest(model, true);
      return endingPhase(model, phase, at, config);
    case 'leaving':
      return at >= phase.until ? rest(model, true) : model;
    case 'starting':
    case 'suspended':
    case 'out-of-order':
      return model;
    default:
      return phase satisfies never;
  }
}

/** Warns before the end and ends; the visitor is still there, so the next greeting waits until they have stepped away. */
function endingPhase(
  model: SessionModel,
  phase: Extract<SessionPhase, { kind: 'greeted' | 'unknown' }>,
  at: number,
  config: SessionConfig,
): SessionModel {
  if (at >= phase.until) return dismiss(model);
  const warning = phase.until - at <= config.warnBefore;
  return warning === phase.warning ? model : { ...model, phase: { ...phase, warning } };
}

/** Ends the visit of somebody who still stands there. */
const dismiss = (model: SessionModel): SessionModel => ({
  ...rest(model, false),
  evidence: { ...noEvidence, track: model.evidence.track },
});

/** Looks again at the one who stands there, from the beginning. */
const lookAgain = (model: SessionModel, at: number): SessionModel => ({
  ...model,
  phase: { kind: 'looking', hint: null },
  evidence: {
    ...noEvidence,
    since: at,
    track: model.evidence.track && { ...model.evidence.track, seenAt: at },
  },
});

function touched(
  model: SessionModel,
  event: Extract<SessionEvent, { type: 'wake' | 'not-me' | 'done' | 'try-again' | 'extend' }>,
  context: SessionContext,
): SessionModel {
  const { phase } = model;
  const { config } = context;
  switch (event.type) {
    case 'wake':
      return phase.kind === 'attract' ? { ...model, phase: attract(true) } : model;
    case 'not-me':
      if (phase.kind !== 'greeted') return model;
      return {
        ...model,
        phase: unknown('not-me', event.at, config),
        disowned: [...model.disowned, phase.person.id],
      };
    case 'done':
      return phase.kind === 'greeted' || phase.kind === 'unknown' ? dismiss(model) : model;
    case 'try-again':
      return phase.kind === 'unknown' ? lookAgain(model, event.at) : model;
    case 'extend':
      if (phase.kind === 'greeted') return { ...model, phase: greet(phase.person, event.at, config) };
      if (phase.kind === 'unknown') return { ...model, phase: unknown(phase.reason, event.at, config) };
      return model;
    default:
      return event.type satisfies never;
  }
}

const countFaces = (report: FrameReport): SessionModel['faceCount'] =>
  Math.min(3, report.faces.length) as SessionModel['faceCount'];

/** The whole behaviour of the kiosk towards shoppers: a pure function of what was and what happened. */
export function step(model: SessionModel, event: SessionEvent, context: SessionContext): SessionModel {
  switch (event.type) {
    case 'progress': {
      const next = { ...model, progress: event.progress };
      return model.phase.kind === 'starting' ? { ...next, phase: restingPhase(next, true) } : next;
    }
    case 'system':
      return systemsChanged(model, { ...model.systems, [event.system]: event.state });
    case 'camera':
      return systemsChanged(model, { ...model.systems, camera: event.state });
    case 'report': {
      const faceCount = countFaces(event.report);
      const counted = faceCount === model.faceCount ? model : { ...model, faceCount };
      const nearest = event.report.faces[0];
      if (nearest) return faceSeen(counted, nearest, event.at, context);
      const evidence = miss(counted.evidence);
      const missed = evidence === counted.evidence ? counted : { ...counted, evidence };
      return timePassed(missed, event.at, context);
    }
    case 'tick':
      return timePassed(model, event.at, context);
    case 'suspend':
      return { ...model, phase: { kind: 'suspended' }, evidence: noEvidence, disowned: [], faceCount: 0 };
    case 'resume':
      return model.phase.kind === 'suspended' ? rest(model, true) : model;
    default:
      return touched(model, event, context);
  }
}

/** What the frame loop should do in this phase: nothing, find faces, or find and embed. */
export function wanted(phase: SessionPhase): 'nothing' | 'faces' | 'faces-slowly' | 'embeddings' {
  switch (phase.kind) {
    case 'attract':
      return 'faces';
    case 'looking':
    case 'deciding':
      return 'embeddings';
    case 'greeted':
    case 'unknown':
    case 'leaving':
      return 'faces-slowly';
    case 'starting':
    case 'suspended':
    case 'out-of-order':
      return 'nothing';
    default:
      return phase satisfies never;
  }
}
