import { dot, lengthOf } from '../math/vector.ts';

/** Length, within which a vector counts as a unit vector: float32 rounding over 512 values stays far below. */
const UNIT_TOLERANCE = 1e-3;

/**
 * Cosine of two unit vectors, -1..1: higher is more alike.
 *
 * @throws RangeError where the lengths differ
 */
export function cosineScore(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length)
    throw new RangeError(`Embeddings of ${a.length} and ${b.length} values come from different models.`);
  return dot(a, b);
}

/** Whether a vector is finite and of unit length, as every embedding must be. */
export function isUnit(vector: Float32Array): boolean {
  return Math.abs(lengthOf(vector) - 1) <= UNIT_TOLERANCE;
}

/** Largest cosine that float32 tells from 1; keeps `fisher` finite. */
const ALMOST_ONE = 1 - 1e-7;

/**
 * Fisher's z transformation, artanh: a difference of two scores means about the same wherever they lie, while cosines crowd
 * together near 1 (Fisher, Biometrika 10(4), 1915).
 */
export const fisher = (score: number): number =>
  Math.atanh(Math.max(-ALMOST_ONE, Math.min(ALMOST_ONE, score)));
