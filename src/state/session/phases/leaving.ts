import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { sameFace } from '../model/track.ts';
import { dismiss, followFace, rest } from '../model/transitions.ts';
import { nextVisitor } from './looking.ts';

/** Says goodbye. Somebody else who steps up meanwhile starts a visit of their own. */
export const leaving: PhaseRules<PhaseOf<'leaving'>> = {
  wants: 'faces-slowly',
  onFace(now, [face]) {
    const { model, phase, at, config } = now;
    const stillThere = phase.reason !== 'left' && sameFace(model.track, face, at, config);
    return stillThere ? followFace(now, face) : nextVisitor(now, face);
  },
  onTick({ model, phase, at }) {
    if (at < phase.until) return model;
    return phase.reason === 'left' ? rest(model, true) : dismiss(model);
  },
};
