/** How probes and people are compared. Scores are cosines of unit vectors, -1..1. */
export interface MatchConfig {
  /** most frames fused into one probe, the best first; 1.. */
  readonly maxFrames: number;
  /** how far the best person must lead the next one on Fisher's scale (`fisher` in score.ts), > 0; between 0 and 0.5 it is
   * nearly the difference of the cosines */
  readonly minLead: number;
  /** when a single frame is enough; see `Certainty` */
  readonly single: {
    /** `certain`: score above the threshold for this share of the target FPIR, 0..1, and this lead on Fisher's scale */
    readonly certain: { readonly fpirShare: number; readonly minLead: number };
    /** `clear`: score above the threshold for this share of the target FPIR, 0..1 */
    readonly clear: { readonly fpirShare: number };
  };
  /** accepted share of strangers who are greeted by somebody's name, where the operator has not chosen; 0..1 */
  readonly targetFpir: number;
  /** least cosine between any two of the frames that enrol one person; -1..1 */
  readonly minAgreement: number;
  /** accepted share of new faces that are taken for somebody who is enrolled, at enrolment; 0..1 */
  readonly duplicateFpir: number;
  /** how thresholds follow the scores within the kiosk's gallery (docs/decisions/013-own-gallery.md) */
  readonly adaptation: {
    /** most people who are compared with each other, 2..; n of them are n (n - 1) / 2 pairs */
    readonly people: number;
    /** weight of the manifest's impostor statistics, in pairs, > 0 */
    readonly priorPairs: number;
  };
}

/**
 * `single`: with these shares as many strangers are greeted as where two frames had to agree (single-frame.test.ts); the
 * shares are taken on the model's own calibrated scores. `minLead`, `minAgreement`, `duplicateFpir` and `adaptation` are chosen,
 * not measured; docs/decisions/013-own-gallery.md gives the effect of the last two. The lead is taken on Fisher's scale so that it
 * means the same for a model whose scores all lie near 1. `minAgreement` supposes a model by which strangers score about 0.
 */
export const MATCH: MatchConfig = {
  maxFrames: 6,
  minLead: 0.03,
  single: { certain: { fpirShare: 0.1, minLead: 0.1 }, clear: { fpirShare: 0.3 } },
  targetFpir: 0.01,
  minAgreement: 0.35,
  duplicateFpir: 0.001,
  adaptation: { people: 96, priorPairs: 100 },
};
