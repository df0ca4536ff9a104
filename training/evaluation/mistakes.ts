import type { Trials } from './trials.ts';

/** A comparison that went wrong by most: a genuine one with a low score, or an impostor one with a high score. */
export interface Mistake {
  readonly kind: 'genuine' | 'impostor';
  readonly score: number;
  readonly first: string;
  readonly second: string;
}

/** The worst `count` comparisons of each kind, worst first. Failed captures have no score and are not among them. */
export function worstMistakes(trials: Trials, count: number): Mistake[] {
  const { comparisons, firstPicture, secondPicture, pictures } = trials;
  const { scores, genuine, order } = comparisons;
  const of = (kind: Mistake['kind'], rows: Iterable<number>): Mistake[] => {
    const found: Mistake[] = [];
    for (const row of rows) {
      if (found.length === count) break;
      if ((genuine[row] === 1) !== (kind === 'genuine') || scores[row] === Number.NEGATIVE_INFINITY) continue;
      const [first, second] = [pictures[firstPicture[row]!]!, pictures[secondPicture[row]!]!];
      found.push({ kind, score: scores[row]!, first, second });
    }
    return found;
  };
  return [...of('impostor', order), ...of('genuine', order.slice().reverse())];
}
