import { existsSync } from 'node:fs';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import { sloped } from '@rounz/core/model/conv-unit.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import { forwardTraining } from '@rounz/core/model/training-form.ts';
import { type HostWeights, initialWeights, toVariables } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { ADDON, sourceVersion } from '../native/build.ts';
import { useNativeBackend } from './native.ts';
import { checkedDescription, loadNativeKernels } from './native-addon.ts';
import type { ActivationType } from './native-backend.ts';

const SMALL: Architecture = { ...RESNET50, blocks: [1, 2, 1, 1], width: 16, embeddingSize: 32 };
const plan = planNetwork(SMALL);

function weights(): HostWeights {
  const rng = createRng(4);
  const start = new Map(initialWeights(plan, () => rng.next()));
  // Let every branch count: the last norm of a block starts at zero.
  for (const [name, { shape, data }] of start)
    if (name.endsWith('.gamma')) start.set(name, { shape, data: data.map(() => 0.5 + rng.next()) });
  return start;
}

interface Outcome {
  readonly loss: number;
  readonly gradients: Map<string, Float32Array>;
  readonly statistics: Map<string, Float32Array>;
  readonly embedding: Float32Array;
}

/** One gradient of a scalar of the embeddings, and one inference, on the current backend. */
function run(images: Float32Array): Outcome {
  const host = weights();
  const variables = toVariables(host);
  const trainable = [...variables].filter(([, variable]) => variable.trainable);
  const statistics = new Map<string, Float32Array>();
  const x = tf.tensor4d(images, [4, 48, 48, 3]);
  const slope = tf.sin(tf.range(0, 128)).reshape([4, 32]);
  const { value, grads } = tf.variableGrads(
    () => {
      const mode = {
        kind: 'train',
        dropout: 0,
        seed: 1,
        onStatistic: (name: string, tensor: tf.Tensor) => {
          statistics.set(name, tensor.dataSync<'float32'>().slice());
        },
      } as const;
      return tf.sum(tf.mul(forwardTraining(plan, variables, x, mode), slope)) as tf.Scalar;
    },
    trainable.map(([, variable]) => variable),
  );
  const network = new InferenceNetwork(plan, foldWeights(plan, host));
  const outcome = {
    loss: value.dataSync()[0]!,
    gradients: new Map(
      trainable.map(([name, variable]) => [name, grads[variable.name]!.dataSync<'float32'>().slice()]),
    ),
    statistics,
    embedding: network.forward(x).dataSync<'float32'>().slice(),
  };
  network.dispose();
  tf.dispose([value, grads, x, slope, ...variables.values()]);
  return outcome;
}

const length = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));

/** Length of the difference over the length of the expected. */
const relativeError = (actual: Float32Array, expected: Float32Array): number =>
  length(actual.map((value, i) => value - expected[i]!)) / (length(expected) + 1e-6);

describe('checkedDescription', () => {
  it.each([
    ['names no source', {}],
    ['was compiled from another source', { source: '0123456789abcdef' }],
  ])('says to build an addon again that %s', (_, description) => {
    expect(() => checkedDescription({ describe: () => JSON.stringify(description) })).toThrow(
      /build again: npm run -w training native/,
    );
  });

  it('takes an addon of the sources that are here', () => {
    const description = {
      version: '3.2.1',
      amx: false,
      bf16: false,
      takesBf16: true,
      threads: 2,
      source: sourceVersion(),
    };
    expect(checkedDescription({ describe: () => JSON.stringify(description) })).toEqual(description);
  });
});

/** oneDNN multiplies bfloat16 on processors with AVX512 alone. */
const takesBf16 = existsSync(ADDON) && loadNativeKernels().description.takesBf16;
const isHere = ([activations]: readonly [ActivationType, ...unknown[]]): boolean =>
  activations === 'float32' || takesBf16;

