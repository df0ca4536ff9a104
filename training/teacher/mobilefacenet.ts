import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork, normaliseRows } from '@rounz/core/model/inference-form.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';
import type { Teacher } from './contract.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { middles } from './middles.ts';
import { foldedMobileFaceNet, PACKAGE_MOBILEFACENET } from './mobilefacenet-plan.ts';
import { obtainMobileFaceNet } from './mobilefacenet-weights.ts';

/** ImageNet's statistics, which the network was trained with; of values in 0..1. */
const MEAN_RGB = [0.485, 0.456, 0.406] as const;
const SPREAD_RGB = [0.229, 0.224, 0.225] as const;

const { size: SIDE } = CACHED_CROP;

/** For each channel, what stands for each byte. */
const LEVELS = MEAN_RGB.map((mean, c) =>
  Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / SPREAD_RGB[c]!),
);

/** The package's network on the current backend. @throws Error that names a missing weight */
export const packageNetwork = (weights: HostWeights): InferenceNetwork =>
  new InferenceNetwork(planNetwork(PACKAGE_MOBILEFACENET), foldedMobileFaceNet(weights));

/** MobileFaceNet, of ArcFace's 112 x 112 in the middle of a cached crop and of its mirror image. */
export class MobileFaceNetTeacher implements Teacher {
  private readonly network: InferenceNetwork;

  constructor(network: InferenceNetwork) {
    this.network = network;
  }

  static async load(): Promise<MobileFaceNetTeacher> {
    return new MobileFaceNetTeacher(packageNetwork(await obtainMobileFaceNet()));
  }

  /** @returns the sum of both pictures' unit embeddings, of unit length */
  async embed(faces: readonly CachedFace[]): Promise<Float32Array[]> {
    const output = tf.tidy(() => {
      const images = mobileFaceNetInput(middles(faces), faces.length);
      const both = tf.reshape(this.network.forward(images), [2, faces.length, TEACHER_SIZE]);
      return normaliseRows(tf.sum(both, 0));
    });
    const rows = await output.data<'float32'>();
    output.dispose();
    return faces.map((_, i) => rows.slice(i * TEACHER_SIZE, (i + 1) * TEACHER_SIZE));
  }

  dispose(): void {
    this.network.dispose();
  }
}

/**
 * @param pixels RGB bytes of `count` pictures of 112 x 112
 * @returns [2 * count, 112, 112, 3]: the pictures as the network takes them, then their mirror images
 */
export function mobileFaceNetInput(pixels: Uint8ClampedArray, count: number): tf.Tensor4D {
  const picture = SIDE * SIDE * 3;
  const values = new Float32Array(2 * count * picture);
  const half = count * picture;
  for (let row = 0; row < count * SIDE; row++)
    for (let x = 0; x < SIDE; x++)
      for (let c = 0; c < 3; c++) {
        const at = (row * SIDE + x) * 3 + c;
        const value = LEVELS[c]![pixels[at]!]!;
        values[at] = value;
        values[half + (row * SIDE + SIDE - 1 - x) * 3 + c] = value;
      }
  return tf.tensor4d(values, [2 * count, SIDE, SIDE, 3]);
}
