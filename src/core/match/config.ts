/** How probes and people are compared. Scores are cosines of unit vectors, -1..1. */
export interface MatchConfig {
  /** most frames fused into one probe, the best first; 1.. */
  readonly maxFrames: number;
  /** how far the best person must lead the next one on Fisher's scale (`fisher` in score.ts), > 0; between 0 and 0.5 it is
   * nearly the difference of the cosines */
  readonly minLead: number;
  /** accepted share of strangers who are greeted by somebody's name, where the operator has not chosen; 0..1 */
  readonly targetFpir: number;
  /** least cosine between any two of the frames that enrol one person; -1..1 */
  readonly minAgreement: number;
}

/**
 * `minLead` and `minAgreement` are chosen, not yet measured. The lead is taken on Fisher's scale so that it means the same to
 * a model whose scores all lie near 1. `minAgreement` supposes a model to which strangers score about 0.
 */
export const MATCH: MatchConfig = {
  maxFrames: 6,
  minLead: 0.03,
  targetFpir: 0.01,
  minAgreement: 0.35,
};
