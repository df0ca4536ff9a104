import * as tf from '@tensorflow/tfjs-core';
import type { AlignedCrop } from '../image.ts';
import type { Accessory } from './accessories.ts';
import { AccessoryHead } from './accessory-head.ts';
import { planNetwork } from './architecture.ts';
import { InferenceNetwork, type InferenceOptions, normaliseRows } from './inference-form.ts';
import type { Manifest } from './manifest.ts';
import { normaliseCrop } from './normalise-crop.ts';
import { shrink } from './shrink.ts';
import { eachWeight } from './weight-file.ts';

export { normaliseCrop } from './normalise-crop.ts';

/** The model's output for one face. */
export interface Seen {
  /** unit length */
  readonly embedding: Float32Array;
  /** accessories above the model's thresholds; null if the model has no accessory head */
  readonly worn: readonly Accessory[] | null;
}

/** What an embedding is for: to be stored, or to be compared with what is stored. */
export type EmbeddingRole = 'template' | 'probe';

/** Whether a face's mirror image is embedded too. */
export const isMirrored = (
  { mirror = false }: Pick<Manifest['input'], 'mirror'>,
  role: EmbeddingRole,
): boolean => mirror === true || (mirror === 'templates' && role === 'template');

/** Aligned crops in, embeddings out; the only way to an embedding in kiosk, trainer and command line. */
export interface Embedder {
  /**
   * Each result has unit length. An empty list gives an empty list. Throws RangeError for a crop of another size.
   *
   * @param role `template` where nothing is said: the better and slower one, where the model makes a difference
   */
  embed(crops: readonly AlignedCrop[], role?: EmbeddingRole): Promise<Float32Array[]>;
  dispose(): void;
}

/** A whole model: what a face wears beside its embedding, in one pass. */
export interface FaceModel extends Embedder {
  /** As `embed`. */
  see(crops: readonly AlignedCrop[], role?: EmbeddingRole): Promise<Seen[]>;
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

/** [2N, D] of faces and then of their mirror images in, [N, D] out: the sums of both. */
function sumOfHalves(both: tf.Tensor2D): tf.Tensor2D {
  const [straight, mirrored] = tf.split(both, 2) as [tf.Tensor2D, tf.Tensor2D];
  return tf.add(straight, mirrored);
}

/**
 * With `mirror` a face's embedding is the sum of its own and its mirror image's, at unit length; its accessories are their mean.
 *
 * @returns embeddings, and where there is a head accessories
 */
function passThrough(
  network: InferenceNetwork,
  head: AccessoryHead | null,
  images: tf.Tensor4D,
  mirror: boolean,
): tf.Tensor2D[] {
  const { means, pooled } = network.features(mirror ? tf.concat([images, tf.reverse(images, 2)]) : images);
  const embeddings = network.embed(pooled);
  const accessories = head ? [head.forward(means)] : [];
  if (!mirror) return [embeddings, ...accessories];
  return [
    normaliseRows(sumOfHalves(embeddings)),
    ...accessories.map((both) => tf.mul<tf.Tensor2D>(sumOfHalves(both), 0.5)),
  ];
}

/**
 * Puts an exported model on the current backend.
 *
 * @param weights the concatenated shards, already checked against the manifest's hashes
 * @param headFile the accessory head's file, checked likewise; without it the model reports no accessories
 * @param options how the network is computed
 * @throws Error where the weights do not fit the manifest
 */
export function loadEmbedder(
  manifest: Pick<Manifest, 'architecture' | 'input' | 'tensors' | 'accessories'>,
  weights: ArrayBuffer,
  headFile?: ArrayBuffer,
  options?: InferenceOptions,
): FaceModel {
  const plan = planNetwork(manifest.architecture);
  const network = new InferenceNetwork(plan, eachWeight(manifest.tensors, weights), options);
  const head = manifest.accessories && headFile ? new AccessoryHead(manifest.accessories, headFile) : null;
  const width = plan.embeddingSize;

  async function see(crops: readonly AlignedCrop[], role: EmbeddingRole = 'template'): Promise<Seen[]> {
    if (crops.length === 0) return [];
    const [embeddings, accessories] = tf.tidy(() =>
      passThrough(network, head, toBatch(crops, manifest.input), isMirrored(manifest.input, role)),
    ) as [tf.Tensor2D, tf.Tensor2D?];
    try {
      const values = await embeddings.data<'float32'>();
      const probabilities = await accessories?.data<'float32'>();
      return crops.map((_, row) => ({
        embedding: values.slice(row * width, (row + 1) * width),
        worn: head && probabilities ? head.wornIn(probabilities, row) : null,
      }));
    } finally {
      tf.dispose([embeddings, ...(accessories ? [accessories] : [])]);
    }
  }

  return {
    see,
    embed: async (crops, role) => (await see(crops, role)).map(({ embedding }) => embedding),
    dispose() {
      network.dispose();
      head?.dispose();
    },
  };
}
