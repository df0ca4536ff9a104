import type { Way } from '@rounz/core/liveness/plan.ts';
import type { TurnView } from '../../state/session/model/types.ts';

/** The text key of what the visitor is to do now with their head. */
export type TurnWords = 'turn.steady' | `turn.${Way}` | 'turn.back';

export const turnWords = (view: TurnView): TurnWords =>
  view.kind === 'turn' ? `turn.${view.way}` : `turn.${view.kind}`;
