import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { COMPOSED_KERNELS, registerComposed } from './composed-kernels.ts';

/** tfjs' CPU backend under another name, with the compositions in place of its own kernels. */
const COMPOSED = 'cpu-composed';

beforeAll(async () => {
  const create = tf.findBackendFactory('cpu');
  tf.registerBackend(COMPOSED, create);
  tf.copyRegisteredKernels('cpu', COMPOSED);
  registerComposed(COMPOSED, COMPOSED_KERNELS, (a, b) => tf.matMul(a, b, true));
});

/** The values of `compute` on a backend; its inputs must be made within. */
async function on(backend: string, compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  await tf.setBackend(backend);
  const tensors = tf.tidy(compute);
  const values = tensors.map((tensor) => tensor.dataSync<'float32'>().slice());
  tf.dispose(tensors);
  return values;
}

function expectClose(found: Float32Array, wanted: Float32Array): void {
  expect(found).toHaveLength(wanted.length);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  found.forEach((value, i) => {
    expect(Math.abs(value - wanted[i]!)).toBeLessThan(1e-5 * largest + 1e-7);
  });
}

const normal = (shape: [number, number, number, number], seed: number): tf.Tensor4D =>
  tf.randomNormal(shape, 0, 1, 'float32', seed);

describe('a depthwise convolution’s gradients', () => {
  // height, width, channels, kernel, stride, padding: windows that leave a rest, and one as large as the picture
  it.each([
    [9, 9, 3, 3, 1, 1],
    [10, 7, 16, 3, 2, 1],
    [7, 7, 5, 7, 1, 0],
    [8, 9, 4, 1, 2, 0],
    [7, 8, 2, 3, 2, 0],
  ])('are the CPU backend’s: %i x %i x %i, kernel %i, stride %i, padding %i', async (...geometry) => {
    const [height, width, channels, kernel, stride, pad] = geometry;
    const gradients = () => {
      const y = (x: tf.Tensor, w: tf.Tensor) =>
        tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
      const x = normal([2, height, width, channels], 1);
      const w = normal([kernel, kernel, channels, 1], 2);
      const slopes = normal(y(x, w).shape, 3);
      return tf.grads((a, b) => tf.sum(tf.mul(y(a!, b!), slopes)))([x, w]);
    };
    const [wanted, found] = [await on('cpu', gradients), await on(COMPOSED, gradients)];
    found.forEach((values, i) => {
      expectClose(values, wanted[i]!);
    });
  });
});

