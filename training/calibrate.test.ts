import { describe, expect, it } from 'vitest';
import { createRng } from './augment/rng.ts';
import { calibrationRows, calibrationSets, fmrFor, thresholdAt } from './calibrate.ts';

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

  it('leaves rendered people out where there are others', () => {
    expect(calibrationSets(['lfw', 'rendered', 'celeba', 'rendered-2'])).toEqual(['lfw', 'celeba']);
    expect(calibrationSets(['rendered'])).toEqual(['rendered']);
  });
});
