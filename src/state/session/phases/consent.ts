import { stayOn } from '../model/ending.ts';
import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { absence } from '../model/track.ts';
import { dismiss, endInTime, followFace, lookUp, rest } from '../model/transitions.ts';
import { lookAgain } from './looking.ts';

/** Asks before a face is looked at, where the shop wants that (`askFirst`). No template is made here. */
export const consent: PhaseRules<PhaseOf<'consent'>> = {
  wants: 'faces-slowly',
  onFace: (now, [face]) => followFace(now, face),
  onTick(now) {
    const { model, at, config } = now;
    return absence(model.track, at, config) > config.lookingAbsence ? rest(model, true) : endInTime(now);
  },
  onTouch: {
    agree: lookAgain,
    'without-face': lookUp,
    done: ({ model }) => dismiss(model),
    extend: stayOn,
    active: stayOn,
  },
};
