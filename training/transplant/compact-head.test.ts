import { createRng } from '@rounz/core/math/random.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';
import { compactHead, HeadSums } from './compact-head.ts';

const [INPUTS, SIDE, OUTPUTS, FACES] = [12, 3, 5, 60];

const rng = createRng(11);
const random = (shape: readonly number[]): HostTensor => ({
  shape,
  data: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => rng.between(-1, 1)),
});

const diagonal = (scale: Float32Array): HostTensor => {
  const data = new Float32Array(INPUTS * INPUTS);
  scale.forEach((value, c) => {
    data[c * INPUTS + c] = value;
  });
  return { shape: [1, 1, INPUTS, INPUTS], data };
};

/** A neck that scales and shifts each channel, and a layer over its whole map. */
const head: HostWeights = new Map([
  ['neck.kernel', diagonal(random([INPUTS]).data.map((value) => value + 1.5))],
  ['neck.bias', random([INPUTS])],
  ['whole.kernel', random([SIDE, SIDE, INPUTS, OUTPUTS])],
  ['whole.bias', random([OUTPUTS])],
]);

/** Maps that vary in `rank` directions of their channels. */
function maps(rank: number): tf.Tensor4D {
  const directions = random([rank, INPUTS]).data;
  const centre = random([INPUTS]).data;
  const data = Array.from({ length: FACES * SIDE * SIDE }, () => {
    const along = Array.from({ length: rank }, () => rng.between(-1, 1));
    return Array.from(centre, (value, c) =>
      along.reduce((sum, size, k) => sum + size * directions[k * INPUTS + c]!, value),
    );
  });
  return tf.tensor4d(data.flat(), [FACES, SIDE, SIDE, INPUTS]);
}

const conv = (x: tf.Tensor4D, weights: HostWeights, name: string): tf.Tensor4D => {
  const { shape, data } = weights.get(`${name}.kernel`)!;
  const kernel = tf.tensor4d(data, [...shape] as [number, number, number, number]);
  return tf.add(tf.conv2d(x, kernel, 1, 'valid'), tf.tensor1d(weights.get(`${name}.bias`)!.data));
};

async function compacted(x: tf.Tensor4D, width: number): Promise<HostWeights> {
  const sums = new HeadSums(INPUTS, SIDE * SIDE);
  // In parts, as the command measures them.
  for (const from of [0, 25]) await sums.add(conv(tf.slice(x, from, from ? FACES - 25 : 25), head, 'neck'));
  return compactHead(head, sums.statistics(), width);
}

/** Mean square difference of the outputs from those of the whole head. */
function error(x: tf.Tensor4D, weights: HostWeights): number {
  const outputs = (of: HostWeights) => conv(conv(x, of, 'neck'), of, 'whole');
  return tf.tidy(() => tf.mean(tf.squaredDifference(outputs(head), outputs(weights))).dataSync()[0]!);
}

/** The head whose neck keeps the first channels alone. */
function cut(width: number): HostWeights {
  const keeps = (name: string, axisLength: number, inner: number): HostTensor => {
    const { data } = head.get(name)!;
    return { shape: [], data: data.filter((_, i) => Math.floor(i / inner) % axisLength < width) };
  };
  return new Map([
    ['neck.kernel', { ...keeps('neck.kernel', INPUTS, 1), shape: [1, 1, INPUTS, width] }],
    ['neck.bias', { ...keeps('neck.bias', INPUTS, 1), shape: [width] }],
    ['whole.kernel', { ...keeps('whole.kernel', INPUTS, OUTPUTS), shape: [SIDE, SIDE, width, OUTPUTS] }],
    ['whole.bias', head.get('whole.bias')!],
  ]);
}

beforeAll(useWasmBackend);

describe('compactHead', () => {
  it('changes nothing where the neck keeps its width', async () => {
    const x = maps(INPUTS);
    expect(error(x, await compacted(x, INPUTS))).toBeLessThan(1e-6);
  });

  it('changes next to nothing where the maps vary in no more directions than the neck has channels', async () => {
    const x = maps(4);
    const changed = error(x, await compacted(x, 4));
    expect(changed).toBeLessThan(1e-3);
    expect(changed).toBeLessThan(error(x, cut(4)) / 1_000);
  });

  it('changes less the wider the neck is, and less than a neck that keeps some channels', async () => {
    const x = maps(INPUTS);
    const errors = [];
    for (const width of [2, 4, 8]) errors.push(error(x, await compacted(x, width)));
    expect(errors).toEqual(errors.toSorted((a, b) => b - a));
    expect(errors[2]).toBeLessThan(error(x, cut(8)));
  });

  it('needs the maps of faces', () => {
    expect(() => new HeadSums(INPUTS, 9).statistics()).toThrow(/there are none/);
  });
});
