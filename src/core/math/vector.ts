/** A row of numbers. */
export type Vector = ArrayLike<number>;

/** Dot product of `vector` with as many values of `matrix`, from `offset` on. */
export function dotAt(vector: Vector, matrix: Vector, offset: number): number {
  let sum = 0;
  for (let i = 0; i < vector.length; i++) sum += vector[i]! * matrix[offset + i]!;
  return sum;
}

/** Dot product of two vectors of one length. */
export const dot = (a: Vector, b: Vector): number => dotAt(a, b, 0);

/** Euclidean length. */
export const lengthOf = (vector: Vector): number => Math.sqrt(dot(vector, vector));

/** Brings a vector to length 1, in place; NaN where it is all zeros. @returns the same vector */
export function normalise<V extends Float32Array>(vector: V): V {
  const length = lengthOf(vector);
  for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return vector;
}
