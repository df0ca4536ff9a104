import * as tf from '@tensorflow/tfjs-core';
import type { AlignedCrop } from '../image.ts';
import { planNetwork } from './architecture.ts';
import { InferenceNetwork } from './inference-form.ts';
import type { Manifest } from './manifest.ts';
import { shrink } from './shrink.ts';
import { unpackWeights } from './weight-file.ts';

/** Aligned crops in, embeddings out; the only way to an embedding in kiosk, trainer and command line. */
export interface Embedder {
  /** Each result has unit length. An empty list gives an empty list. Throws RangeError for a crop of another size. */
  embed(crops: readonly AlignedCrop[]): Promise<Float32Array[]>;
  dispose(): void;
}

/** The one normalisation: (byte - mean) / scale, written into `target` from `offset`. */
export function normaliseCrop(
  crop: ArrayLike<number>,
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
  target: Float32Array,
  offset: number,
): void {
  const gain = 1 / input.scale;
  for (let i = 0; i < crop.length; i++) target[offset + i] = (crop[i]! - input.mean) * gain;
}

/** [N, S, S, 3], normalised, S the network's side. Throws RangeError for a crop of another size. */
export function toBatch(crops: readonly AlignedCrop[], input: Manifest['input']): tf.Tensor4D {
  const { size, networkSize = size } = input;
  const values = new Float32Array(crops.length * networkSize * networkSize * 3);
  for (const [index, crop] of crops.entries()) {
    if (crop.size !== size || crop.data.length !== size * size * 3) {
      throw new RangeError(`The embedder takes ${size}x${size} RGB crops; this one is ${crop.size} wide.`);
    }
    const pixels = networkSize === size ? crop.data : shrink(crop.data, size, networkSize);
    normaliseCrop(pixels, input, values, index * networkSize * networkSize * 3);
  }
  return tf.tensor4d(values, [crops.length, networkSize, networkSize, 3]);
}

/** [N, H, W, 3] in, [N, D] out: a face and its mirror image embedded in one batch, summed and brought to unit length. */
function withMirrored(network: InferenceNetwork, images: tf.Tensor4D): tf.Tensor2D {
  const both = network.forward(tf.concat([images, tf.reverse(images, 2)]));
  const [straight, mirrored] = tf.split(both, 2) as [tf.Tensor2D, tf.Tensor2D];
  const sum = tf.add(straight, mirrored);
  return tf.div(sum, tf.maximum(tf.norm(sum, 2, 1, true), 1e-12));
}

/**
 * Puts an exported model on the current backend.
 *
 * @param weights the concatenated shards, already checked against the manifest's hashes
 * @throws Error where the weights do not fit the manifest
 */
export function loadEmbedder(
  manifest: Pick<Manifest, 'architecture' | 'input' | 'tensors'>,
  weights: ArrayBuffer,
): Embedder {
  const plan = planNetwork(manifest.architecture);
  const network = new InferenceNetwork(plan, unpackWeights(manifest.tensors, weights));
  const width = plan.embeddingSize;
  return {
    async embed(crops) {
      if (crops.length === 0) return [];
      const output = tf.tidy(() => {
        const images = toBatch(crops, manifest.input);
        return manifest.input.mirror ? withMirrored(network, images) : network.forward(images);
      });
      try {
        const values = await output.data<'float32'>();
        return crops.map((_, row) => values.slice(row * width, (row + 1) * width));
      } finally {
        output.dispose();
      }
    },
    dispose: () => network.dispose(),
  };
}
