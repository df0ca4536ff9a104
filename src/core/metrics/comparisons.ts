/**
 * Comparisons of two pictures each, as parallel arrays. A score is higher for more alike and may be -Infinity where a
 * picture held no face that could be found: such a comparison is never accepted at any threshold, so that a failure to
 * acquire counts as a missed match (ISO/IEC 19795-1, generalised rates).
 */
export interface Comparisons {
  readonly scores: Float64Array;
  /** 1 where both pictures show one person, else 0 */
  readonly genuine: Uint8Array;
}

/** Comparisons with the position of their rows in descending order of score: sorted once, weighted often. */
export interface RankedComparisons extends Comparisons {
  readonly order: Uint32Array;
}

/** The scores of genuine and of impostor comparisons as one list, the genuine ones first. */
export function compare(genuine: ArrayLike<number>, impostor: ArrayLike<number>): Comparisons {
  const scores = new Float64Array(genuine.length + impostor.length);
  scores.set(genuine);
  scores.set(impostor, genuine.length);
  return { scores, genuine: new Uint8Array(scores.length).fill(1, 0, genuine.length) };
}

/** @throws RangeError where a score is NaN, both kinds are not there, or the lengths differ */
export function rankComparisons({ scores, genuine }: Comparisons): RankedComparisons {
  if (scores.length !== genuine.length)
    throw new RangeError(`${scores.length} scores came with ${genuine.length} labels; each needs one.`);
  const invalid = scores.findIndex(Number.isNaN);
  if (invalid >= 0)
    throw new RangeError(`Score ${invalid} is not a number; a failed capture has the score -Infinity.`);
  if (!genuine.includes(1) || !genuine.includes(0))
    throw new RangeError('Error rates need at least one genuine and one impostor comparison.');
  const order = Uint32Array.from(scores.keys()).sort((a, b) => {
    const first = scores[a]!;
    const second = scores[b]!;
    return first === second ? 0 : second - first;
  });
  return { scores, genuine, order };
}
