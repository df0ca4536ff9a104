import { normSpread } from '../../loss/norm-spread.ts';
import { type LossTerm, NO_VARIABLES, type TermContext, type TermValue } from './term.ts';

/** Watched even where it weighs nothing: it tells a network that has fallen into one picture. */
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