describe.skipIf(!existsSync(ADDON))('native backend', () => {
  it.skipIf(takesBf16)('refuses bfloat16 where the processor has none, and says what to take', async () => {
    await expect(useNativeBackend('bfloat16')).rejects.toThrow(/Take float32/);
  });

  // float32 differs by the order of sums alone; bfloat16 keeps 8 bits of each activation, and a random network of four
  // pictures magnifies what its ReLUs turn over
  it.each(
    (
      [
        ['float32', 2e-3, 1e-4],
        ['bfloat16', 0.8, 0.1],
      ] as const
    ).filter(isHere),
  )(
    'computes what tfjs’ CPU backend computes (%s)',
    async (activations, gradientTolerance, embeddingTolerance) => {
      await tf.setBackend('cpu');
      const rng = createRng(9);
      const images = Float32Array.from({ length: 4 * 48 * 48 * 3 }, () => rng.between(-1, 1));
      const expected = run(images);
      await useNativeBackend(activations);
      const actual = run(images);
      const again = run(images);
      expect(again.loss).toBe(actual.loss);
      expect(relativeError(actual.embedding, expected.embedding)).toBeLessThan(embeddingTolerance);
      for (const [name, gradient] of expected.gradients) {
        expect(relativeError(actual.gradients.get(name)!, gradient), name).toBeLessThan(gradientTolerance);
      }
      for (const [name, statistic] of expected.statistics) {
        expect(relativeError(actual.statistics.get(name)!, statistic), name).toBeLessThan(embeddingTolerance);
      }
    },
  );

  // side, channels in, kernel, stride, channels out: each path of the weight gradient, and the stem
  it.each([
    [9, 16, 3, 1, 24],
    [9, 16, 3, 2, 24],
    [4, 256, 3, 1, 256],
    [7, 256, 3, 2, 256],
    [4, 256, 1, 1, 512],
    [8, 256, 1, 2, 512],
    [16, 3, 7, 2, 8],
  ])(
    'convolves %i x %i channels, kernel %i, stride %i, as the CPU backend does',
    async (side, inputs, kernel, stride, outputs) => {
      const pad = (kernel - 1) / 2;
      const normal = (shape: number[], seed: number) =>
        tf.randomNormal(shape, 0, 1, 'float32', seed).arraySync();
      await tf.setBackend('cpu');
      const x = normal([3, side, side, inputs], 1);
      const w = normal([kernel, kernel, inputs, outputs], 2);
      const gradients = () =>
        tf.tidy(() => {
          const y = (a: tf.Tensor, b: tf.Tensor) =>
            tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, stride, pad);
          const weights = tf.sin(tf.range(0, outputs));
          const both = tf.grads((a, b) => tf.sum(tf.mul(y(a!, b!), weights)))([tf.tensor(x), tf.tensor(w)]);
          return [y(tf.tensor(x), tf.tensor(w)), ...both].map((t) => t.dataSync<'float32'>().slice());
        });
      const expected = gradients();
      await useNativeBackend('float32');
      gradients().forEach((values, i) => {
        expect(relativeError(values, expected[i]!)).toBeLessThan(1e-5);
      });
      if (!takesBf16) return;
      await useNativeBackend('bfloat16');
      const { kernels } = loadNativeKernels();
      for (const path of [0, 1, 2] as const) {
        kernels.choosePath(path);
        gradients().forEach((values, i) => {
          expect(relativeError(values, expected[i]!), `path ${path}, product ${i}`).toBeLessThan(0.01);
        });
      }
      kernels.choosePath(0);
    },
  );

  // side, channels, kernel, stride, padding, activation: whole and partial blocks of channels, borders, a filter as large
  // as the picture, and what goes to tfjs' own kernel
  it.each([
    [9, 64, 3, 1, 1, 'relu6'],
    [9, 64, 3, 2, 1, 'relu'],
    [8, 128, 3, 2, 1, 'relu6'],
    [7, 200, 7, 1, 0, 'linear'],
    [9, 128, 1, 1, 0, 'linear'],
    [6, 5, 3, 1, 'same', 'relu6'],
    [6, 5, 5, 2, 'valid', 'elu'],
  ] as const)(
    'convolves each of %i x %i channels by itself, kernel %i, stride %i, padding %s, %s, as the CPU backend does',
    async (side, channels, kernel, strides, pad, activation) => {
      await tf.setBackend('cpu');
      const normal = (shape: number[], seed: number) =>
        tf.randomNormal(shape, 0, 2, 'float32', seed).arraySync();
      const x = normal([3, side, side, channels], 1);
      const w = normal([kernel, kernel, channels, 1], 2);
      const bias = normal([channels], 3);
      const convolve = () =>
        tf.tidy(() => {
          const [image, filter] = [tf.tensor(x) as tf.Tensor4D, tf.tensor(w) as tf.Tensor4D];
          const both = { x: image, filter, strides, pad };
          const plain = tf.depthwiseConv2d(image, filter, strides, pad);
          return [plain, tf.fused.depthwiseConv2d({ ...both, bias: tf.tensor(bias), activation })].map((t) =>
            t.dataSync<'float32'>().slice(),
          );
        });
      const expected = convolve();
      const precisions = [
        ['float32', 1e-6],
        ['bfloat16', 0.01],
      ] as const;
      for (const [activations, tolerance] of precisions.filter(isHere)) {
        await useNativeBackend(activations);
        convolve().forEach((values, i) => {
          expect(relativeError(values, expected[i]!), `${activations}, ${i}`).toBeLessThan(tolerance);
        });
      }
    },
  );

  it('keeps what was cut from a tensor when that is gone and its memory is used again', async () => {
    await useNativeBackend('float32');
    const map = (fill: number) => tf.fill([4, 7, 7, 64], fill) as tf.Tensor4D;
    const kernel = tf.ones([1, 1, 64, 64]) as tf.Tensor4D;
    const compute = (fill: number) => tf.conv2d(map(fill), kernel, 1, 0);
    const cuts = {
      slice: (whole: tf.Tensor4D) => tf.slice(whole, 0, 2),
      split: (whole: tf.Tensor4D) => tf.split(whole, 2)[0]!,
      unstack: (whole: tf.Tensor4D) => tf.unstack(whole)[0]!,
    };
    for (const [name, cut] of Object.entries(cuts)) {
      const part = tf.tidy(() => cut(compute(1)));
      tf.tidy(() => void compute(2));
      expect([name, new Set(part.dataSync())]).toEqual([name, new Set([64])]);
    }
  });

  it('clips a convolution’s result at six, as the CPU backend does', async () => {
    const x = tf.range(-20, 20).reshape([1, 4, 5, 2]).arraySync();
    const clipped = () =>
      tf.tidy(() =>
        tf.fused
          .conv2d({
            x: tf.tensor(x) as tf.Tensor4D,
            filter: tf.tensor4d([1, 0, 0, 1], [1, 1, 2, 2]),
            bias: tf.tensor1d([0.5, -0.5]),
            strides: 1,
            pad: 0,
            activation: 'relu6',
          })
          .dataSync()
          .slice(),
      );
    await tf.setBackend('cpu');
    const expected = clipped();
    await useNativeBackend('float32');
    expect(clipped()).toEqual(expected);
  });

  it.each(
    (
      [
        ['float32', 1e-6],
        ['bfloat16', 0.01],
      ] as const
    ).filter(isHere),
  )(
    'multiplies negative values by the slope of their channel, behind a convolution and by itself, as the CPU backend does (%s)',
    async (activations, tolerance) => {
      const normal = (shape: number[], seed: number) =>
        tf.randomNormal(shape, 0, 2, 'float32', seed).arraySync();
      await tf.setBackend('cpu');
      const [x, w, slope] = [normal([2, 7, 7, 20], 1), normal([3, 3, 20, 20], 2), normal([20], 3)];
      const [dy, bias] = [normal([2, 7, 7, 20], 4), normal([20], 5)];
      const all = () =>
        tf.tidy(() => {
          const [image, slopes] = [tf.tensor(x) as tf.Tensor4D, tf.tensor(slope) as tf.Tensor1D];
          const behind = tf.fused.conv2d({
            x: image,
            filter: tf.tensor(w) as tf.Tensor4D,
            bias: tf.tensor(bias),
            strides: 1,
            pad: 1,
            activation: 'prelu',
            preluActivationWeights: slopes,
          });
          const gradients = tf.grads((own, other) =>
            tf.sum(tf.mul(sloped(own as tf.Tensor4D, other), tf.tensor(dy))),
          )([image, slopes]);
          return [behind, sloped(image, slopes), ...gradients].map((t) => t.dataSync<'float32'>().slice());
        });
      const expected = all();
      await useNativeBackend(activations);
      all().forEach((values, i) => {
        expect(relativeError(values, expected[i]!), `${i}`).toBeLessThan(tolerance);
      });
    },
  );
});
