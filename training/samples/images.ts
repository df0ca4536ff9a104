import { normaliseCrop } from '@rounz/core/model/embedder.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import * as tf from '@tensorflow/tfjs';
import type { TrainConfig } from '../recipes/schema.ts';

type Input = Manifest['input'];

/** How bytes become a network's input, by the name that a recipe gives it; ImageNet's mean and spread are those of torchvision. */
export const MODEL_INPUTS: Readonly<Record<TrainConfig['input'], Input>> = {
  symmetric: { size: 112, mean: 127.5, scale: 127.5 },
  imagenet: {
    size: 112,
    mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
    scale: [0.229 * 255, 0.224 * 255, 0.225 * 255],
  },
};

/**
 * @param pixels RGB bytes of `count` square pictures
 * @returns [count, side, side, 3], normalised
 */
export function toImages(
  pixels: Uint8ClampedArray,
  count: number,
  input: Pick<Input, 'mean' | 'scale'>,
): tf.Tensor4D {
  const side = Math.round(Math.sqrt(pixels.length / count / 3));
  const values = new Float32Array(pixels.length);
  normaliseCrop(pixels, input, values, 0);
  return tf.tensor4d(values, [count, side, side, 3]);
}
