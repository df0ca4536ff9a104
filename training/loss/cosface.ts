import * as tf from '@tensorflow/tfjs';
import { crossEntropy } from './softmax.ts';
import { unitRows } from './unit-rows.ts';

export interface CosFaceOptions {
  /** s: length that the unit embedding is scaled to */
  readonly scale: number;
  /** m: taken off the cosine to the own class; the paper: 0.35 */
  readonly margin: number;
}

/**
 * CosFace (Wang et al. 2018, equation 4): cross-entropy of s (cos - m) for the own class, s cos for the others.
 *
 * @param embeddings [batch, width]
 * @param centres [classes, width], any length
 * @param labels [batch]; -1 for a row without a class, which adds nothing
 */
export function cosFaceLoss(
  embeddings: tf.Tensor2D,
  centres: tf.Tensor2D,
  labels: readonly number[],
  { scale, margin }: CosFaceOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const cosines = tf.matMul(unitRows(embeddings), unitRows(centres), false, true);
    const isClass = tf.oneHot(tf.tensor1d([...labels], 'int32'), centres.shape[0], 1, 0, 'float32');
    const logits = tf.mul(tf.sub(cosines, tf.mul(isClass, margin)), scale) as tf.Tensor2D;
    return crossEntropy(logits, labels);
  });
}
