import * as tf from '@tensorflow/tfjs';
import { dilate, padForWindows, seenFrom } from './composed-convolution.ts';
import type { ConvInfo } from './conv-info.ts';

/** Below every value that a network computes; padding must never be the largest of a window. */
const LOWEST = -3.4e38;

/**
 * Max pooling's gradient in its input. Of equal values in a window the first gets it all, as on tfjs' CPU backend.
 *
 * @param dy and y [batch, outHeight, outWidth, channels]
 * @param x [batch, inHeight, inWidth, channels]
 * @returns same shape as x
 */
export function maxPoolGradient(
  dy: tf.Tensor4D,
  x: tf.Tensor4D,
  y: tf.Tensor4D,
  info: ConvInfo,
): tf.Tensor4D {
  const padded = padForWindows(x, info, LOWEST);
  const [batch, height, width, channels] = padded.shape;
  const strides = [info.strideHeight, info.strideWidth] as const;
  let open: tf.Tensor4D = tf.onesLike(dy);
  let gradient: tf.Tensor4D = tf.zerosLike(padded);
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const isMax = tf.cast(tf.equal(seenFrom(padded, [row, column], info), y), 'float32');
      const takes = tf.mul(isMax, open) as tf.Tensor4D;
      open = tf.sub(open, takes);
      const spread = dilate(tf.mul(takes, dy), strides);
      const placed = tf.pad(spread, [
        [0, 0],
        [row, height - row - spread.shape[1]],
        [column, width - column - spread.shape[2]],
        [0, 0],
      ]);
      gradient = tf.add(gradient, placed);
    }
  }
  const { top, left } = info.padInfo;
  return tf.slice(gradient, [0, top, left, 0], [batch, x.shape[1], x.shape[2], channels]);
}
