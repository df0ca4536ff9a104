import { BOOTSTRAP, bootstrapOverPeople, type Interval, pairWeight } from '@rounz/core/metrics/bootstrap.ts';
import { type RankedComparisons, rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import { bestF1Threshold, type ChallengeLabel, challengeLabel, f1OfRates } from '@rounz/core/metrics/f1.ts';
import { detPoints, equalErrorRate, ratesAt, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';

/** A pair of the 2020 challenge with its score; -Infinity where a face was not found. */
export interface ScoredPair {
  readonly score: number;
  /** 0: one person */
  readonly label: ChallengeLabel;
  /** who is on each picture */
  readonly people: readonly [string, string];
  /** what the second picture is like: the accessory (task 05) or the camera (task 03) */
  readonly condition: string;
}

/** One system on the challenge's pairs. */
export interface ChallengeFigures {
  readonly pairs: number;
  /** pairs of one person */
  readonly genuine: number;
  /** that the validation pairs chose */
  readonly threshold: number;
  readonly validationF1: number;
  /** at that threshold */
  readonly f1: number;
  readonly f1Interval: Interval | undefined;
  readonly fmr: number;
  readonly fnmr: number;
  /** the baseline's rule: the test pairs' own median score as the threshold */
  readonly f1Median: number;
  readonly tarAtFmr1e2: number;
  readonly tarAtFmr1e3: number;
  readonly eer: number;
  readonly det: ReturnType<typeof detPoints>;
  /** by the second picture's condition, at the same threshold */
  readonly conditions: Readonly<
    Record<
      string,
      { readonly pairs: number; readonly f1: number; readonly fmr: number; readonly fnmr: number }
    >
  >;
}

/** Points of the DET curve, and the lowest FMR that it shows. */
const DET = { count: 80, lowest: 1e-4 } as const;

const ranked = (pairs: readonly ScoredPair[]): RankedComparisons =>
  rankComparisons({
    scores: Float64Array.from(pairs, ({ score }) => score),
    genuine: Uint8Array.from(pairs, ({ label }) => (label === 0 ? 1 : 0)),
  });

const genuineShare = (pairs: readonly ScoredPair[]): number =>
  pairs.filter(({ label }) => label === 0).length / pairs.length;

/** The threshold with the highest F1 over these pairs, as many of them genuine as there are. */
export function thresholdOf(pairs: readonly ScoredPair[]): { threshold: number; f1: number } {
  return bestF1Threshold(rocCurve(ranked(pairs)), genuineShare(pairs));
}

/**
 * The median of all scores: half of the pairs are said to be genuine, and half of them are. Of an even number it is the
 * upper of the two in the middle, so that a pair at the threshold is within the accepted half.
 */
export function medianThreshold(scores: readonly number[]): number {
  const sorted = [...scores].sort((a, b) => b - a);
  return sorted[Math.ceil(sorted.length / 2) - 1]!;
}

/** F1, positive where one person, of the pairs at a threshold, each pair counted by its weight. */
function f1At(pairs: readonly ScoredPair[], threshold: number, weights?: ArrayLike<number>): number {
  let both = 0;
  let either = 0;
  for (const [row, { score, label }] of pairs.entries()) {
    const weight = weights ? weights[row]! : 1;
    const accepted = challengeLabel(score, threshold) === 0 && score > Number.NEGATIVE_INFINITY;
    both += weight * Number(accepted && label === 0);
    either += weight * (Number(accepted) + Number(label === 0));
  }
  return either === 0 ? 0 : (2 * both) / either;
}

function ratesOf(pairs: readonly ScoredPair[], threshold: number) {
  const of = (label: ChallengeLabel) => pairs.filter((pair) => pair.label === label);
  const accepted = (list: readonly ScoredPair[]) =>
    list.filter(({ score }) => score >= threshold && score > Number.NEGATIVE_INFINITY).length / list.length;
  return { fmr: accepted(of(1)), fnmr: 1 - accepted(of(0)) };
}

/** Percentile bootstrap over the people of the pairs; the threshold stays. */
function f1IntervalOf(
  pairs: readonly ScoredPair[],
  threshold: number,
  resamples: number,
): Interval | undefined {
  if (resamples === 0) return undefined;
  const place = new Map([...new Set(pairs.flatMap(({ people }) => people))].map((name, i) => [name, i]));
  const rows = pairs.map(({ people: [a, b] }) => [place.get(a)!, place.get(b)!] as const);
  const statistics = (drawn: Uint32Array) => ({
    f1: f1At(
      pairs,
      threshold,
      rows.map(([a, b]) => pairWeight(drawn, a, b)),
    ),
  });
  return bootstrapOverPeople(place.size, statistics, { ...BOOTSTRAP, resamples }).f1;
}

function conditionsOf(pairs: readonly ScoredPair[], threshold: number): ChallengeFigures['conditions'] {
  const names = [...new Set(pairs.map(({ condition }) => condition))].sort();
  return Object.fromEntries(
    names.map((name) => {
      const part = pairs.filter(({ condition }) => condition === name);
      return [name, { pairs: part.length, f1: f1At(part, threshold), ...ratesOf(part, threshold) }];
    }),
  );
}

/**
 * The challenge's figures: the threshold comes from the validation pairs alone, the value from the test pairs.
 *
 * @param resamples draws of the bootstrap over people; 0 for no interval
 */
export function challengeFigures(
  validation: readonly ScoredPair[],
  test: readonly ScoredPair[],
  resamples: number,
): ChallengeFigures {
  const { threshold, f1: validationF1 } = thresholdOf(validation);
  const curve = rocCurve(ranked(test));
  const { fmr, tar } = ratesAt(curve, threshold);
  return {
    pairs: test.length,
    genuine: test.filter(({ label }) => label === 0).length,
    threshold,
    validationF1,
    f1: f1OfRates({ fmr, tar }, genuineShare(test)),
    f1Interval: f1IntervalOf(test, threshold, resamples),
    fmr,
    fnmr: 1 - tar,
    f1Median: f1At(test, medianThreshold(test.map(({ score }) => score))),
    tarAtFmr1e2: tarAtFmr(curve, 0.01).tar,
    tarAtFmr1e3: tarAtFmr(curve, 0.001).tar,
    eer: equalErrorRate(curve),
    det: detPoints(curve, DET.count, DET.lowest),
    conditions: conditionsOf(test, threshold),
  };
}
