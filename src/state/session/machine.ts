import type { FrameReport } from '../../vision/protocol.ts';
import type { SessionConfig } from './model/config.ts';
import type { FrameWish, Moment, SessionContext } from './model/moment.ts';
import { miss, noTrack } from './model/track.ts';
import type { SessionEvent, SessionModel, SessionPhase } from './model/types.ts';
import { rulesOf } from './phases/index.ts';
import { resume, suspend } from './phases/suspended.ts';
import { progressed, systemsChanged } from './systems.ts';

export const initialSession: SessionModel = {
  phase: { kind: 'starting', progress: null, awaited: false },
  systems: { engine: { kind: 'pending' }, gallery: { kind: 'pending' }, camera: { kind: 'off' } },
  progress: null,
  faceCount: 0,
  track: noTrack,
  disowned: [],
};

/** Whether the phase looks at the camera's frames at all. */
export const isWatching = (phase: SessionPhase): boolean => rulesOf(phase).wants !== 'nothing';

/** What the frame loop does with the next frame in this phase. */
export function wanted(phase: SessionPhase, config: SessionConfig): FrameWish {
  const { wants } = rulesOf(phase);
  return typeof wants === 'function' ? wants(phase, config) : wants;
}

/**
 * The whole behaviour of the kiosk towards shoppers: a pure function of what was and what happened. What a face, a tick, a
 * touch or the gallery's answer does is told by the module of the phase, in `phases/`.
 */
export function step(model: SessionModel, event: SessionEvent, context: SessionContext): SessionModel {
  switch (event.type) {
    case 'progress':
      return progressed(model, event.progress);
    case 'system':
      return systemsChanged(model, { [event.system]: event.state });
    case 'camera':
      return systemsChanged(model, { camera: event.state });
    case 'suspend':
      return suspend(model);
    case 'resume':
      return resume(model);
    default:
      return inPhase(model, event, context);
  }
}

type TimedEvent = Extract<SessionEvent, { at: number }>;

/** Hands the event to the phase that the session is in. */
function inPhase(model: SessionModel, event: TimedEvent, context: SessionContext): SessionModel {
  const rules = rulesOf(model.phase);
  const now: Moment = { ...context, model, phase: model.phase, at: event.at };
  switch (event.type) {
    case 'report':
      return frameSeen(now, event.report);
    case 'tick':
      return rules.onTick?.(now) ?? model;
    case 'page':
    case 'looking-up':
    case 'looked-up':
    case 'confirming':
    case 'turning':
    case 'refused':
    case 'forgotten':
      return rules.onGallery?.(now, event) ?? model;
    default:
      return rules.onTouch?.[event.type]?.(now) ?? model;
  }
}

/** A frame with faces is the phase's `onFace`; one that shows nobody is noted and counts as time that has passed. */
function frameSeen(now: Moment, report: FrameReport): SessionModel {
  const rules = rulesOf(now.phase);
  const model = counted(now.model, report);
  const [nearest, ...others] = report.faces;
  if (nearest) return rules.onFace?.({ ...now, model }, [nearest, ...others]) ?? model;
  const track = miss(model.track);
  const missed = track === model.track ? model : { ...model, track };
  return rules.onTick?.({ ...now, model: missed }) ?? missed;
}

/** The model with the number of faces of the frame; the same object where it did not change. */
function counted(model: SessionModel, { faces }: FrameReport): SessionModel {
  const faceCount = Math.min(3, faces.length) as SessionModel['faceCount'];
  return faceCount === model.faceCount ? model : { ...model, faceCount };
}
