import type { PhaseOf, PhaseRules } from '../model/moment.ts';
import { lookUp } from '../model/transitions.ts';

/** Recognition is not possible. The session goes on by itself once the broken part is back (`session/systems.ts`). */
export const outOfOrder: PhaseRules<PhaseOf<'out-of-order'>> = {
  wants: 'nothing',
  onTouch: { 'without-face': lookUp },
};
