/**
 * How a look at somebody ended. Scores and ids are for counting alone: what is kept is how many looks of a week had which score,
 * of nobody in particular.
 */
export type Look =
  /** greeted, and not contradicted; `score`: cosine to the person's template */
  | { readonly kind: 'greeted'; readonly score: number }
  /** not recognised; `near`: a laxer choice would have greeted them */
  | { readonly kind: 'unknown'; readonly near: boolean }
  /** two people were too much alike to choose */
  | { readonly kind: 'alike' }
  /** greeted by a name, and said that it was not theirs */
  | { readonly kind: 'not-me' }
  /**
   * an enrolled customer who was not recognised, and then opened their page by telephone and PIN; `score`: cosine to their own
   * template, null where somebody else's was higher
   */
  | { readonly kind: 'missed'; readonly score: number | null };

/** Looks of a week, by how they ended. */
export interface WeekCounts {
  /** its Monday, by this kiosk's calendar: 2026-11-23 */
  readonly week: string;
  readonly greeted: number;
  /** not recognised, near misses among them */
  readonly unknown: number;
  readonly near: number;
  readonly alike: number;
  readonly notMe: number;
  /** of those not recognised: customers who were enrolled */
  readonly missed: number;
}

/** Counts decisions of the kiosk by week, without identities. */
export interface Tally {
  /** Never rejects: a count that cannot be written is lost, and nothing else is. */
  count(look: Look): Promise<void>;
}
