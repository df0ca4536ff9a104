import * as tf from '@tensorflow/tfjs';
import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';
import type { Teacher } from './contract.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { MobileFaceNet } from './mobilefacenet-network.ts';
import { obtainMobileFaceNet } from './mobilefacenet-weights.ts';

/** ImageNet's statistics, which the network was trained with; of values in 0..1. */
const MEAN_RGB = [0.485, 0.456, 0.406] as const;
const SPREAD_RGB = [0.229, 0.224, 0.225] as const;

const { size: SIDE, margin: MARGIN, side: CACHED_SIDE } = CACHED_CROP;

/** For each channel, what stands for each byte. */
const LEVELS = MEAN_RGB.map((mean, c) =>
  Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / SPREAD_RGB[c]!),
);

/** MobileFaceNet, of ArcFace's 112 x 112 in the middle of a cached crop and of its mirror image. */
export class MobileFaceNetTeacher implements Teacher {
  private readonly network: MobileFaceNet;

  constructor(network: MobileFaceNet) {
    this.network = network;
  }

  static async load(): Promise<MobileFaceNetTeacher> {
    return new MobileFaceNetTeacher(new MobileFaceNet(await obtainMobileFaceNet()));
  }

  /** @returns the sum of both pictures' unit embeddings, of unit length */
  async embed(faces: readonly CachedFace[]): Promise<Float32Array[]> {
    const picture = SIDE * SIDE * 3;
    const values = new Float32Array(2 * faces.length * picture);
    faces.forEach(({ crop }, i) => {
      const at = 2 * i * picture;
      fill(crop, values.subarray(at, at + picture), values.subarray(at + picture, at + 2 * picture));
    });
    const output = tf.tidy(() => {
      const images = tf.tensor4d(values, [2 * faces.length, SIDE, SIDE, 3]);
      return unit(tf.sum(unit(this.network.forward(images)).reshape([-1, 2, TEACHER_SIZE]), 1));
    });
    const rows = await output.data<'float32'>();
    output.dispose();
    return faces.map((_, i) => rows.slice(i * TEACHER_SIZE, (i + 1) * TEACHER_SIZE));
  }

  dispose(): void {
    this.network.dispose();
  }
}

const unit = (rows: tf.Tensor): tf.Tensor => tf.div(rows, tf.norm(rows, 'euclidean', -1, true));

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

/** The middle of the crop as the network takes it, and the same mirrored. */
function fill(crop: Uint8Array, picture: Float32Array, mirrored: Float32Array): void {
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const from = ((y + MARGIN) * CACHED_SIDE + x + MARGIN) * 3;
      const to = (y * SIDE + x) * 3;
      const opposite = (y * SIDE + SIDE - 1 - x) * 3;
      for (let c = 0; c < 3; c++) {
        const value = LEVELS[c]![crop[from + c]!]!;
        picture[to + c] = value;
        mirrored[opposite + c] = value;
      }
    }
}
