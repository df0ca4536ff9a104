import { normSpread } from '../../loss/norm-spread.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

/** Logged even with weight 0: it shows a network that has collapsed into one picture. */
export class SpreadTerm implements LossTerm {
  private readonly weight: number;

  constructor(weight: number) {
    this.weight = weight;
  }

  variables() {
    return NO_VARIABLES;
  }

  losses({ embeddings }: TermContext): TermValue[] {
    return [{ name: 'spread', value: normSpread(embeddings), weight: this.weight }];
  }
}