describe('a convolution’s gradients', () => {
  // height, width, channels in, kernel, stride, padding, channels out: thin and wide inputs, windows that leave a rest
  it.each([
    [9, 9, 3, 7, 2, 3, 5],
    [10, 7, 16, 3, 1, 1, 8],
    [10, 7, 20, 3, 2, 1, 4],
    [8, 9, 4, 1, 2, 0, 6],
    [6, 6, 18, 1, 1, 0, 3],
    [7, 8, 2, 3, 2, 0, 3],
  ])('are the CPU backend’s: %i x %i x %i, kernel %i, stride %i, padding %i', async (...geometry) => {
    const [height, width, inputs, kernel, stride, pad, outputs] = geometry;
    const gradients = () => {
      const y = (x: tf.Tensor, w: tf.Tensor) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, stride, pad);
      const x = normal([2, height, width, inputs], 1);
      const w = normal([kernel, kernel, inputs, outputs], 2);
      const slopes = normal(y(x, w).shape, 3);
      return tf.grads((a, b) => tf.sum(tf.mul(y(a!, b!), slopes)))([x, w]);
    };
    const [wanted, found] = [await on('cpu', gradients), await on(COMPOSED, gradients)];
    found.forEach((values, i) => {
      expectClose(values, wanted[i]!);
    });
  });

  it('are the finite differences of the convolution', async () => {
    await tf.setBackend(COMPOSED);
    const x = normal([1, 5, 5, 2], 4);
    const w = normal([3, 3, 2, 2], 5);
    const loss = (a: tf.Tensor, b: tf.Tensor): tf.Scalar =>
      tf.sum(tf.sin(tf.conv2d(a as tf.Tensor4D, b as tf.Tensor4D, 2, 1)));
    const [dx, dw] = tf.grads((a, b) => loss(a!, b!))([x, w]);
    const step = 1e-2;
    const slope = (which: 0 | 1, index: number): number => {
      const moved = (by: number): number =>
        tf.tidy(() => {
          const inputs: tf.Tensor[] = [x, w];
          const values = inputs[which]!.dataSync().slice();
          values[index]! += by;
          inputs[which] = tf.tensor(values, inputs[which]!.shape);
          return loss(inputs[0]!, inputs[1]!).dataSync()[0]!;
        });
      return (moved(step) - moved(-step)) / (2 * step);
    };
    for (const index of [0, 7, 24, 49]) expect(dx!.dataSync()[index]).toBeCloseTo(slope(0, index), 2);
    for (const index of [0, 11, 22, 35]) expect(dw!.dataSync()[index]).toBeCloseTo(slope(1, index), 2);
  });

  it('refuse padding beyond the window, for which there is no such convolution', async () => {
    await tf.setBackend(COMPOSED);
    const x = normal([1, 4, 4, 1], 1);
    const w = normal([1, 1, 1, 1], 2);
    expect(() => tf.grad((a) => tf.sum(tf.conv2d(a as tf.Tensor4D, w, 1, 2)))(x)).toThrow(/pads more/);
  });
});

describe('max pooling’s gradient', () => {
  it.each([
    [9, 8, 3, 2, 1],
    [8, 8, 2, 2, 0],
    [7, 7, 3, 2, 0],
  ])(
    'is the CPU backend’s: %i x %i, window %i, stride %i, padding %i',
    async (height, width, size, stride, pad) => {
      const gradient = () => {
        // All below zero, where tfjs' WASM kernel takes the padding for the largest; and many equal values.
        const x = tf.sub(tf.round(tf.mul(normal([2, height, width, 3], 6), 2)), 20) as tf.Tensor4D;
        const pool = (a: tf.Tensor) => tf.maxPool(a as tf.Tensor4D, size, stride, pad);
        const slopes = normal(pool(x).shape, 7);
        return [tf.grad((a) => tf.sum(tf.mul(pool(a), slopes)))(x)];
      };
      const [[wanted], [found]] = [await on('cpu', gradient), await on(COMPOSED, gradient)];
      expectClose(found!, wanted!);
    },
  );
});

describe('one-hot rows', () => {
  it('have their value at the index, and nothing outside the depth', async () => {
    const rows = () => [tf.oneHot(tf.tensor1d([2, -1, 0, 3], 'int32'), 3, 5, -1, 'float32')];
    const [found] = await on(COMPOSED, rows);
    expect([...found!]).toEqual([-1, -1, 5, -1, -1, -1, 5, -1, -1, -1, -1, -1]);
  });

  it('are of the type that was asked for, floats on tfjs’ WASM backend too', async () => {
    const { chooseBackend } = await import('./ladder.ts');
    await chooseBackend('wasm', { say: () => {} });
    const rows = tf.oneHot(tf.tensor1d([1], 'int32'), 2, 1, 0, 'float32');
    expect(rows.dtype).toBe('float32');
    expect([...rows.dataSync()]).toEqual([0, 1]);
  });
});

it('a composed kernel disposes every tensor that it makes', async () => {
  await tf.setBackend(COMPOSED);
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    const w = normal([3, 3, 4, 4], 1);
    const y = (x: tf.Tensor) => tf.maxPool(tf.conv2d(x as tf.Tensor4D, w, 1, 1), 3, 2, 1);
    tf.grad((x) => tf.sum(y(x)))(normal([1, 8, 8, 4], 2));
  });
  expect(tf.memory().numTensors).toBe(before);
});
