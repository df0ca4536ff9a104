import type { FaceReport, FrameReport } from '../../vision/protocol.ts';
import type { SessionConfig } from '../config.ts';
import type { Recogniser } from '../engine/recogniser.ts';
import {
  blockingIssue,
  count,
  dueHint,
  follow,
  gather,
  miss,
  noEvidence,
  sameFace,
  stableVerdict,
} from './model/track.ts';
import { asking, greet, rest, restingPhase, unknown } from './model/transitions.ts';
import type { SessionEvent, SessionModel, SessionPhase } from './model/types.ts';
import { facesBeforeTelephonePage } from './telephone.ts';
import { systemsChanged, timePassed } from './time.ts';
import { answered, touched } from './touch.ts';

/** What the machine needs from outside to judge a frame. */
export interface SessionContext {
  readonly config: SessionConfig;
  readonly recogniser: Pick<Recogniser, 'identify' | 'anybodyEnrolled'>;
}

export const initialSession: SessionModel = {
  phase: { kind: 'starting', progress: null, awaited: false },
  systems: { engine: { kind: 'pending' }, gallery: { kind: 'pending' }, camera: { kind: 'off' } },
  progress: null,
  faceCount: 0,
  evidence: noEvidence,
  disowned: [],
};

/** Somebody new stands there: asks them, or starts to look; the frame that showed the face already counts. */
function begin(model: SessionModel, face: FaceReport, at: number, context: SessionContext): SessionModel {
  const { config } = context;
  const fresh = { ...model, evidence: noEvidence, disowned: [] };
  if (config.askFirst)
    return { ...fresh, phase: asking(at, config), evidence: follow(noEvidence, face, at, config) };
  return consider({ ...fresh, phase: { kind: 'looking', hint: null } }, face, at, context);
}

/** Looking and deciding: gathers the frame, asks for a verdict, and acts once it is stable. */
function consider(model: SessionModel, face: FaceReport, at: number, context: SessionContext): SessionModel {
  const { config } = context;
  let evidence = gather(follow(model.evidence, face, at, config), face, at, config);
  const fresh = !blockingIssue(face, config) && face.embedding !== undefined;
  if (fresh && evidence.samples.length >= config.minSamples)
    evidence = count(evidence, context.recogniser.identify(evidence.samples, model.disowned));
  const verdict = stableVerdict(evidence, at, config);
  if (verdict?.kind === 'person') return { ...model, evidence, phase: greet(verdict.person, at, config) };
  if (verdict?.kind === 'nobody') {
    const reason = context.recogniser.anybodyEnrolled() ? 'no-match' : 'nobody-enrolled';
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

/** Faces are there, the nearest first. */
function facesSeen(
  model: SessionModel,
  faces: readonly [FaceReport, ...FaceReport[]],
  at: number,
  context: SessionContext,
): SessionModel {
  const [face] = faces;
  const { config } = context;
  const { phase } = model;
  const same = sameFace(model.evidence, face, at, config);
  const followed = { ...model, evidence: follow(model.evidence, face, at, config) };
  const next = () => (awake(face, config) ? begin(model, face, at, context) : model);
  switch (phase.kind) {
    case 'attract':
      return (phase.armed || !same) && awake(face, config) ? begin(model, face, at, context) : followed;
    case 'looking':
    case 'deciding':
      return consider(model, face, at, context);
    case 'greeted':
    case 'unknown':
      // Somebody else stands there now: the name must not stay before a stranger.
      return same ? followed : next();
    case 'page':
      if (phase.way === 'telephone') return facesBeforeTelephonePage(model, phase, faces, at, config);
      return same ? followed : next();
    case 'leaving':
      return same && phase.reason !== 'left' ? followed : next();
    case 'consent':
    case 'lookup':
      return followed;
    case 'starting':
    case 'suspended':
    case 'out-of-order':
      return model;
    default:
      return phase satisfies never;
  }
}

const countFaces = (report: FrameReport): SessionModel['faceCount'] =>
  Math.min(3, report.faces.length) as SessionModel['faceCount'];

function frameSeen(
  model: SessionModel,
  { report, at }: Extract<SessionEvent, { type: 'report' }>,
  context: SessionContext,
): SessionModel {
  const faceCount = countFaces(report);
  const counted = faceCount === model.faceCount ? model : { ...model, faceCount };
  const [nearest, ...others] = report.faces;
  // A greeted visitor's page opens and a goodbye ends while the face is there, too: that is the tick's business.
  if (nearest) return facesSeen(counted, [nearest, ...others], at, context);
  const evidence = miss(counted.evidence);
  const missed = evidence === counted.evidence ? counted : { ...counted, evidence };
  return timePassed(missed, at, context.config);
}

/** The whole behaviour of the kiosk towards shoppers: a pure function of what was and what happened. */
export function step(model: SessionModel, event: SessionEvent, context: SessionContext): SessionModel {
  const { config } = context;
  switch (event.type) {
    case 'progress': {
      const next = { ...model, progress: event.progress };
      return model.phase.kind === 'starting' ? { ...next, phase: restingPhase(next, true) } : next;
    }
    case 'system':
      return systemsChanged(model, { ...model.systems, [event.system]: event.state });
    case 'camera':
      return systemsChanged(model, { ...model.systems, camera: event.state });
    case 'report':
      return frameSeen(model, event, context);
    case 'tick':
      return timePassed(model, event.at, config);
    case 'suspend':
      return { ...model, phase: { kind: 'suspended' }, evidence: noEvidence, disowned: [], faceCount: 0 };
    case 'resume':
      return model.phase.kind === 'suspended' ? rest(model, true) : model;
    case 'page':
    case 'looking-up':
    case 'looked-up':
    case 'forgotten':
      return answered(model, event, config);
    default:
      return touched(model, event, config);
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
    case 'consent':
    case 'greeted':
    case 'page':
    case 'unknown':
    case 'lookup':
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
