import { MATCH } from './config.ts';
import type { Calibrated } from './impostors.ts';
import { fisher } from './score.ts';
import type { Candidate } from './template.ts';
import { type ThresholdGallery, thresholdFor } from './threshold.ts';

/** Why a probe was not identified. */
export type UnknownCause =
  /** no person in the gallery has a template of this model */
  | 'nobody-enrolled'
  /** the model has no calibrated thresholds */
  | 'not-calibrated'
  | 'below-threshold'
  /** the lead over the second person is too small */
  | 'ambiguous';

/**
 * What a single frame may do. `certain`: decide alone. `clear`: be the first of two that agree. `plain`: the probe is above the
 * threshold, and a single frame needs others beside it.
 */
export type Certainty = 'certain' | 'clear' | 'plain';

export type Decision =
  | {
      readonly kind: 'known';
      readonly personId: string;
      /** cosine, threshold..1 */
      readonly score: number;
      /** lead over the next person on Fisher's scale; infinite where there is none */
      readonly margin: number;
      readonly threshold: number;
      readonly certainty: Certainty;
    }
  | {
      readonly kind: 'unknown';
      readonly cause: UnknownCause;
      /** the person with the highest score: for logs and tests, never shown on a screen */
      readonly nearest: (Candidate & { readonly margin: number }) | null;
      readonly threshold: number | null;
    };

export interface DecideOptions {
  /** accepted share of strangers who are greeted by a name, between 0 and 1 */
  readonly targetFpir: number;
  /** least lead over the next person on Fisher's scale; by default `MATCH.minLead` */
  readonly minLead?: number;
}

/** The two best people of a search, and the gallery that was searched. */
export interface SearchResult extends ThresholdGallery {
  readonly best: Candidate | null;
  readonly next: Candidate | null;
}

/**
 * Open-set identification (ISO/IEC 19795-1): the best person, if their score reaches the threshold for the target FPIR at
 * this gallery's size and leads the next person's; otherwise nobody.
 */
export function judge(
  { best, next, ...searched }: SearchResult,
  model: Calibrated,
  { targetFpir, minLead = MATCH.minLead }: DecideOptions,
): Decision {
  if (!best) return { kind: 'unknown', cause: 'nobody-enrolled', nearest: null, threshold: null };
  const margin = next ? fisher(best.score) - fisher(next.score) : Number.POSITIVE_INFINITY;
  const threshold = thresholdFor(model, searched, targetFpir) ?? null;
  const unknown = (cause: UnknownCause): Decision => ({
    kind: 'unknown',
    cause,
    nearest: { ...best, margin },
    threshold,
  });
  if (threshold === null) return unknown('not-calibrated');
  if (!(best.score >= threshold)) return unknown('below-threshold');
  if (!(margin >= minLead)) return unknown('ambiguous');
  const thresholdAt = (share: number) => thresholdFor(model, searched, targetFpir * share)!;
  return {
    kind: 'known',
    ...best,
    margin,
    threshold,
    certainty: certaintyOf(best.score, margin, thresholdAt),
  };
}

/** @param thresholdAt the threshold for a share of the target FPIR */
function certaintyOf(score: number, margin: number, thresholdAt: (share: number) => number): Certainty {
  const { certain, clear } = MATCH.single;
  if (score >= thresholdAt(certain.fpirShare) && margin >= certain.minLead) return 'certain';
  return score >= thresholdAt(clear.fpirShare) ? 'clear' : 'plain';
}
