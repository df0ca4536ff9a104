import type { CalibrationRow } from '../model/manifest.ts';
import { bestTwo, type Candidate, type MatchGallery, type MatchTemplate } from './gallery.ts';
import { thresholdFor } from './threshold.ts';

/**
 * The person as whom this face is already enrolled, or null. Asks for no lead over the next person: two entries of one
 * face are just what it looks for.
 */
export function alreadyEnrolledAs(
  probe: MatchTemplate,
  gallery: MatchGallery,
  calibration: readonly CalibrationRow[],
  targetFpir: number,
): Candidate | null {
  if (probe.modelHash !== gallery.modelHash) return null;
  const { best } = bestTwo(probe.embedding, gallery);
  const threshold = thresholdFor(calibration, gallery.ids.length, targetFpir);
  return best && threshold !== undefined && best.score >= threshold ? best : null;
}
