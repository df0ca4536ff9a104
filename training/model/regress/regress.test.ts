import { createRng } from '@rounz/core/math/random.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../../backend/wasm.ts';
import { type LastLayer, NormalEquations } from './normal-equations.ts';
import { withoutRenderer } from './regress.ts';

const [FEATURES, WIDTH, ROWS] = [5, 3, 40];

describe('NormalEquations', () => {
  beforeAll(useWasmBackend);

  it('find the layer that made the targets, from batches of any size', async () => {
    const rng = createRng(2);
    const draw = (count: number) => Array.from({ length: count }, () => rng.between(-1, 1));
    const [kernel, bias] = [draw(FEATURES * WIDTH), draw(WIDTH)];
    const sums = new NormalEquations(FEATURES, WIDTH);
    for (const count of [ROWS, 7]) {
      const x = draw(count * FEATURES);
      const rows = tf.concat([tf.tensor2d(x, [count, FEATURES]), tf.ones([count, 1])], 1) as tf.Tensor2D;
      const y = Array.from({ length: count * WIDTH }, (_, at) => {
        const [row, column] = [Math.floor(at / WIDTH), at % WIDTH];
        const products = Array.from(
          { length: FEATURES },
          (_, i) => x[row * FEATURES + i]! * kernel[i * WIDTH + column]!,
        );
        return products.reduce((sum, value) => sum + value, bias[column]!);
      });
      await sums.add(rows, tf.tensor2d(y, [count, WIDTH]));
    }
    const layer = sums.solve(0);
    layer.kernel.forEach((value, i) => {
      expect(value).toBeCloseTo(kernel[i]!, 3);
    });
    layer.bias.forEach((value, i) => {
      expect(value).toBeCloseTo(bias[i]!, 3);
    });
    const shrunk = sums.solve(10);
    expect(Math.hypot(...shrunk.kernel)).toBeLessThan(Math.hypot(...layer.kernel) / 2);
  });
});

describe('withoutRenderer', () => {
  it('gives the mean rendered face what it gives the mean photograph, which stays where it was', () => {
    const rng = createRng(4);
    const draw = (count: number) => Float32Array.from({ length: count }, () => rng.between(-1, 1));
    const layer = { kernel: draw(FEATURES * WIDTH), bias: draw(WIDTH) };
    const [photographed, rendered] = [Float64Array.from(draw(FEATURES)), Float64Array.from(draw(FEATURES))];
    const apply = ({ kernel, bias }: LastLayer, x: Float64Array) =>
      Array.from(bias, (value, column) =>
        x.reduce((sum, feature, i) => sum + feature * kernel[i * WIDTH + column]!, value),
      );
    const without = withoutRenderer(layer, photographed, rendered);
    const before = apply(layer, photographed);
    apply(without, photographed).forEach((value, i) => {
      expect(value).toBeCloseTo(before[i]!, 5);
    });
    apply(without, rendered).forEach((value, i) => {
      expect(value).toBeCloseTo(before[i]!, 5);
    });
    expect(Math.hypot(...apply(layer, rendered).map((value, i) => value - before[i]!))).toBeGreaterThan(0.1);
  });
});
