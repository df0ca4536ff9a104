import { mulberry32 } from '@rounz/core/math/random.ts';
import { type ChallengeLabel, challengeLabel } from '@rounz/core/metrics/f1.ts';
import { describe, expect, it } from 'vitest';
import { challengeF1 } from '../../test/reference/challenge-f1.ts';
import { challengeFigures, medianThreshold, type ScoredPair, thresholdOf } from './challenge.ts';

/** Half of the pairs genuine, scores that overlap, some equal, some failed. */
function pairsOf(count: number, seed: number): ScoredPair[] {
  const random = mulberry32(seed);
  return Array.from({ length: count }, (_, i): ScoredPair => {
    const label: ChallengeLabel = i % 2 ? 1 : 0;
    const [a, b] = [`p${Math.floor(random() * 12)}`, `q${Math.floor(random() * 12)}`];
    const score = Math.round(((label === 0 ? 0.3 : 0) + random()) * 50) / 50;
    return {
      score: random() < 0.02 ? Number.NEGATIVE_INFINITY : score,
      label,
      people: label === 0 ? [a, a] : [a, b],
      condition: `S00${2 + (i % 5)}`,
    };
  });
}

/** The challenge's own way: answers, then F1 of label 0. */
const f1ByHand = (pairs: readonly ScoredPair[], threshold: number): number =>
  challengeF1(
    pairs.map(({ score }) => (Number.isFinite(score) ? challengeLabel(score, threshold) : 1)),
    pairs.map(({ label }) => label),
  );

describe('challengeFigures', () => {
  const validation = pairsOf(300, 1);
  const test = pairsOf(500, 2);
  const figures = challengeFigures(validation, test, 50);

  it('fixes the threshold on validation: no other does better there', () => {
    const scores = validation.map(({ score }) => score).filter(Number.isFinite);
    const best = Math.max(...scores.map((score) => f1ByHand(validation, score)));
    expect(figures.validationF1).toBeCloseTo(best, 12);
    expect(f1ByHand(validation, figures.threshold)).toBeCloseTo(best, 12);
  });

  it('reports F1 of the answers that it would give', () => {
    expect(figures.f1).toBeCloseTo(f1ByHand(test, figures.threshold), 12);
    expect(figures.f1Interval!.low).toBeLessThan(figures.f1);
    expect(figures.f1Interval!.high).toBeGreaterThan(figures.f1);
  });

  it('counts errors by condition, which add up to all', () => {
    const { conditions } = figures;
    expect(Object.keys(conditions)).toEqual(['S002', 'S003', 'S004', 'S005', 'S006']);
    expect(Object.values(conditions).reduce((sum, { pairs }) => sum + pairs, 0)).toBe(500);
    const part = test.filter(({ condition }) => condition === 'S004');
    expect(conditions['S004']!.f1).toBeCloseTo(f1ByHand(part, figures.threshold), 12);
    const genuine = part.filter(({ label }) => label === 0);
    const missed = genuine.filter(({ score }) => score < figures.threshold).length;
    expect(conditions['S004']!.fnmr).toBeCloseTo(missed / genuine.length, 12);
  });

  it('gives the median rule beside it', () => {
    const threshold = medianThreshold(test.map(({ score }) => score));
    expect(figures.f1Median).toBeCloseTo(f1ByHand(test, threshold), 12);
  });
});

describe('medianThreshold', () => {
  it('accepts half of distinct scores', () => {
    const random = mulberry32(3);
    for (const count of [10, 11]) {
      const scores = Array.from({ length: count }, random);
      const accepted = scores.filter((score) => score >= medianThreshold(scores)).length;
      expect(accepted).toBe(Math.ceil(count / 2));
    }
  });
});

describe('thresholdOf', () => {
  it('parts what can be parted and weighs unequal shares as they are', () => {
    const pair = (score: number, label: ChallengeLabel): ScoredPair => ({
      score,
      label,
      people: ['a', label === 0 ? 'a' : 'b'],
      condition: '',
    });
    expect(thresholdOf([pair(1, 0), pair(0, 1)])).toEqual({ threshold: 0.5, f1: 1 });
    // One genuine among nine impostors: accepting the one impostor above costs a third, not a twentieth.
    const few = [pair(0.9, 1), pair(0.8, 0), ...Array.from({ length: 8 }, () => pair(0, 1))];
    expect(thresholdOf(few).f1).toBeCloseTo(2 / 3, 12);
  });
});
