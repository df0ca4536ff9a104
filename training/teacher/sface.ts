import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork, normaliseRows } from '@rounz/core/model/inference-form.ts';
import { normaliseCrop } from '@rounz/core/model/normalise-crop.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';
import type { Teacher } from './contract.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { middles } from './middles.ts';
import { foldedSFace, PACKAGE_SFACE, SFACE_INPUT } from './sface-plan.ts';
import { obtainSFace } from './sface-weights.ts';

const { size: SIDE } = CACHED_CROP;

/**
 * The package's network on the current backend.
 *
 * @param weights by their names in the ONNX file
 */
export const sfaceNetwork = (weights: HostWeights): InferenceNetwork =>
  new InferenceNetwork(planNetwork(PACKAGE_SFACE), foldedSFace(weights));

/**
 * @param pixels RGB bytes of `count` pictures of 112 x 112
 * @returns [2 * count, 112, 112, 3]: the pictures as the network takes them, then their mirror images
 */
export function sfaceInput(pixels: Uint8ClampedArray, count: number): tf.Tensor4D {
  const values = new Float32Array(pixels.length);
  normaliseCrop(pixels, SFACE_INPUT, values, 0);
  const images = tf.tensor4d(values, [count, SIDE, SIDE, 3]);
  return tf.concat([images, tf.reverse(images, 2)]);
}

/**
 * SFace (Zhong et al. 2021, IEEE TIP 30:2587): a MobileNet of 9.7 M weights, of ArcFace's 112 x 112 in the middle of a cached crop
 * and of its mirror image.
 */
export class SFaceTeacher implements Teacher {
  private readonly network: InferenceNetwork;

  /** @param weights by their names in the ONNX file */
  constructor(weights: HostWeights) {
    this.network = sfaceNetwork(weights);
  }

  static async load(): Promise<SFaceTeacher> {
    return new SFaceTeacher(await obtainSFace());
  }

  /** @returns the sum of both pictures' unit embeddings, of unit length */
  async embed(faces: readonly CachedFace[]): Promise<Float32Array[]> {
    const output = tf.tidy(() => {
      const both = this.network.forward(sfaceInput(middles(faces), faces.length));
      return normaliseRows(tf.sum(tf.reshape(both, [2, faces.length, TEACHER_SIZE]), 0));
    });
    const rows = await output.data<'float32'>();
    output.dispose();
    return faces.map((_, i) => rows.slice(i * TEACHER_SIZE, (i + 1) * TEACHER_SIZE));
  }

  dispose(): void {
    this.network.dispose();
  }
}
