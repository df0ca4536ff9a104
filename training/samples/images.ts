import { normaliseCrop } from '@rounz/core/model/embedder.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import * as tf from '@tensorflow/tfjs';

/** The one normalisation of every model that this trainer makes: bytes to -1..1. */
export const MODEL_INPUT: Manifest['input'] = { size: 112, mean: 127.5, scale: 127.5 };

/**
 * @param pixels RGB bytes of `count` square pictures
 * @returns [count, side, side, 3], normalised
 */
export function toImages(pixels: Uint8ClampedArray, count: number): tf.Tensor4D {
  const side = Math.round(Math.sqrt(pixels.length / count / 3));
  const values = new Float32Array(pixels.length);
  normaliseCrop(pixels, MODEL_INPUT, values, 0);
  return tf.tensor4d(values, [count, side, side, 3]);
}
