import { MATCH } from './config.ts';
import type { Calibrated } from './impostors.ts';
import type { Candidate } from './template.ts';
import { type ThresholdGallery, thresholdFor } from './threshold.ts';

/**
 * The person as whom a face is already enrolled, or null, from the search for it. Asks for no lead over the next person: two
 * entries of one face are just what it looks for. The operator's strictness for greeting does not matter here: a wrong guess
 * only asks staff to compare two people, and two bare pictures of one person score far above any stranger.
 */
export function duplicateOf(
  { best, ...searched }: ThresholdGallery & { readonly best: Candidate | null },
  model: Calibrated,
): Candidate | null {
  const threshold = thresholdFor(model, searched, MATCH.duplicateFpir);
  return best && threshold !== undefined && best.score >= threshold ? best : null;
}
