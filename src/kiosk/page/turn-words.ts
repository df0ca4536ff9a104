import type { TurnView } from '../../state/session/model/types.ts';

/** The text key of what the visitor is to do now with their head. */
export type TurnWords = 'turn.steady' | 'turn.left' | 'turn.right' | 'turn.back';

export const turnWords = (view: TurnView): TurnWords =>
  view.kind === 'turn' ? `turn.${view.side}` : `turn.${view.kind}`;
