import type { PhaseKind, PhaseOf, PhaseRules } from '../model/moment.ts';
import type { SessionPhase } from '../model/types.ts';
import { attract } from './attract.ts';
import { confirm } from './confirm.ts';
import { consent } from './consent.ts';
import { greeted } from './greeted.ts';
import { leaving } from './leaving.ts';
import { looking } from './looking.ts';
import { lookup } from './lookup.ts';
import { outOfOrder } from './out-of-order.ts';
import { page } from './page.ts';
import { starting } from './starting.ts';
import { suspended } from './suspended.ts';
import { unknown } from './unknown.ts';

/** Every phase of the session; a new one is a module here and a kind of `SessionPhase`. */
const PHASES: { readonly [Kind in PhaseKind]: PhaseRules<PhaseOf<Kind>> } = {
  starting,
  attract,
  consent,
  looking,
  deciding: looking,
  greeted,
  page,
  confirm,
  unknown,
  lookup,
  leaving,
  suspended,
  'out-of-order': outOfOrder,
};

/** The rules of the phase that the session is in. The cast holds because the table's key is the phase's own kind. */
export const rulesOf = (phase: SessionPhase): PhaseRules<SessionPhase> =>
  PHASES[phase.kind] as PhaseRules<SessionPhase>;
