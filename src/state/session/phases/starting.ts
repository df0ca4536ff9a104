import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { lookUp } from '../model/transitions.ts';

/** Engine, gallery and camera come up. The session goes on by itself once they run (`session/systems.ts`). */
export const starting: PhaseRules<PhaseOf<'starting'>> = {
  wants: 'nothing',
  onTouch: {
    wake: ({ model, phase }) => ({ ...model, phase: { ...phase, awaited: true } }),
    'without-face': lookUp,
  },
};
