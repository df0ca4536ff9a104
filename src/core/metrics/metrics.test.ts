import { describe, expect, it } from 'vitest';
import { challengeF1 } from '../../../test/reference/challenge-f1.ts';
import { mulberry32, normalFrom } from '../math/random.ts';
import { bootstrapOverPeople, pairWeight } from './bootstrap.ts';
import { compare, rankComparisons } from './comparisons.ts';
import { balancedF1, bestF1Threshold, challengeLabel } from './f1.ts';
import { fnirAtFpir, identificationAt, rankOneRate, type Search } from './identification.ts';
import { detPoints, equalErrorRate, ratesAt, rocCurve, tarAtFmr } from './roc.ts';

const FAILED = Number.NEGATIVE_INFINITY;

/** Scores on a coarse grid, so that many are equal, and some failed captures. */
function randomScores(seed: number): { genuine: number[]; impostor: number[] } {
  const random = mulberry32(seed);
  const draw = (mean: number) =>
    random() < 0.05 ? FAILED : Math.round((mean + random() + random()) * 20) / 20;
  return {
    genuine: Array.from({ length: 80 }, () => draw(0.6)),
    impostor: Array.from({ length: 300 }, () => draw(0)),
  };
}

const curveOf = ({ genuine, impostor }: { genuine: number[]; impostor: number[] }) =>
  rocCurve(rankComparisons(compare(genuine, impostor)));

const shareAccepted = (scores: number[], threshold: number) =>
  scores.filter((score) => score > FAILED && score >= threshold).length / scores.length;

/** Every threshold that can matter, most lenient first. */
const thresholdsOf = ({ genuine, impostor }: { genuine: number[]; impostor: number[] }) =>
  [...new Set([...genuine, ...impostor, Number.POSITIVE_INFINITY])]
    .filter((score) => score > FAILED)
    .sort((a, b) => a - b);

describe('rocCurve', () => {
  it('counts what a matcher would accept at each threshold, equal scores together', () => {
    const scores = randomScores(1);
    const curve = curveOf(scores);
    expect([...curve.thresholds].reverse()).toEqual(thresholdsOf(scores));
    for (const [i, threshold] of curve.thresholds.entries()) {
      expect(curve.fmr[i]).toBeCloseTo(shareAccepted(scores.impostor, threshold), 12);
      expect(curve.tar[i]).toBeCloseTo(shareAccepted(scores.genuine, threshold), 12);
    }
  });

  it('gives a weighted comparison as much say as that many copies of it', () => {
    const { genuine, impostor } = randomScores(2);
    const weights = [...genuine, ...impostor].map((_, row) => row % 3);
    const copies = (list: number[], offset: number) =>
      list.flatMap((score, row) => Array.from({ length: weights[row + offset]! }, () => score));
    const weighted = rocCurve(rankComparisons(compare(genuine, impostor)), weights);
    const copied = curveOf({ genuine: copies(genuine, 0), impostor: copies(impostor, genuine.length) });
    for (const target of [0, 0.01, 0.1, 0.5])
      expect(tarAtFmr(weighted, target).tar).toBeCloseTo(tarAtFmr(copied, target).tar, 12);
    expect(equalErrorRate(weighted)).toBeCloseTo(equalErrorRate(copied), 12);
  });

  it('refuses scores that it cannot rank', () => {
    expect(() => curveOf({ genuine: [Number.NaN], impostor: [0] })).toThrow(/not a number/);
    expect(() => curveOf({ genuine: [1], impostor: [] })).toThrow(RangeError);
  });
});

describe('tarAtFmr', () => {
  it.each([3, 4, 5])('finds the best TAR of all thresholds that hold the target (seed %i)', (seed) => {
    const scores = randomScores(seed);
    for (const target of [0, 0.001, 0.01, 0.1, 1]) {
      const held = thresholdsOf(scores).filter((t) => shareAccepted(scores.impostor, t) <= target);
      const best = Math.max(...held.map((t) => shareAccepted(scores.genuine, t)));
      const point = tarAtFmr(curveOf(scores), target);
      expect(point.tar).toBeCloseTo(best, 12);
      expect(point.fmr).toBeLessThanOrEqual(target);
    }
  });

  it('does not accept through a tie: both of two equal impostors or neither', () => {
    const curve = curveOf({ genuine: [3, 2, 1], impostor: [2, 2, 0, 0] });
    expect(tarAtFmr(curve, 0.25)).toMatchObject({ threshold: 3, tar: 1 / 3, fmr: 0 });
    expect(tarAtFmr(curve, 0.5)).toMatchObject({ threshold: 1, tar: 1, fmr: 0.5 });
  });

  it('never accepts a failed capture', () => {
    const curve = curveOf({ genuine: [1, FAILED], impostor: [0, FAILED] });
    expect(tarAtFmr(curve, 1)).toMatchObject({ tar: 0.5, fmr: 0.5 });
  });
});

