import type { Calibrated } from '@rounz/core/match/impostors.ts';
import { type ThresholdGallery, thresholdFor } from '@rounz/core/match/threshold.ts';
import { identificationAt } from '@rounz/core/metrics/identification.ts';
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
  gallery: ThresholdGallery,
  model: Calibrated,
): OperatingPoint[] {
  if (searches.length === 0) return [];
  const targets = [...new Set(model.calibration.map(({ targetFpir }) => targetFpir))].sort((a, b) => a - b);
  return targets.map((targetFpir) => {
    const threshold = thresholdFor(model, gallery, targetFpir)!;
    const { fpir, fnir } = identificationAt(searches, threshold);
    return { targetFpir, gallerySize: gallery.gallerySize, threshold, fpir, fnir };
  });
}
