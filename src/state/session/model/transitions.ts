import type { CustomerPage } from '../../../gallery/contract/customers.ts';
import type { FaceReport } from '../../../vision/protocol.ts';
import { type EndingPhase, ending } from './ending.ts';
import type { Moment, PhaseOf } from './moment.ts';
import { follow, noTrack, placeOnly } from './track.ts';
import type {
  ConfirmedAct,
  Doubt,
  LeavingReason,
  LookupStatus,
  PageWay,
  SessionModel,
  SessionPhase,
  UnknownReason,
} from './types.ts';

/** Follows the nearest face and changes nothing else. */
export const followFace = ({ model, at, config }: Moment, face: FaceReport): SessionModel => ({
  ...model,
  track: follow(model.track, face, at, config),
});

/** Opens a person's page. */
export const openPage = (now: Moment, page: CustomerPage, way: PageWay): SessionModel => ({
  ...now.model,
  phase: { kind: 'page', page, way, ...ending('page', now) },
});

/** Asks the owner of the page for more than their face. */
export const askToConfirm = (now: Moment<PhaseOf<'page'>>, act: ConfirmedAct): SessionModel => ({
  ...now.model,
  phase: {
    kind: 'confirm',
    act,
    page: now.phase.page,
    way: now.phase.way,
    status: { kind: 'typing' },
    ...ending('confirm', now),
  },
});

/** Tells the shopper that the kiosk does not know them, and why. */
export const showUnknown = (now: Moment, reason: UnknownReason): SessionModel => ({
  ...now.model,
  phase: { kind: 'unknown', reason, ...ending('unknown', now) },
});

/** Asks for telephone and PIN where the passive check does not believe the face. */
export const showDoubted = (now: Moment, doubt: Doubt): SessionModel => ({
  ...now.model,
  phase: { kind: 'unknown', reason: 'doubted', doubt, ...ending('unknown', now) },
});

/** "Not me": the visitor is not that person, and the name is not shown to them again in this visit. */
export const disown = (now: Moment, id: string): SessionModel => ({
  ...showUnknown(now, 'not-me'),
  disowned: [...now.model.disowned, id],
});

/** The look-up by telephone. */
export const lookupPhase = (now: Moment, status: LookupStatus): SessionPhase => ({
  kind: 'lookup',
  status,
  ...ending('lookup', now),
});

/** The way without a face: open wherever the gallery can be asked. */
export function lookUp(now: Moment): SessionModel {
  const { model } = now;
  if (model.systems.gallery.kind !== 'ready') return model;
  return {
    ...model,
    phase: lookupPhase(now, { kind: 'typing' }),
    track: placeOnly(model.track),
    disowned: [],
  };
}

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
  if (running) return { kind: 'attract', armed };
  const awaited = model.phase.kind === 'starting' && model.phase.awaited;
  return { kind: 'starting', progress: model.progress, awaited };
}

/** Ends the visit: nothing of the visitor stays in the model. */
export const rest = (model: SessionModel, armed: boolean): SessionModel => ({
  ...model,
  phase: restingPhase(model, armed),
  track: noTrack,
  disowned: [],
});

/** Ends the visit of somebody who still stands there: the next one starts once they have stepped away or touched. */
export const dismiss = (model: SessionModel): SessionModel => ({
  ...rest(model, false),
  track: placeOnly(model.track),
});

/** Says goodbye. Of somebody who walked away not even the place is kept. */
export const leave = ({ model, at, config }: Moment, reason: LeavingReason): SessionModel => ({
  ...model,
  phase: { kind: 'leaving', reason, until: at + config.goodbye },
  track: reason === 'left' ? noTrack : placeOnly(model.track),
  disowned: [],
});

/** Warns before the phase's time is up, and then ends the visit. */
export function endInTime({ model, phase, at, config }: Moment<EndingPhase>): SessionModel {
  if (at >= phase.until) return dismiss(model);
  const warning = phase.until - at <= config.warnBefore;
  return warning === phase.warning ? model : { ...model, phase: { ...phase, warning } };
}
