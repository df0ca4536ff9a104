import * as tf from '@tensorflow/tfjs';
import { unitRows } from './unit-rows.ts';

export interface GalleryContrastOptions {
  readonly scale: number;
  /** taken off the cosine to the own target */
  readonly margin: number;
  /** a row whose cosine to the target is above this may be the same person under another name, and is no stranger */
  readonly sameAbove: number;
}

/** Makes a logit count for nothing in a softmax. */
const NEVER = -1e4;

/**
 * Identification as a loss: each probe searches a gallery of strangers and its own target. Cross-entropy of s (cos - m) to the
 * target against s cos to every stranger (the margin of Wang et al. 2018, equation 4, with targets of a teacher as centres).
 *
 * @param embeddings [batch, width] of the probes, of any length
 * @param targets [batch, width], unit length; no gradient
 * @param gallery [rows, width], unit length; no gradient
 * @param own [batch], row of the probe's own person in `gallery`; -1 for none
 */
export function galleryContrastLoss(
  embeddings: tf.Tensor2D,
  targets: tf.Tensor2D,
  gallery: tf.Tensor2D,
  own: readonly number[],
  { scale, margin, sameAbove }: GalleryContrastOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const units = unitRows(embeddings);
    const isOwn = tf.oneHot(tf.tensor1d([...own], 'int32'), gallery.shape[0], 1, 0, 'float32');
    const looksSame = tf.cast(tf.greater(tf.matMul(targets, gallery, false, true), sameAbove), 'float32');
    const strangers = tf.add(
      tf.mul(tf.matMul(units, gallery, false, true), scale),
      tf.mul(tf.maximum(isOwn, looksSame), NEVER),
    );
    const mated = tf.mul(tf.sub(tf.sum(tf.mul(units, targets), 1, true), margin), scale);
    const logits = tf.concat([mated, strangers], 1);
    return tf.mean(tf.sub(tf.logSumExp(logits, 1), tf.squeeze(mated, [1]))) as tf.Scalar;
  });
}
