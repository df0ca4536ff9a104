import { thresholdFor } from '@rounz/core/match/threshold.ts';
import { identificationAt } from '@rounz/core/metrics/identification.ts';
import type { CalibrationRow } from '@rounz/core/model/manifest.ts';
import type { PersonSearch } from './trials.ts';

/** What became of a promise of the manifest: the error rates at the threshold that it gives for a target. */
export interface OperatingPoint {
  readonly targetFpir: number;
  readonly gallerySize: number;
  readonly threshold: number;
  /** observed */
  readonly fpir: number;
  readonly fnir: number;
}

/**
 * The manifest's thresholds, made on other people, tried on these searches: FPIR should come out near its target. Nothing
 * where the model carries no calibration or no gallery was searched.
 */
export function operatingPoints(
  searches: readonly PersonSearch[],
  gallerySize: number,
  calibration: readonly CalibrationRow[],
): OperatingPoint[] {
  if (searches.length === 0) return [];
  const targets = [...new Set(calibration.map(({ targetFpir }) => targetFpir))].sort((a, b) => a - b);
  return targets.map((targetFpir) => {
    const threshold = thresholdFor(calibration, gallerySize, targetFpir)!;
    const { fpir, fnir } = identificationAt(searches, threshold);
    return { targetFpir, gallerySize, threshold, fpir, fnir };
  });
}
