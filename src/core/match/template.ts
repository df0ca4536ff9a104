/** What matching needs of a template. */
export interface MatchTemplate {
  /** unit length */
  readonly embedding: Float32Array;
  /** sha256 of the weights that made it */
  readonly modelHash: string;
}

/** A person whom a search found. */
export interface Candidate {
  readonly personId: string;
  /** cosine, -1..1 */
  readonly score: number;
}
