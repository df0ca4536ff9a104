import { existsSync } from 'node:fs';
import { createRng, type Rng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { type ConvUnit, convUnits, planNetwork } from '@rounz/core/model/architecture.ts';
import { normaliseRows } from '@rounz/core/model/inference-form.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useNativeBackend } from '../backend/native.ts';
import { useWasmBackend } from '../backend/wasm.ts';
import { CACHED_CROP } from '../cache/aligned-set.ts';
import { ADDON } from '../native/build.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { MobileFaceNetTeacher, packageNetwork } from './mobilefacenet.ts';
import { PACKAGE_MOBILEFACENET } from './mobilefacenet-plan.ts';
import { FACESDK, obtainMobileFaceNet } from './mobilefacenet-weights.ts';
import { syntheticFace } from './synthetic-face.ts';

const { size: SIDE, margin: MARGIN, side: CACHED_SIDE } = CACHED_CROP;
const CROP_SHAPE = [CACHED_SIDE, CACHED_SIDE, 3] as const;
const PLAN = planNetwork(PACKAGE_MOBILEFACENET);
const LAST: Pick<ConvUnit, 'conv' | 'norm' | 'depthwise' | 'stride' | 'pad' | 'activation'> = {
  conv: 'conv3',
  norm: 'bn',
  depthwise: false,
  stride: 1,
  pad: 0,
  activation: 'linear',
};

/** Random weights by torch's names and in its order: out, in, height, width. */
function randomWeights(rng: Rng): HostWeights {
  const weights = new Map<string, HostTensor>();
  const draw = (count: number, low: number, high: number) =>
    Float32Array.from({ length: count }, () => rng.between(low, high));
  const layer = (conv: string, norm: string, shape: number[]) => {
    const fan = shape.slice(1).reduce((product, side) => product * side, 1);
    const [outputs] = shape as [number];
    const limit = Math.sqrt(6 / fan);
    weights.set(`${conv}.weight`, { shape, data: draw(outputs * fan, -limit, limit) });
    const parts = { weight: [0.5, 1.5], bias: [-0.5, 1], running_mean: [-1, 1], running_var: [0.5, 2] };
    for (const [part, range] of Object.entries(parts) as [string, [number, number]][])
      weights.set(`${norm}.${part}`, { shape: [outputs], data: draw(outputs, ...range) });
  };
  for (const { conv, norm, kernel, depthwise, inputs, outputs } of convUnits(PLAN))
    layer(conv, norm, [outputs, depthwise ? 1 : inputs, kernel, kernel]);
  layer(LAST.conv, LAST.norm, [TEACHER_SIZE, PLAN.features, 1, 1]);
  weights.set(`${LAST.conv}.bias`, { shape: [TEACHER_SIZE], data: draw(TEACHER_SIZE, -1, 1) });
  return weights;
}

/** The network layer by layer as torch has it, nothing folded: an independent recomputation. */
function plainForward(weights: HostWeights, images: tf.Tensor4D): tf.Tensor2D {
  const vector = (name: string) => tf.tensor1d(weights.get(name)!.data);
  const apply = (x: tf.Tensor4D, { conv, norm, depthwise, stride, pad, activation }: typeof LAST) => {
    const { shape, data } = weights.get(`${conv}.weight`)!;
    const kernel = tf.transpose(tf.tensor4d(data, shape as [number, number, number, number]), [
      2,
      3,
      ...(depthwise ? [0, 1] : [1, 0]),
    ]) as tf.Tensor4D;
    const y = depthwise ? tf.depthwiseConv2d(x, kernel, stride, pad) : tf.conv2d(x, kernel, stride, pad);
    const shifted = weights.has(`${conv}.bias`) ? tf.add<tf.Tensor4D>(y, vector(`${conv}.bias`)) : y;
    const [mean, variance, beta, gamma] = ['running_mean', 'running_var', 'bias', 'weight'].map((part) =>
      vector(`${norm}.${part}`),
    );
    const z = tf.batchNorm4d(shifted, mean!, variance!, beta, gamma, 1e-5);
    if (activation === 'linear') return z;
    return activation === 'relu' ? tf.relu(z) : tf.relu6(z);
  };
  let x = PLAN.stem.reduce(apply, images);
  for (const { layers, shortcut } of PLAN.blocks) {
    const inner = layers.reduce(apply, x);
    x = shortcut === 'identity' ? tf.add<tf.Tensor4D>(x, inner) : inner;
  }
  if (PLAN.head.kind !== 'weighted') throw new Error('The package pools by weights.');
  return tf.reshape([PLAN.head.neck, PLAN.head.pool, LAST].reduce(apply, x), [-1, TEACHER_SIZE]);
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

const FACES = [syntheticFace(1), syntheticFace(2)];

/** First values for each of them, from the same weights as an ONNX graph on another runtime. */
const GOLDEN = [
  [-0.02321, -0.13549, -0.07142, -0.03283, 0.08209, 0.15724],
  [-0.012, -0.02387, -0.04252, 0.00885, 0.00356, 0.09162],
] as const;

/** Embeds on the current backend, and asserts that nothing is left behind. */
async function embed(weights: HostWeights): Promise<Float32Array[]> {
  const before = tf.memory().numTensors;
  const teacher = new MobileFaceNetTeacher(packageNetwork(weights));
  const rows = await teacher.embed(FACES);
  teacher.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return rows;
}

describe('MobileFaceNet as a teacher', () => {
  it('gives the sum of a face and its mirror image, layer by layer as torch has them', async () => {
    await useWasmBackend();
    const weights = randomWeights(createRng(3));
    const rows = await embed(weights);
    // Two pictures that the network cannot tell apart would show nothing.
    expect(distance(rows[0]!, rows[1]!)).toBeGreaterThan(0.05);
    const expected = tf.tidy(() => {
      const crops = tf.tensor4d(Float32Array.from(FACES.flatMap(({ crop }) => [...crop])), [
        2,
        ...CROP_SHAPE,
      ]);
      const middle = tf.slice(crops, [0, MARGIN, MARGIN, 0], [2, SIDE, SIDE, 3]);
      const images = tf.div(tf.sub(tf.div(middle, 255), [0.485, 0.456, 0.406]), [0.229, 0.224, 0.225]);
      const [own, mirrored] = [images, tf.reverse(images, 2)].map((one) =>
        normaliseRows(plainForward(weights, one as tf.Tensor4D)),
      );
      return normaliseRows(tf.add(own!, mirrored!)).arraySync();
    });
    rows.forEach((row, i) => {
      expect(dot(row, row)).toBeCloseTo(1, 5);
      expect(distance(row, Float32Array.from(expected[i]!))).toBeLessThan(1e-4);
    });
  });

  it.skipIf(!existsSync(ADDON))('gives on the native kernels what it gives on WebAssembly', async () => {
    const weights = randomWeights(createRng(3));
    await useWasmBackend();
    const expected = await embed(weights);
    await useNativeBackend('float32');
    (await embed(weights)).forEach((row, i) => {
      expect(distance(row, expected[i]!)).toBeLessThan(1e-4);
    });
  });

  it('names what another network’s weights lack', () => {
    const weights = new Map(randomWeights(createRng(3)));
    weights.delete('features.3.conv.2.weight');
    expect(() => packageNetwork(weights)).toThrow(/lack features.3.conv.2.weight/);
  });

  it.skipIf(!existsSync(FACESDK.file))(
    'gives with its own weights what it was found to give (skipped until `teach` or `morph` has fetched them)',
    async () => {
      await useWasmBackend();
      const rows = await embed(await obtainMobileFaceNet());
      GOLDEN.forEach((values, i) => {
        values.forEach((value, k) => {
          expect(Math.abs(rows[i]![k]! - value)).toBeLessThan(1e-4);
        });
      });
    },
  );
});
