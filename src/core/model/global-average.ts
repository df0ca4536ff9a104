import * as tf from '@tensorflow/tfjs-core';

/** A backend may offer this: dy [batch, channels] spread over `shape` and divided by height * width. */
export const AVERAGE_GRADIENT_KERNEL = 'GlobalAverageGradient';

function spread(dy: tf.Tensor, shape: readonly number[]): tf.Tensor {
  if (tf.getKernel(AVERAGE_GRADIENT_KERNEL, tf.getBackend())) {
    return tf.engine().runKernel(AVERAGE_GRADIENT_KERNEL, { dy }, { shape: [...shape] }) as tf.Tensor;
  }
  const [batch, height, width, channels] = shape as [number, number, number, number];
  const each = tf.reshape(tf.div(dy, height * width), [batch, 1, 1, channels]);
  return tf.broadcastTo(each, [batch, height, width, channels]);
}

/**
 * Global average pooling (Lin et al. 2014); tfjs' own gradient of `mean` multiplies by a tensor of ones instead.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, channels]
 */
export function globalAverage(x: tf.Tensor4D): tf.Tensor2D {
  const average = tf.customGrad((value) => ({
    value: tf.mean(value as tf.Tensor, [1, 2]),
    gradFunc: (dy: tf.Tensor) => spread(dy, x.shape),
  }));
  return average(x) as tf.Tensor2D;
}
