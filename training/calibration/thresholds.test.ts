import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { calibrationRows, calibrationSets, fmrFor, spreadsOf, thresholdAt } from './thresholds.ts';

describe('calibration', () => {
  it('turns a false positive rate of a search into one of a comparison', () => {
    const [fpir, people] = [0.03, 250];
    expect(1 - (1 - fmrFor(fpir, people)) ** people).toBeCloseTo(fpir, 10);
    expect(fmrFor(0.1, 1)).toBeCloseTo(0.1, 12);
  });

  // Scores whose Fisher transforms are exponential have an exact quantile: tanh(0.05 * ln(1 / fmr)).
  const rng = createRng(8);
  const scores = Float64Array.from({ length: 200_000 }, () => Math.tanh(-0.05 * Math.log(1 - rng.next())));
  const sorted = scores.slice().sort().reverse();

  it.each([1e-2, 1e-3, 1e-5, 1e-7])(
    'finds the score that a share of %f exceeds, beyond what was seen too',
    (fmr) => {
      const exact = Math.tanh(0.05 * Math.log(1 / fmr));
      expect(Math.abs(thresholdAt(sorted, fmr) / exact - 1)).toBeLessThan(0.06);
    },
  );

  it('is stricter for larger galleries and for smaller targets', () => {
    const rows = calibrationRows(scores);
    const at = (targetFpir: number, gallerySize: number) =>
      rows.find((row) => row.targetFpir === targetFpir && row.gallerySize === gallerySize)!.threshold;
    expect(at(0.01, 1000)).toBeGreaterThan(at(0.01, 100));
    expect(at(0.01, 100)).toBeGreaterThan(at(0.1, 100));
  });

  it('refuses to calibrate on a handful of scores', () => {
    expect(() => calibrationRows([0.1, 0.2])).toThrow(/too few/);
  });

  it('tells how all strangers score, and those apart who look most alike', () => {
    const normal = () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
    // One in fifty pairs lies near, and scores higher.
    const pairs = Array.from({ length: 50_000 }, (_, i) => {
      const near = i % 50 === 0;
      return {
        score: Math.tanh(near ? 0.2 + 0.05 * normal() : 0.1 * normal()),
        apart: near ? rng.next() : 1 + rng.next(),
      };
    });
    const { all, lookalikes } = spreadsOf(pairs);
    expect(Math.abs(lookalikes.mean - 0.2)).toBeLessThan(0.005);
    expect(Math.abs(lookalikes.deviation - 0.05)).toBeLessThan(0.005);
    expect(Math.abs(all.mean - 0.2 / 50)).toBeLessThan(0.002);
    expect(Math.abs(all.deviation - 0.1)).toBeLessThan(0.005);
    expect(() => spreadsOf(pairs.slice(0, 10))).toThrow(/too few/);
  });

  it('leaves rendered people out where there are others', () => {
    expect(calibrationSets(['lfw', 'rendered', 'celeba', 'rendered-2'])).toEqual(['lfw', 'celeba']);
    expect(calibrationSets(['rendered'])).toEqual(['rendered']);
  });
});
