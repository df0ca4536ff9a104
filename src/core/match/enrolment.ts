import { MATCH } from './config.ts';
import { bestTwo, betweenPeople, type Candidate, type MatchGallery, type MatchTemplate } from './gallery.ts';
import type { Calibrated } from './impostors.ts';
import { type ThresholdGallery, thresholdFor } from './threshold.ts';

/**
 * The person as whom this face is already enrolled, or null. Asks for no lead over the next person: two entries of one
 * face are just what it looks for.
 */
export function alreadyEnrolledAs(
  probe: MatchTemplate,
  gallery: MatchGallery,
  model: Calibrated,
): Candidate | null {
  if (probe.modelHash !== gallery.modelHash) return null;
  const { best } = bestTwo(probe.embedding, gallery);
  return duplicateOf({ best, ...betweenPeople(gallery) }, model);
}

/**
 * `alreadyEnrolledAs` over a search that was made. As strict whatever the operator chose for greeting: a wrong guess asks staff
 * about two people's likeness, and two bare pictures of one person score far above any stranger.
 */
export function duplicateOf(
  { best, ...searched }: ThresholdGallery & { readonly best: Candidate | null },
  model: Calibrated,
): Candidate | null {
  const threshold = thresholdFor(model, searched, MATCH.duplicateFpir);
  return best && threshold !== undefined && best.score >= threshold ? best : null;
}
