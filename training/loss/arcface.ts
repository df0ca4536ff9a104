import { normaliseRows } from '@rounz/core/model/inference-form.ts';
import * as tf from '@tensorflow/tfjs';

export interface ArcFaceOptions {
  /** s: length that the unit embedding is scaled to */
  readonly scale: number;
  /** m: angular margin, radians */
  readonly margin: number;
}

/** Keeps sqrt(1 - cos^2) and its gradient finite. */
const COSINE_LIMIT = 1 - 1e-6;

/**
 * ArcFace (Deng et al. 2019, equation 3), by cos(t + m) = cos t cos m - sin t sin m. Beyond t = pi - m, where the margin
 * would turn back, the penalty goes on linearly (the paper's released code).
 *
 * @param embeddings [batch, width]
 * @param centres [classes, width], any length
 * @param labels [batch], int32; -1 for a row without a class, which adds nothing
 * @returns mean cross-entropy over the rows with a class
 */
export function arcFaceLoss(
  embeddings: tf.Tensor2D,
  centres: tf.Tensor2D,
  labels: tf.Tensor1D,
  { scale, margin }: ArcFaceOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const cosines = tf.matMul(normaliseRows(embeddings), normaliseRows(centres), false, true);
    // oneHot of -1 is a row of zeros
    const isClass = tf.oneHot(labels, centres.shape[0], 1, 0, 'float32') as tf.Tensor2D;
    const target = tf.clipByValue(tf.sum(tf.mul(cosines, isClass), 1), -COSINE_LIMIT, COSINE_LIMIT);
    const sine = tf.sqrt(tf.sub(1, tf.square(target)));
    const turned = tf.sub(tf.mul(target, Math.cos(margin)), tf.mul(sine, Math.sin(margin)));
    const beyond = tf.sub(target, Math.sin(margin) * margin);
    // `where` would ask for the gradient of a comparison; `step` has one (zero).
    const within = tf.step(tf.sub(target, Math.cos(Math.PI - margin)));
    const penalised = tf.add(tf.mul(within, turned), tf.mul(tf.sub(1, within), beyond));
    const shift = tf.mul(isClass, tf.expandDims(tf.sub(penalised, target), 1));
    const logits = tf.mul(tf.add(cosines, shift), scale) as tf.Tensor2D;
    const labelled = tf.cast(tf.greaterEqual(labels, 0), 'float32');
    const targetLogit = tf.sum(tf.mul(logits, isClass), 1);
    const rows = tf.mul(tf.sub(tf.logSumExp(logits, 1), targetLogit), labelled);
    return tf.div(tf.sum(rows), tf.maximum(tf.sum(labelled), 1)) as tf.Scalar;
  });
}
