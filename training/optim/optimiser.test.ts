import { createRng } from '@rounz/core/math/random.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { OptimiserConfig } from '../recipes/schema.ts';
import { Optimiser } from './optimiser.ts';

const STEPS = 25;
const RATE = 0.03;
const rng = createRng(11);
const draw = (count: number, spread: number) =>
  Array.from({ length: count }, () => rng.between(-spread, spread));

/** A kernel of two axes and a bias of one, with gradients that change from step to step. */
const START = { kernel: draw(6, 1), bias: draw(3, 1) };
const GRADIENTS = Array.from({ length: STEPS }, () => ({ kernel: draw(6, 2), bias: draw(3, 2) }));
type Name = keyof typeof START;
const NAMES: readonly Name[] = ['kernel', 'bias'];

beforeAll(() => tf.setBackend('cpu'));

/** What the optimiser under test makes of them. */
async function run(config: OptimiserConfig, breakAt?: number): Promise<Record<Name, number[]>> {
  const start = { kernel: tf.tensor2d(START.kernel, [2, 3]), bias: tf.tensor1d(START.bias) };
  const variables = new Map<string, tf.Variable>(NAMES.map((name) => [name, tf.variable(start[name])]));
  tf.dispose(start);
  let optimiser = new Optimiser(config);
  for (const [t, step] of GRADIENTS.entries()) {
    if (t === breakAt) {
      const slots = new Map(
        [...optimiser.slots()].map(([name, slot]) => [
          name,
          { shape: slot.shape, data: slot.dataSync<'float32'>().slice() },
        ]),
      );
      const { stepCount } = optimiser;
      optimiser.dispose();
      optimiser = new Optimiser(config);
      optimiser.restore(slots, stepCount);
    }
    const gradients = Object.fromEntries(
      [...variables].map(([name, variable]) => [
        variable.name,
        tf.tensor(step[name as Name], variable.shape),
      ]),
    );
    await optimiser.step(variables, gradients, () => RATE);
    tf.dispose(gradients);
  }
  optimiser.dispose();
  const values = (name: Name) => Array.from(variables.get(name)!.dataSync<'float32'>());
  const result = { kernel: values('kernel'), bias: values('bias') };
  for (const variable of variables.values()) variable.dispose();
  return result;
}

/** One value on its own, from its gradients: the published pseudo-code in plain numbers. */
type Scalar = (weight: number, gradients: readonly number[], decay: number) => number;

const sgd =
  (momentum: number, nesterov: boolean): Scalar =>
  (start, gradients, decay) => {
    let [weight, buffer] = [start, 0];
    for (const gradient of gradients) {
      const g = gradient + decay * weight;
      buffer = momentum * buffer + g;
      weight -= RATE * (nesterov ? g + momentum * buffer : buffer);
    }
    return weight;
  };

/** Loshchilov and Hutter 2019, algorithm 2; with decay 0 Kingma and Ba 2015, algorithm 1. */
const adam =
  (beta1: number, beta2: number, epsilon: number): Scalar =>
  (start, gradients, decay) => {
    let [weight, first, second] = [start, 0, 0];
    gradients.forEach((gradient, index) => {
      const t = index + 1;
      first = beta1 * first + (1 - beta1) * gradient;
      second = beta2 * second + (1 - beta2) * gradient ** 2;
      const direction = first / (1 - beta1 ** t) / (Math.sqrt(second / (1 - beta2 ** t)) + epsilon);
      weight -= RATE * direction + RATE * decay * weight;
    });
    return weight;
  };

function expectEach(found: Record<Name, number[]>, scalar: Scalar, decay: Record<Name, number>): void {
  for (const name of NAMES)
    START[name].forEach((start, i) => {
      const wanted = scalar(
        start,
        GRADIENTS.map((step) => step[name][i]!),
        decay[name],
      );
      expect(found[name][i]).toBeCloseTo(wanted, 4);
    });
}

const NO_CLIP = 1e9;
const SGD = { kind: 'sgd', rate: RATE, momentum: 0.9, clipNorm: NO_CLIP } as const;
const ADAM = { rate: RATE, beta1: 0.9, beta2: 0.99, epsilon: 1e-6, clipNorm: NO_CLIP } as const;
const NONE = { kernel: 0, bias: 0 };

describe('each optimiser against its pseudo-code in plain numbers', () => {
  it('SGD with momentum', async () => {
    expectEach(await run({ ...SGD, nesterov: false, weightDecay: 0 }), sgd(0.9, false), NONE);
  });

  it('SGD with Nesterov momentum, whose decay spares the bias', async () => {
    const found = await run({ ...SGD, nesterov: true, weightDecay: 0.05 });
    expectEach(found, sgd(0.9, true), { kernel: 0.05, bias: 0 });
  });

  it('Adam, which decays nothing', async () => {
    const found = await run({ ...ADAM, kind: 'adam' });
    expectEach(found, adam(0.9, 0.99, 1e-6), NONE);
  });

  it('AdamW, whose decay is apart from the gradient and spares the bias', async () => {
    const found = await run({ ...ADAM, kind: 'adamw', weightDecay: 0.05 });
    expectEach(found, adam(0.9, 0.99, 1e-6), { kernel: 0.05, bias: 0 });
  });
});

describe('clipping', () => {
  it('shortens the whole gradient to its length, and says how long it was', async () => {
    const weights = tf.variable(tf.tensor1d([0, 0])) as tf.Variable;
    const optimiser = new Optimiser({ ...SGD, momentum: 0, nesterov: false, weightDecay: 0, clipNorm: 1 });
    const gradient = tf.tensor1d([3, -4]);
    const norm = await optimiser.step(new Map([['w', weights]]), { [weights.name]: gradient }, () => 1);
    expect(norm).toBeCloseTo(5, 5);
    expect(weights.dataSync()[0]).toBeCloseTo(-0.6, 5);
    expect(weights.dataSync()[1]).toBeCloseTo(0.8, 5);
    optimiser.dispose();
    tf.dispose([weights, gradient]);
  });
});

describe('a state that was stored and restored', () => {
  it.each([
    ['AdamW', { ...ADAM, kind: 'adamw', weightDecay: 0.01 }],
    ['SGD', { ...SGD, nesterov: true, weightDecay: 0.01 }],
  ] as const)('goes on as if nothing had happened: %s', async (_, config) => {
    expect(await run(config, 9)).toEqual(await run(config));
  });
});

describe('tensors', () => {
  it('are given back', async () => {
    const config = { ...ADAM, kind: 'adamw', weightDecay: 0.01 } as const;
    const before = tf.memory().numTensors;
    await run(config);
    expect(tf.memory().numTensors).toBe(before);
  });
});
