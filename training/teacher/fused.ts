/** Stored embeddings of a teacher by picture (`set/path`), each of unit length with the mean of all taken off. */
export interface CentredEmbeddings {
  readonly centre: Float32Array;
  readonly of: (path: string) => Float32Array | undefined;
}

/** A teacher beside the first. */
export interface FurtherTeacher {
  readonly embeddings: CentredEmbeddings;
  /** length of its embedding beside the first teacher's 1 */
  readonly share: number;
}

/** What further teachers say of a picture, for `fuse`. */
export const wordsOf = (further: readonly FurtherTeacher[], path: string): FurtherWord[] =>
  further.map(({ embeddings, share }) => ({ direction: embeddings.of(path), share }));

/** The same direction, of length 1; zero stays zero. */
export const unit = (values: Float32Array): Float32Array => {
  const length = Math.hypot(...values) || 1;
  return values.map((value) => value / length);
};

/** The embedding at unit length, less the mean, at unit length again. */
export function centred(embedding: Float32Array, centre: Float32Array): Float32Array {
  const direction = unit(embedding);
  return unit(direction.map((value, i) => value - centre[i]!));
}

/**
 * @param stored a teacher's embeddings by picture
 * @throws Error where there is none
 */
export function centredEmbeddings(stored: ReadonlyMap<string, Float32Array>): CentredEmbeddings {
  const [some] = stored.values();
  if (!some) throw new Error('The teacher has embedded no picture: run `teach` on this cache first.');
  const centre = new Float32Array(some.length);
  for (const embedding of stored.values())
    unit(embedding).forEach((value, i) => {
      centre[i]! += value / stored.size;
    });
  const of = (path: string): Float32Array | undefined => {
    const embedding = stored.get(path);
    return embedding && centred(embedding, centre);
  };
  return { centre, of };
}

/** What a further teacher says of one picture. */
interface FurtherWord {
  /** centred, of unit length; undefined where the teacher found no face: its place stays zero */
  readonly direction: Float32Array | undefined;
  /** length beside the first teacher's 1 */
  readonly share: number;
}

/**
 * Teachers side by side: the cosine between two fused embeddings is the mean of the teachers' own cosines, each weighted by the
 * square of its share, so that all have a say. What the student's width leaves over stays zero.
 *
 * @param first centred, of unit length
 * @param further of other teachers, always in the same order; with none the first stands alone
 * @returns `width` values of unit length
 * @throws RangeError where the width cannot hold all teachers
 */
export function fuse(first: Float32Array, further: readonly FurtherWord[], width: number): Float32Array {
  const used = (1 + further.length) * first.length;
  if (used > width)
    throw new RangeError(
      `The student's ${width} values cannot hold the teachers' ${used}; make the embedding larger.`,
    );
  const fused = new Float32Array(width);
  fused.set(first);
  further.forEach(({ direction, share }, place) => {
    direction?.forEach((value, i) => {
      fused[(1 + place) * first.length + i] = share * value;
    });
  });
  return unit(fused);
}