describe('equalErrorRate', () => {
  it('is 0 for parted scores and 1/2 for scores that say nothing', () => {
    expect(equalErrorRate(curveOf({ genuine: [2, 3], impostor: [0, 1] }))).toBe(0);
    expect(equalErrorRate(curveOf({ genuine: [0, 1], impostor: [0, 1] }))).toBe(0.5);
  });

  it('approaches the known rate of two normal distributions', () => {
    const random = mulberry32(7);
    const normal = () => normalFrom(random);
    const scores = {
      genuine: Array.from({ length: 20000 }, () => normal() + 2),
      impostor: Array.from({ length: 20000 }, normal),
    };
    // both rates are the normal distribution's tail beyond half the distance of the means: Q(1) = 0.15866
    expect(equalErrorRate(curveOf(scores))).toBeCloseTo(0.15866, 2);
  });

  it('counts failed captures on either side', () => {
    expect(
      equalErrorRate(curveOf({ genuine: [1, 1, FAILED, FAILED], impostor: [0, 0, FAILED, FAILED] })),
    ).toBe(0.5);
  });
});

describe('F1', () => {
  it('equals the challenge’s F1 on as many genuine as impostor pairs', () => {
    const { genuine, impostor } = randomScores(8);
    const equal = { genuine, impostor: impostor.slice(0, genuine.length) };
    const truth = [...equal.genuine.map(() => 0 as const), ...equal.impostor.map(() => 1 as const)];
    for (const threshold of [0.4, 0.8, 1.1]) {
      const answers = [...equal.genuine, ...equal.impostor].map((score) => challengeLabel(score, threshold));
      expect(balancedF1(ratesAt(curveOf(equal), threshold))).toBeCloseTo(challengeF1(answers, truth), 12);
    }
  });

  it('finds the best threshold of all', () => {
    const scores = randomScores(9);
    const tried = thresholdsOf(scores).map((t) =>
      balancedF1({ fmr: shareAccepted(scores.impostor, t), tar: shareAccepted(scores.genuine, t) }),
    );
    const best = bestF1Threshold(curveOf(scores));
    expect(best.f1).toBeCloseTo(Math.max(...tried), 12);
    expect(balancedF1(ratesAt(curveOf(scores), best.threshold))).toBeCloseTo(best.f1, 12);
  });

  it('takes label 0, the same person, as positive', () => {
    expect(challengeF1([0, 0, 1, 1], [0, 1, 0, 1])).toBe(0.5);
    expect(challengeF1([1, 1, 1], [1, 1, 1])).toBe(0);
    expect(() => challengeF1([0], [])).toThrow(RangeError);
  });
});

describe('identification', () => {
  const searches: Search[] = [
    { mate: 0.9, bestOther: 0.3 },
    { mate: 0.5, bestOther: 0.6 },
    { mate: 0.4, bestOther: 0.2 },
    { mate: FAILED, bestOther: FAILED },
  ];

  it('counts rank 1 with ties and failures as misses', () => {
    expect(rankOneRate(searches)).toBe(0.5);
    expect(rankOneRate([{ mate: 1, bestOther: 1 }])).toBe(0);
  });

  it('counts both open-set errors at a threshold', () => {
    expect(identificationAt(searches, 0.5)).toEqual({ threshold: 0.5, fpir: 0.25, fnir: 0.75 });
    expect(identificationAt(searches, FAILED)).toMatchObject({ fpir: 0.75, fnir: 0.5 });
  });

  it('finds the most lenient threshold that holds the target', () => {
    expect(fnirAtFpir(searches, 0.25)).toEqual({ threshold: 0.4, fpir: 0.25, fnir: 0.5 });
    expect(fnirAtFpir(searches, 0)).toEqual({ threshold: 0.9, fpir: 0, fnir: 0.75 });
  });
});

describe('bootstrapOverPeople', () => {
  it('repeats itself for a seed and covers the mean about as often as it says', () => {
    const random = mulberry32(11);
    let covered = 0;
    for (let trial = 0; trial < 100; trial++) {
      const values = Array.from({ length: 60 }, random);
      const mean = (drawn: Uint32Array) => ({
        mean: values.reduce((sum, value, person) => sum + value * drawn[person]!, 0) / values.length,
      });
      const config = { resamples: 200, level: 0.9, seed: trial };
      const { low, high } = bootstrapOverPeople(values.length, mean, config).mean;
      expect(bootstrapOverPeople(values.length, mean, config).mean).toEqual({ low, high });
      covered += Number(low <= 0.5 && 0.5 <= high);
    }
    // binomial with p = 0.9 (a little less for 60 people): 4 standard deviations are 12
    expect(covered).toBeGreaterThan(78);
    expect(covered).toBeLessThan(99);
  });

  it('weights comparisons by the people drawn', () => {
    const drawn = Uint32Array.of(2, 0, 3);
    expect([pairWeight(drawn, 0, 0), pairWeight(drawn, 0, 2), pairWeight(drawn, 0, 1)]).toEqual([2, 6, 0]);
  });
});

describe('detPoints', () => {
  it('walks from strict to lenient and agrees with the rates at its thresholds', () => {
    const curve = curveOf(randomScores(12));
    const points = detPoints(curve, 20, 0.001);
    expect(points.length).toBeGreaterThan(5);
    for (const [i, { threshold, fmr, fnmr }] of points.entries()) {
      expect(ratesAt(curve, threshold).fmr).toBe(fmr);
      expect(ratesAt(curve, threshold).tar).toBeCloseTo(1 - fnmr, 12);
      if (i > 0) expect(threshold).toBeLessThan(points[i - 1]!.threshold);
    }
  });
});
