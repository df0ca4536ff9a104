import * as tf from '@tensorflow/tfjs';
import { unitRows } from './unit-rows.ts';

export interface ArcFaceOptions {
  /** s: length that the unit embedding is scaled to */
  readonly scale: number;
  /** m: angular margin, radians */
  readonly margin: number;
  /** k: centres of each class, of which the nearest counts (Deng et al. 2020, "Sub-center ArcFace"); 1 unless told */
  readonly subCentres?: number;
}

/** Keeps sqrt(1 - cos^2) and its gradient finite. */
const COSINE_LIMIT = 1 - 1e-6;

/**
 * A backend may offer this: cosines [batch, classes] and float32 labels [batch] in; the rows' losses [batch] and their
 * gradients in the cosines [batch, classes] out.
 */
export const MARGIN_SOFTMAX_KERNEL = 'MarginSoftmax';

/** Cross-entropies of the rows, composed of tfjs operations; a row without a class gives 0. */
function composedRows(
  cosines: tf.Tensor2D,
  labels: tf.Tensor1D,
  { scale, margin }: ArcFaceOptions,
): tf.Tensor1D {
  // oneHot of -1 is a row of zeros
  const isClass = tf.oneHot(tf.cast(labels, 'int32'), cosines.shape[1], 1, 0, 'float32') as tf.Tensor2D;
  const target = tf.clipByValue(tf.sum(tf.mul(cosines, isClass), 1), -COSINE_LIMIT, COSINE_LIMIT);
  const sine = tf.sqrt(tf.sub(1, tf.square(target)));
  const turned = tf.sub(tf.mul(target, Math.cos(margin)), tf.mul(sine, Math.sin(margin)));
  const beyond = tf.sub(target, Math.sin(margin) * margin);
  // `where` would ask for the gradient of a comparison; `step` has one (zero).
  const within = tf.step(tf.sub(target, Math.cos(Math.PI - margin)));
  const penalised = tf.add(tf.mul(within, turned), tf.mul(tf.sub(1, within), beyond));
  const shift = tf.mul(isClass, tf.expandDims(tf.sub(penalised, target), 1));
  const logits = tf.mul(tf.add(cosines, shift), scale) as tf.Tensor2D;
  const rows = tf.sub(tf.logSumExp(logits, 1), tf.sum(tf.mul(logits, isClass), 1));
  return tf.mul(rows, tf.sum(isClass, 1)) as tf.Tensor1D;
}

function fusedRows(cosines: tf.Tensor2D, labels: tf.Tensor1D, options: ArcFaceOptions): tf.Tensor1D {
  const rows = tf.customGrad((x, save) => {
    const inputs = { cosines: x as tf.Tensor, labels };
    const [losses, gradient] = tf.engine().runKernel(MARGIN_SOFTMAX_KERNEL, inputs, {
      scale: options.scale,
      margin: options.margin,
    }) as unknown as [tf.Tensor, tf.Tensor];
    (save as tf.GradSaveFunc)([gradient]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) =>
      tf.mul(saved[0]!, tf.expandDims(dy, 1)) as tf.Tensor2D;
    return { value: losses, gradFunc };
  });
  return rows(cosines) as tf.Tensor1D;
}

/** Each class's nearest centre: [batch, classes * k] to [batch, classes]. */
function nearest(cosines: tf.Tensor2D, k: number): tf.Tensor2D {
  if (k === 1) return cosines;
  const [batch, centres] = cosines.shape;
  return tf.max(tf.reshape(cosines, [batch, centres / k, k]), 2) as tf.Tensor2D;
}

/**
 * ArcFace (Deng et al. 2019, equation 3), by cos(t + m) = cos t cos m - sin t sin m. Beyond t = pi - m, where the margin
 * would turn back, the penalty goes on linearly (the paper's released code).
 *
 * @param embeddings [batch, width]
 * @param centres [classes * subCentres, width], any length; a class's centres are neighbours
 * @param labels [batch]; -1 for a row without a class, which adds nothing
 * @returns mean cross-entropy over the rows with a class
 */
export function arcFaceLoss(
  embeddings: tf.Tensor2D,
  centres: tf.Tensor2D,
  labels: readonly number[],
  options: ArcFaceOptions,
): tf.Scalar {
  return tf.tidy(() => {
    const all = tf.matMul(unitRows(embeddings), unitRows(centres), false, true) as tf.Tensor2D;
    const cosines = nearest(all, options.subCentres ?? 1);
    const fused = tf.getKernel(MARGIN_SOFTMAX_KERNEL, tf.getBackend());
    const rows = (fused ? fusedRows : composedRows)(cosines, tf.tensor1d([...labels]), options);
    const labelled = labels.filter((label) => label >= 0).length;
    return tf.div(tf.sum(rows), Math.max(labelled, 1)) as tf.Scalar;
  });
}
