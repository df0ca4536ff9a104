import type { Comparisons } from './comparisons.ts';

/** Counts of scores in bars of equal width from `from` to `to`; the last bar holds its upper end too. */
export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly genuine: readonly number[];
  readonly impostor: readonly number[];
  /** comparisons with a failed capture, which have no score to show */
  readonly failedGenuine: number;
  readonly failedImpostor: number;
}

/** How the scores of genuine and of impostor comparisons lie, between the lowest and the highest of them. */
export function scoreHistogram({ scores, genuine }: Comparisons, bars: number): Histogram {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const score of scores) {
    if (score === Number.NEGATIVE_INFINITY) continue;
    from = Math.min(from, score);
    to = Math.max(to, score);
  }
  const counts = [new Array<number>(bars).fill(0), new Array<number>(bars).fill(0)] as const;
  const failed = [0, 0];
  scores.forEach((score, row) => {
    const kind = genuine[row] ? 0 : 1;
    if (score === Number.NEGATIVE_INFINITY) {
      failed[kind]!++;
      return;
    }
    const place = to > from ? Math.floor(((score - from) / (to - from)) * bars) : 0;
    counts[kind][Math.min(place, bars - 1)]!++;
  });
  const seen = from <= to;
  return {
    from: seen ? from : 0,
    to: seen ? to : 1,
    genuine: counts[0],
    impostor: counts[1],
    failedGenuine: failed[0]!,
    failedImpostor: failed[1]!,
  };
}
