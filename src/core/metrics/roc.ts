import type { RankedComparisons } from './comparisons.ts';

/**
 * The operating points of a matcher that accepts a comparison where `score >= threshold`, in descending order of threshold
 * and so in ascending order of both rates; the first accepts nothing. Equal scores are one point: no threshold can part
 * them.
 */
export interface RocCurve {
  readonly thresholds: Float64Array;
  /** false match rate, 0..1 */
  readonly fmr: Float64Array;
  /** true accept rate = 1 - false non-match rate, 0..1 */
  readonly tar: Float64Array;
}

export interface OperatingPoint {
  readonly threshold: number;
  /** 0..1 */
  readonly fmr: number;
  /** 0..1 */
  readonly tar: number;
}

/** @param weights how often each comparison counts, in the order of the scores; once each where absent, no point for 0 */
export function rocCurve(comparisons: RankedComparisons, weights?: ArrayLike<number>): RocCurve {
  const { scores, genuine, order } = comparisons;
  const weightOf = (row: number) => (weights ? weights[row]! : 1);
  const totals = totalWeights(comparisons, weightOf);
  const thresholds = new Float64Array(order.length + 1);
  const fmr = new Float64Array(order.length + 1);
  const tar = new Float64Array(order.length + 1);
  thresholds[0] = Number.POSITIVE_INFINITY;
  let points = 1;
  let acceptedGenuine = 0;
  let acceptedImpostor = 0;
  for (let place = 0; place < order.length; place++) {
    const row = order[place]!;
    const score = scores[row]!;
    if (score === Number.NEGATIVE_INFINITY) break;
    const weight = weightOf(row);
    if (weight === 0) continue;
    if (genuine[row]) acceptedGenuine += weight;
    else acceptedImpostor += weight;
    if (thresholds[points - 1] !== score) points++;
    thresholds[points - 1] = score;
    fmr[points - 1] = acceptedImpostor / totals.impostor;
    tar[points - 1] = acceptedGenuine / totals.genuine;
  }
  return {
    thresholds: thresholds.subarray(0, points),
    fmr: fmr.subarray(0, points),
    tar: tar.subarray(0, points),
  };
}

function totalWeights({ genuine }: RankedComparisons, weightOf: (row: number) => number) {
  const totals = { genuine: 0, impostor: 0 };
  for (let row = 0; row < genuine.length; row++)
    totals[genuine[row] ? 'genuine' : 'impostor'] += weightOf(row);
  return totals;
}

const pointAt = ({ thresholds, fmr, tar }: RocCurve, index: number): OperatingPoint => ({
  threshold: thresholds[index]!,
  fmr: fmr[index]!,
  tar: tar[index]!,
});

/** Index of the last point for which `passes` holds, where it holds for a beginning of the curve that is not empty. */
function lastPoint(curve: RocCurve, passes: (index: number) => boolean): number {
  let low = 0;
  let high = curve.thresholds.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (passes(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The rates of a fixed threshold. */
export function ratesAt(curve: RocCurve, threshold: number): OperatingPoint {
  const index = lastPoint(curve, (i) => curve.thresholds[i]! >= threshold);
  return { ...pointAt(curve, index), threshold };
}

/**
 * The best point whose false match rate is at most `target`. Conservative: no interpolation, and where too few impostors
 * were compared for the target, none of them is accepted.
 */
export function tarAtFmr(curve: RocCurve, target: number): OperatingPoint {
  return pointAt(
    curve,
    lastPoint(curve, (i) => curve.fmr[i]! <= target),
  );
}

/**
 * Equal error rate: FMR = FNMR, linear between the two points around the crossing. Where failures to acquire keep the rates
 * from crossing, the mean of both at the most lenient threshold.
 */
export function equalErrorRate({ fmr, tar }: RocCurve): number {
  const crossing = fmr.findIndex((rate, i) => rate >= 1 - tar[i]!);
  if (crossing < 0) return (fmr.at(-1)! + 1 - tar.at(-1)!) / 2;
  const gapAfter = fmr[crossing]! - (1 - tar[crossing]!);
  if (crossing === 0 || gapAfter === 0) return fmr[crossing]!;
  const gapBefore = 1 - tar[crossing - 1]! - fmr[crossing - 1]!;
  const share = gapBefore / (gapBefore + gapAfter);
  return fmr[crossing - 1]! + share * (fmr[crossing]! - fmr[crossing - 1]!);
}

/**
 * At most `count` points of the curve for a DET plot, spread evenly over log10 FMR from `lowest` to 1: FMR and FNMR
 * (= 1 - TAR).
 */
export function detPoints(
  curve: RocCurve,
  count: number,
  lowest: number,
): { threshold: number; fmr: number; fnmr: number }[] {
  const targets = Array.from({ length: count }, (_, i) => lowest ** (1 - i / (count - 1)));
  const points = targets.map((target) => tarAtFmr(curve, target));
  return points
    .filter((point, i) => point.threshold !== points[i - 1]?.threshold)
    .map(({ threshold, fmr, tar }) => ({ threshold, fmr, fnmr: 1 - tar }));
}
