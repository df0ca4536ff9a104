import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { foldedShapes, type HostTensor } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';
import { useWasmBackend } from '../data/detector-models.ts';
import { SFaceTeacher } from './sface.ts';
import { foldedSFace, PACKAGE_SFACE } from './sface-plan.ts';
import { syntheticFace } from './synthetic-face.ts';

const rng = createRng(4);
const random = (shape: readonly number[], low: number, high: number): HostTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.between(low, high)),
});

/** Weights with the names and layouts of the package's file, of a size that keeps faces apart; nothing is at its neutral value. */
function packageWeights(): Map<string, HostTensor> {
  const weights = new Map<string, HostTensor>();
  const norm = (name: string, size: number) => {
    weights.set(`${name}_gamma`, random([size], 0.5, 1.5));
    weights.set(`${name}_beta`, random([size], -0.05, 0.05));
    weights.set(`${name}_moving_mean`, random([size], -0.05, 0.05));
    weights.set(`${name}_moving_var`, random([size], 0.5, 1.5));
  };
  const layer = (name: string, shape: readonly [number, number, number, number]) => {
    const fan = shape[1] * shape[2] * shape[3];
    weights.set(`${name}_conv2d_weight`, random(shape, -2.4 / Math.sqrt(fan), 2.4 / Math.sqrt(fan)));
    norm(`${name}_batchnorm`, shape[0]);
    weights.set(`${name}_relu_gamma`, random([shape[0], 1, 1], 0.1, 0.4));
  };
  layer('conv_1', [32, 3, 3, 3]);
  let channels = 32;
  PACKAGE_SFACE.blocks.forEach(({ outputs }, index) => {
    layer(`conv_${index + 2}_dw`, [channels, 1, 3, 3]);
    layer(`conv_${index + 2}`, [outputs, channels, 1, 1]);
    channels = outputs;
  });
  norm('bn1', 1024);
  weights.set('pre_fc1_weight', random([128, 1024 * 49], -0.01, 0.01));
  weights.set('pre_fc1_bias', random([128], -0.1, 0.1));
  norm('fc1', 128);
  return weights;
}

const weights = packageWeights();
const values = (name: string) => weights.get(name)!.data;
const folded = foldedSFace(weights);

/** By the package's own norm. */
const normed = (x: number, norm: string, c: number, epsilon: number): number =>
  ((x - values(`${norm}_moving_mean`)[c]!) / Math.sqrt(values(`${norm}_moving_var`)[c]! + epsilon)) *
    values(`${norm}_gamma`)[c]! +
  values(`${norm}_beta`)[c]!;

beforeAll(useWasmBackend);

describe('foldedSFace', () => {
  it('has every weight of the plan, in its shape', () => {
    const shapes = [...folded].map(([name, { shape }]): [string, readonly number[]] => [name, shape]);
    expect(new Map(shapes)).toEqual(foldedShapes(planNetwork(PACKAGE_SFACE)));
  });

  it('computes the first layer of the package from bytes: scale, filter, norm', () => {
    const bytes = random([3, 3, 3], 0, 255).data;
    const kernel = folded.get('stem.kernel')!.data;
    for (const o of [0, 7, 31]) {
      let [theirs, ours] = [0, folded.get('stem.bias')!.data[o]!];
      for (let y = 0; y < 3; y++)
        for (let x = 0; x < 3; x++)
          for (let c = 0; c < 3; c++) {
            const byte = bytes[(y * 3 + x) * 3 + c]!;
            theirs += ((byte - 127.5) / 128) * values('conv_1_conv2d_weight')[((o * 3 + c) * 3 + y) * 3 + x]!;
            ours += ((byte - 127.5) / 127.5) * kernel[((y * 3 + x) * 3 + c) * 32 + o]!;
          }
      expect(ours).toBeCloseTo(normed(theirs, 'conv_1_batchnorm', o, 1e-3), 5);
    }
  });

  it('keeps each channel of a depthwise filter to itself', () => {
    const kernel = folded.get('blocks.3.depthwise.kernel')!;
    expect(kernel.shape).toEqual([3, 3, 128, 1]);
    const [channel, place] = [90, 5];
    const norm = 'conv_5_dw_batchnorm';
    const scale =
      values(`${norm}_gamma`)[channel]! / Math.sqrt(values(`${norm}_moving_var`)[channel]! + 1e-3);
    const theirs = values('conv_5_dw_conv2d_weight')[channel * 9 + place]! * scale;
    expect(kernel.data[place * 128 + channel]).toBeCloseTo(theirs, 6);
  });

  it('computes the package’s end: norm, channels before rows and columns, full layer, norm', () => {
    const network = new InferenceNetwork(planNetwork(PACKAGE_SFACE), folded);
    const map = random([1, 7, 7, 1024], -1, 1).data;
    const ours = tf.tidy(() =>
      network.project(network.pool(network.neck(tf.tensor4d(map, [1, 7, 7, 1024])))).dataSync(),
    );
    network.dispose();
    for (const o of [0, 64, 127]) {
      let sum = values('pre_fc1_bias')[o]!;
      for (let c = 0; c < 1024; c++)
        for (let p = 0; p < 49; p++)
          sum +=
            normed(map[p * 1024 + c]!, 'bn1', c, 2e-5) * values('pre_fc1_weight')[(o * 1024 + c) * 49 + p]!;
      expect(ours[o]).toBeCloseTo(normed(sum, 'fc1', o, 2e-5), 3);
    }
  });

  it('names a weight that is missing', () => {
    const less = new Map(weights);
    less.delete('conv_9_relu_gamma');
    expect(() => foldedSFace(less)).toThrow("SFace's weights lack conv_9_relu_gamma");
  });
});

describe('SFaceTeacher', () => {
  const { side } = CACHED_CROP;
  const mirrored = ({ crop, mesh }: CachedFace): CachedFace => ({
    mesh,
    crop: crop.map((_, i) => {
      const [c, x, y] = [i % 3, Math.floor(i / 3) % side, Math.floor(i / 3 / side)];
      return crop[(y * side + side - 1 - x) * 3 + c]!;
    }),
  });

  it('gives a face and its mirror image one embedding of unit length, and another face another', async () => {
    const teacher = new SFaceTeacher(weights);
    const face = syntheticFace(1);
    const rows = await teacher.embed([face, mirrored(face), syntheticFace(2)]);
    teacher.dispose();
    const [own, turned, other] = rows as [Float32Array, Float32Array, Float32Array];
    expect(Math.hypot(...own)).toBeCloseTo(1, 5);
    const apart = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, k) => value - b[k]!));
    expect(apart(own, turned)).toBeLessThan(1e-4);
    expect(apart(own, other)).toBeGreaterThan(1e-3);
  });
});
