import { stayOn } from '../model/ending.ts';
import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { absence, sameFace } from '../model/track.ts';
import { dismiss, endInTime, followFace, lookUp, rest } from '../model/transitions.ts';
import { lookAgain, nextVisitor } from './looking.ts';

/** Tells the shopper that the kiosk does not know them, and offers the other ways. */
export const unknown: PhaseRules<PhaseOf<'unknown'>> = {
  wants: 'faces-slowly',
  onFace(now, [face]) {
    const { model, at, config } = now;
    return sameFace(model.track, face, at, config) ? followFace(now, face) : nextVisitor(now, face);
  },
  onTick(now) {
    const { model, at, config } = now;
    return absence(model.track, at, config) > config.unknownAbsence ? rest(model, true) : endInTime(now);
  },
  onTouch: {
    'try-again': lookAgain,
    'without-face': lookUp,
    done: ({ model }) => dismiss(model),
    extend: stayOn,
    active: stayOn,
  },
};
