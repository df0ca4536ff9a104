import * as tf from '@tensorflow/tfjs';
import { unitRows } from './unit-rows.ts';

/**
 * Mean of 1 - cosine between embedding and target, over the rows that have a target.
 *
 * @param embeddings [batch, width]
 * @param targets [batch, width], unit length
 * @param present [batch], 1 where a row has a target, else 0
 */
export function distillationLoss(
  embeddings: tf.Tensor2D,
  targets: tf.Tensor2D,
  present: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() => {
    const cosine = tf.sum(tf.mul(unitRows(embeddings), targets), 1);
    const count = tf.maximum(tf.sum(present), 1);
    return tf.div(tf.sum(tf.mul(tf.sub(1, cosine), present)), count) as tf.Scalar;
  });
}

/**
 * Columns of a random orthonormal frame [narrow][wide], by Gram-Schmidt on normal vectors: carries the teacher's narrow
 * embedding into the student's wide one without changing any cosine.
 *
 * @param normal draws from N(0, 1)
 * @throws RangeError where the student's embedding is narrower than the teacher's
 */
export function orthonormalFrame(narrow: number, wide: number, normal: () => number): Float32Array[] {
  if (narrow > wide)
    throw new RangeError(
      `The student's ${wide} values cannot hold the teacher's ${narrow}; make the embedding larger.`,
    );
  const frame: Float32Array[] = [];
  while (frame.length < narrow) {
    const row = Float32Array.from({ length: wide }, normal);
    for (const earlier of frame) {
      const overlap = row.reduce((sum, value, i) => sum + value * earlier[i]!, 0);
      for (let i = 0; i < wide; i++) row[i]! -= overlap * earlier[i]!;
    }
    const length = Math.hypot(...row);
    frame.push(row.map((value) => value / length));
  }
  return frame;
}
