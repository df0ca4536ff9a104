/** Stored embeddings of a teacher by picture (`set/path`), each of unit length with the mean of all taken off. */
export interface CentredEmbeddings {
  readonly centre: Float32Array;
  readonly of: (path: string) => Float32Array | undefined;
}

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

/**
 * Two teachers side by side: the cosine between two fused embeddings is (c1 + share^2 c2) / (1 + share^2) of the teachers' own
 * cosines, so that both have a say. What the student's width leaves over stays zero.
 *
 * @param first centred, of unit length
 * @param second the same of another teacher; without it the first stands alone
 * @param share length of the second beside the first's 1
 * @returns `width` values of unit length
 */
export function fuse(
  first: Float32Array,
  second: Float32Array | undefined,
  share: number,
  width: number,
): Float32Array {
  const used = first.length + (second ? second.length : 0);
  if (used > width)
    throw new RangeError(
      `The student's ${width} values cannot hold the teachers' ${used}; make the embedding larger.`,
    );
  const fused = new Float32Array(width);
  fused.set(first);
  second?.forEach((value, i) => {
    fused[first.length + i] = share * value;
  });
  return unit(fused);
}
