import type { AddBias } from '@rounz/core/liveness/passive/network.ts';
import * as tf from '@tensorflow/tfjs';

/**
 * Adds a value to each channel. The gradient of tfjs' own addition sums over the broadcast axes by moving the whole tensor into
 * another order, which took half of each step on the processor; here a row of ones is multiplied with it.
 */
export const addBias: AddBias = tf.customGrad((...inputs) => {
  const [x, bias] = inputs as unknown as [tf.Tensor4D, tf.Tensor1D];
  const [channels] = bias.shape;
  return {
    value: tf.add(x, bias),
    gradFunc: (gradient: tf.Tensor) => {
      const rows = gradient.size / channels;
      const sums = tf.matMul(tf.ones([1, rows]), tf.reshape(gradient, [rows, channels]));
      return [tf.clone(gradient), tf.reshape(sums, [channels])];
    },
  };
}) as AddBias;
