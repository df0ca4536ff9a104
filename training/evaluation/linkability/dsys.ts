import { compare, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { scoreHistogram } from '@rounz/core/metrics/histogram.ts';
import { equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';

/** How well an attacker's score tells two templates of one person from those of two. */
export interface Linkability {
  /** 0: not linkable, 1: fully linkable */
  readonly dSys: number;
  /** equal error rate; 0.5 is chance */
  readonly eer: number;
  /** mated pairs linked at a false match rate of 0.1 % */
  readonly linked: number;
  readonly mated: number;
  readonly nonMated: number;
}

/** bars of the densities: with fewer pairs than some hundred a bar the measure finds links that are chance */
const BARS = 20;

/**
 * The global linkability D-sys of ISO/IEC 30136 with equal priors (Gomez-Barrero, Galbally, Rathgeb and Busch 2018, equations 3 to
 * 6): the local measure D(s) = 2 LR / (1 + LR) - 1 where the likelihood ratio LR of a score is above 1, else 0, averaged over mated
 * scores. The densities are histograms of equal bars.
 *
 * @param mated scores of pairs of one person, higher for more alike
 * @param nonMated scores of pairs of two people
 */
export function linkability(mated: ArrayLike<number>, nonMated: ArrayLike<number>): Linkability {
  const comparisons = compare(mated, nonMated);
  const { genuine, impostor } = scoreHistogram(comparisons, BARS);
  let dSys = 0;
  for (let bar = 0; bar < BARS; bar++) {
    const same = genuine[bar]! / mated.length;
    const different = impostor[bar]! / nonMated.length;
    if (same > different) dSys += same * ((2 * same) / (same + different) - 1);
  }
  const curve = rocCurve(rankComparisons(comparisons));
  return {
    dSys,
    eer: equalErrorRate(curve),
    linked: tarAtFmr(curve, 0.001).tar,
    mated: mated.length,
    nonMated: nonMated.length,
  };
}
