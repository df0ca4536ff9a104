import * as tf from '@tensorflow/tfjs';
import { unitRows } from './unit-rows.ts';

/** Both over the rows that have a target. */
export interface DistillationLosses {
  /** mean of 1 - cosine between embedding and target */
  readonly direction: tf.Scalar;
  /** mean squared distance between embedding / sqrt(width) and target: 1 for a network that knows the mean face alone */
  readonly distance: tf.Scalar;
}

/**
 * How far embeddings are from a teacher's (Hinton et al. 2015; regression of embeddings as in Romero et al. 2015).
 *
 * @param embeddings [batch, width], as the last batch norm gives them: about sqrt(width) long
 * @param targets [batch, width], of root mean square length 1
 * @param present [batch], 1 where a row has a target, else 0
 */
export function distillationLosses(
  embeddings: tf.Tensor2D,
  targets: tf.Tensor2D,
  present: tf.Tensor1D,
): DistillationLosses {
  const count = tf.maximum(tf.sum(present), 1);
  const meanOf = (rows: tf.Tensor): tf.Scalar => tf.div(tf.sum(tf.mul(rows, present)), count);
  const cosine = tf.sum(tf.mul(unitRows(embeddings), unitRows(targets)), 1);
  const scaled = tf.mul(embeddings, 1 / Math.sqrt(embeddings.shape[1]));
  return {
    direction: meanOf(tf.sub(1, cosine)),
    distance: meanOf(tf.sum(tf.square(tf.sub(scaled, targets)), 1)),
  };
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
