import type { OperatingPoint, RocCurve } from './roc.ts';

/**
 * F1 = 2 TP / (2 TP + FP + FN) of a matcher's rates where a share `genuineShare` (above 0, below 1) of the comparisons is
 * genuine.
 */
export const f1OfRates = (
  { fmr, tar }: Pick<OperatingPoint, 'fmr' | 'tar'>,
  genuineShare: number,
): number => {
  const odds = (1 - genuineShare) / genuineShare;
  return (2 * tar) / (tar + fmr * odds + 1);
};

/**
 * F1 over as many genuine as impostor comparisons, which is how the 2020 AI Online Challenge draws its pairs:
 * 2 TAR / (TAR + FMR + 1). Rates make it independent of how many impostors a protocol happens to compare.
 */
export const balancedF1 = (point: Pick<OperatingPoint, 'fmr' | 'tar'>): number => f1OfRates(point, 0.5);

/**
 * The threshold with the highest F1, the strictest one of equals; midway to the next lower score, so that it holds for
 * scores that were not seen too.
 *
 * @param genuineShare share of the comparisons that is genuine; half by default
 */
export function bestF1Threshold(
  { thresholds, fmr, tar }: RocCurve,
  genuineShare = 0.5,
): { threshold: number; f1: number } {
  const f1 = (i: number) => f1OfRates({ fmr: fmr[i]!, tar: tar[i]! }, genuineShare);
  let best = 0;
  for (let i = 1; i < thresholds.length; i++) if (f1(i) > f1(best)) best = i;
  const score = thresholds[best]!;
  const below = thresholds[best + 1] ?? score;
  const threshold = score === Number.POSITIVE_INFINITY ? score : (score + below) / 2;
  return { threshold, f1: f1(best) };
}

/** The challenge's label of a pair: 0 for one person, 1 for two. */
export type ChallengeLabel = 0 | 1;

/** The challenge's answer to a score at a threshold. */
export const challengeLabel = (score: number, threshold: number): ChallengeLabel =>
  score >= threshold ? 0 : 1;
