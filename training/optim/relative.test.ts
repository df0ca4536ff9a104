import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { Optimiser } from './optimiser.ts';

it('a relative rate turns kernels by a share of their size, and vectors by their own rate', async () => {
  await tf.setBackend('cpu');
  const kernel = tf.variable(
    tf.tensor2d([
      [3, -4],
      [0, 5],
    ]),
  );
  const norm = tf.variable(tf.tensor1d([1, 1]));
  const optimiser = new Optimiser({
    kind: 'adamw',
    rate: 0.01,
    relative: { vectorRate: 0.002 },
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-12,
    weightDecay: 0,
    clipNorm: 1e9,
  });
  const variables = new Map<string, tf.Variable>([
    ['kernel', kernel as tf.Variable],
    ['norm', norm as tf.Variable],
  ]);
  const gradients = {
    [kernel.name]: tf.tensor2d([
      [1, -2],
      [3, 4],
    ]),
    [norm.name]: tf.tensor1d([0.5, -7]),
  };
  await optimiser.step(variables, gradients, () => 0.01);
  // Adam's first step is the sign of the gradient times the rate.
  const turn = 0.01 * Math.sqrt((9 + 16 + 0 + 25) / 4);
  [3 - turn, -4 + turn, -turn, 5 - turn].forEach((value, i) => {
    expect(kernel.dataSync()[i]).toBeCloseTo(value, 5);
  });
  expect(norm.dataSync()[0]).toBeCloseTo(1 - 0.002, 5);
  expect(norm.dataSync()[1]).toBeCloseTo(1 + 0.002, 5);
  optimiser.dispose();
});
