/** How probes and people are compared. Scores are cosines of unit vectors, -1..1. */
export interface MatchConfig {
  /** most frames fused into one probe, the best first; 1.. */
  readonly maxFrames: number;
  /** how far the best person must lead the next one; 0..2. Two people whom the model confuses lie this near together */
  readonly minLead: number;
  /** accepted share of strangers who are greeted by somebody's name, where the operator has not chosen; 0..1 */
  readonly targetFpir: number;
  /** least cosine between any two of the frames that enrol one person; -1..1 */
  readonly minAgreement: number;
}

/**
 * `minLead` and `minAgreement` are chosen, not yet measured: strangers score about 0, two frames of one person seconds apart
 * near 1, so 0.35 lies well between them, and a lead of 0.03 is more than two people who look alike to the model get.
 */
export const MATCH: MatchConfig = {
  maxFrames: 6,
  minLead: 0.03,
  targetFpir: 0.01,
  minAgreement: 0.35,
};
