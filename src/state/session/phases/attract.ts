import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { absence, sameFace } from '../model/track.ts';
import { followFace, lookUp } from '../model/transitions.ts';
import { begin, isNear } from './looking.ts';

/** Waits for somebody to come near. Not armed: the last visitor has to step away or touch the screen first. */
export const attract: PhaseRules<PhaseOf<'attract'>> = {
  // The frame in which somebody comes near decides already, where they are not asked first.
  wants: ({ armed }, { asking }) => (armed && asking === 'signs' ? 'arrivals' : 'faces'),
  onFace(now, [face]) {
    const { model, phase, at, config } = now;
    const mayBegin = phase.armed || !sameFace(model.track, face, at, config);
    return mayBegin && isNear(face, config) ? begin(now, face) : followFace(now, face);
  },
  onTick({ model, phase, at, config }) {
    const empty = absence(model.track, at, config) > config.rearmAbsence;
    return !phase.armed && empty ? { ...model, phase: { kind: 'attract', armed: true } } : model;
  },
  onTouch: {
    wake: ({ model }) => ({ ...model, phase: { kind: 'attract', armed: true } }),
    'without-face': lookUp,
  },
};
