import * as tf from '@tensorflow/tfjs';
import { unitRows } from './unit-rows.ts';

export interface SemiSiameseOptions {
  readonly scale: number;
  /** taken off the cosine to the own prototype */
  readonly margin: number;
}

/** Makes a logit count for nothing in a softmax. */
const NEVER = -1e4;

/**
 * Semi-siamese training for people with one or two pictures (Du et al. 2020, equation 4): no class has a learned centre; the
 * prototypes are embeddings of gallery pictures by a slowly following copy of the network, kept in a queue. Cross-entropy of
 * s (cos - m) to the person's newest prototype against the queue's other people.
 *
 * @param embeddings [batch, width] of the probes
 * @param prototypes [queue, width], unit length; no gradient
 * @param own [batch], row of the person's prototype in `prototypes`; -1 for none, which adds nothing
 * @param sameRows [batch][...], further rows of the same person, which are no strangers
 */
export function semiSiameseLoss(
  embeddings: tf.Tensor2D,
  prototypes: tf.Tensor2D,
  own: readonly number[],
  sameRows: readonly (readonly number[])[],
  { scale, margin }: SemiSiameseOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const count = prototypes.shape[0];
    const mask = new Float32Array(own.length * count);
    sameRows.forEach((rows, i) => {
      for (const row of rows) if (row !== own[i]) mask[i * count + row] = NEVER;
    });
    const cosines = tf.matMul(unitRows(embeddings), prototypes, false, true);
    const isOwn = tf.oneHot(tf.tensor1d([...own], 'int32'), count, 1, 0, 'float32');
    const logits = tf.add(
      tf.mul(tf.sub(cosines, tf.mul(isOwn, margin)), scale),
      tf.tensor2d(mask, [own.length, count]),
    );
    const rows = tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, isOwn), 1));
    const present = own.filter((row) => row >= 0).length;
    return tf.div(tf.sum(tf.mul(rows, tf.sum(isOwn, 1))), Math.max(present, 1)) as tf.Scalar;
  });
}
