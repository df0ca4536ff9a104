import type { Calibrated } from '@rounz/core/match/impostors.ts';
import { mulberry32, normalFrom } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { calibrationRows } from '../calibration/thresholds.ts';
import { operatingPoints } from './operating-points.ts';

describe('operatingPoints', () => {
  it('finds the target again where strangers score as those that it was calibrated on', () => {
    const random = mulberry32(12);
    // Sums of three uniform values, shrunk into a cosine's range: strangers of a made-up recogniser.
    const score = () => (random() + random() + random()) / 4;
    const calibration = calibrationRows(Float64Array.from({ length: 200_000 }, score));
    const gallerySize = 100;
    const searches = Array.from({ length: 4000 }, (_, person) => ({
      mate: 0.8,
      bestOther: Math.max(...Array.from({ length: gallerySize }, score)),
      person,
      picture: person,
    }));
    const points = operatingPoints(searches, { gallerySize }, { calibration });
    expect(points.map(({ targetFpir }) => targetFpir)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1]);
    for (const { targetFpir, fpir } of points.filter((point) => point.targetFpir >= 0.03)) {
      // Three standard deviations of a share of 4,000, and a tenth for the calibration's own sample.
      const slack = 3 * Math.sqrt((targetFpir * (1 - targetFpir)) / 4000) + 0.1 * targetFpir;
      expect(Math.abs(fpir - targetFpir)).toBeLessThan(slack);
    }
  });

  it('follows a gallery whose people are more alike than those it was calibrated on', () => {
    const random = mulberry32(13);
    const normal = () => normalFrom(random);
    const score = () => Math.tanh(0.08 * normal());
    const alike = () => Math.tanh(0.06 + 0.1 * normal());
    const calibration = calibrationRows(Float64Array.from({ length: 400_000 }, score));
    const spread = { mean: 0, deviation: 0.08 };
    const gallery = { gallerySize: 50, impostorScores: Float32Array.from({ length: 4_560 }, alike) };
    const searches = Array.from({ length: 4000 }, (_, person) => ({
      mate: 0.8,
      bestOther: Math.max(...Array.from({ length: gallery.gallerySize }, alike)),
      person,
      picture: person,
    }));
    const fpirOf = (model: Calibrated, targetFpir: number) =>
      operatingPoints(searches, gallery, model).find((point) => point.targetFpir === targetFpir)!.fpir;
    for (const target of [0.03, 0.1]) {
      expect(fpirOf({ calibration }, target)).toBeGreaterThan(4 * target);
      const followed = fpirOf({ calibration, impostors: { all: spread, lookalikes: spread } }, target);
      expect(followed).toBeGreaterThan(0.5 * target);
      expect(followed).toBeLessThan(1.5 * target);
    }
  });

  it('counts by hand at a known threshold', () => {
    const rows = [{ targetFpir: 0.1, gallerySize: 2, threshold: 0.5 }];
    const search = (mate: number, bestOther: number) => ({ mate, bestOther, person: 0, picture: 0 });
    const points = operatingPoints(
      [search(0.9, 0.1), search(0.4, 0.1), search(0.6, 0.7), search(0.9, 0.5)],
      { gallerySize: 2 },
      { calibration: rows },
    );
    expect(points).toEqual([{ targetFpir: 0.1, gallerySize: 2, threshold: 0.5, fpir: 0.5, fnir: 0.5 }]);
    expect(operatingPoints([], { gallerySize: 2 }, { calibration: rows })).toEqual([]);
    expect(operatingPoints([search(1, 0)], { gallerySize: 2 }, { calibration: [] })).toEqual([]);
  });
});
