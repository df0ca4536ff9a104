import type { StartProgress } from '../engine/startup.ts';
import { noTrack } from './model/track.ts';
import { rest, restingPhase } from './model/transitions.ts';
import type { SessionModel, Systems } from './model/types.ts';
import { rulesOf } from './phases/index.ts';

/** The start has come further. */
export function progressed(model: SessionModel, progress: StartProgress): SessionModel {
  const next = { ...model, progress };
  return model.phase.kind === 'starting' ? { ...next, phase: restingPhase(next, true) } : next;
}

/** A part of the kiosk came up or failed. A visit continues where that is still possible. */
export function systemsChanged(model: SessionModel, change: Partial<Systems>): SessionModel {
  const systems = { ...model.systems, ...change };
  const next = { ...model, systems };
  const { phase } = model;
  if (phase.kind === 'suspended') return next;
  if (rulesOf(phase).galleryIsEnough?.(phase) && systems.gallery.kind === 'ready')
    return systems.camera.kind === 'live' ? next : { ...next, track: noTrack };
  const rested = rest(next, true);
  const serving = phase.kind !== 'starting' && phase.kind !== 'out-of-order';
  return rested.phase.kind === 'attract' && serving ? next : rested;
}
