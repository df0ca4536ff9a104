import * as tf from '@tensorflow/tfjs';

/** Which pictures of a batch show one person; pictures of nobody known pair with nothing. */
export interface Pairs {
  /** [batch, batch], 1 for two pictures of one person, never for a picture with itself */
  readonly same: tf.Tensor2D;
  /** [batch, batch], 1 for pictures of two known people */
  readonly other: tf.Tensor2D;
  /** pairs of `same`, both orders counted */
  readonly sameCount: number;
  /** pairs of `other`, both orders counted */
  readonly otherCount: number;
}

/** @param people [batch], null where unknown */
export function pairsOf(people: readonly (string | null)[]): Pairs {
  const count = people.length;
  const same = new Float32Array(count * count);
  const other = new Float32Array(count * count);
  let [sameCount, otherCount] = [0, 0];
  people.forEach((a, i) => {
    people.forEach((b, j) => {
      if (i === j || a === null || b === null) return;
      if (a === b) {
        same[i * count + j] = 1;
        sameCount++;
      } else {
        other[i * count + j] = 1;
        otherCount++;
      }
    });
  });
  const matrix = (values: Float32Array) => tf.tensor2d(values, [count, count]);
  return { same: matrix(same), other: matrix(other), sameCount, otherCount };
}

/** Squared Euclidean distances of unit rows, [batch, batch]: 2 - 2 cos, never below 0. */
export function squaredDistances(unit: tf.Tensor2D): tf.Tensor2D {
  return tf.relu(tf.sub(2, tf.mul(2, tf.matMul(unit, unit, false, true)))) as tf.Tensor2D;
}
