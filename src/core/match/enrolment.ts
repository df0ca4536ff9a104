import type { CalibrationRow } from '../model/manifest.ts';
import { bestTwo, type Candidate, type MatchGallery, type MatchTemplate } from './gallery.ts';
import { cosineScore } from './score.ts';
import { thresholdFor } from './threshold.ts';

export type Consistency =
  /** `lowest`: least cosine between any two frames; 1 for a single frame */
  | { readonly kind: 'consistent'; readonly lowest: number }
  /** `outlier`: index of the frame that agrees least with the others: take it again */
  | { readonly kind: 'inconsistent'; readonly lowest: number; readonly outlier: number };

/**
 * Whether frames taken to enrol one person show one person.
 *
 * @param embeddings unit length; one or more
 * @param minAgreement least cosine between any two, -1..1
 */
export function checkConsistency(embeddings: readonly Float32Array[], minAgreement: number): Consistency {
  if (embeddings.length === 0) throw new RangeError('There is no frame whose consistency could be checked.');
  const agreement = embeddings.map(() => 0);
  let lowest = 1;
  for (const [i, a] of embeddings.entries())
    for (const [j, b] of embeddings.entries()) {
      if (j <= i) continue;
      const score = cosineScore(a, b);
      lowest = Math.min(lowest, score);
      agreement[i]! += score;
      agreement[j]! += score;
    }
  if (lowest >= minAgreement) return { kind: 'consistent', lowest };
  return { kind: 'inconsistent', lowest, outlier: agreement.indexOf(Math.min(...agreement)) };
}

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
