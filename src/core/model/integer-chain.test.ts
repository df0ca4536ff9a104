import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../math/random.ts';
import { type Activation, type ConvUnit, MOBILENET, planNetwork } from './architecture.ts';
import { foldWeights, InferenceNetwork } from './inference-form.ts';
import { IntegerChain, type Link, linksOf } from './integer-chain.ts';
import { codesOf, rangeOf } from './integer-codes.ts';
import type { Architecture } from './manifest.ts';
import { packWeights, unpackWeights } from './weight-file.ts';
import { type HostTensor, type HostWeights, initialWeights } from './weights.ts';

/** Of a map's largest value: what 16 bits leave of a layer's inputs, through the layers behind it. */
const TOLERANCE = 2e-4;

const SMALL: Architecture = {
  ...MOBILENET,
  width: 8,
  blocks: [
    { outputs: 16, stride: 1 },
    { outputs: 24, stride: 2 },
    { outputs: 24, stride: 1 },
    { outputs: 40, stride: 2 },
  ],
  head: { neck: 16, side: 7, outputs: 12 },
  embeddingSize: 32,
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** As a model's file holds them: kernels of 8 bits. */
const stored = (weights: HostWeights): HostWeights => {
  const { bytes, tensors } = packWeights(weights, 'int8');
  return unpackWeights(tensors, bytes.slice().buffer as ArrayBuffer);
};

function random(shape: number[], seed: number): HostTensor {
  const next = mulberry32(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float32Array.from({ length: size }, () => next() * 2 - 1) };
}

function unit(conv: string, of: Partial<ConvUnit>): ConvUnit {
  const { outputs = 8, kernel = 1 } = of;
  const pad = (kernel - 1) / 2;
  const basis = { conv, norm: '', stride: 1, inputs: outputs, depthwise: false };
  return { ...basis, kernel, pad, outputs, activation: 'linear', ...of };
}

/** A 3x3 layer of each channel by itself and a 1x1 layer with their weights. */
function link(stride: number, inputs: number, outputs: number, activation: Activation) {
  const depthwise = unit('own', { kernel: 3, stride, outputs: inputs, depthwise: true, activation });
  const pointwise = unit('all', { inputs, outputs, activation });
  const weights = stored(
    new Map([
      ['own.kernel', random([3, 3, inputs, 1], 1)],
      ['own.bias', random([inputs], 2)],
      ['own.slope', random([inputs], 3)],
      ['all.kernel', random([1, 1, inputs, outputs], 4)],
      ['all.bias', random([outputs], 5)],
      ['all.slope', random([outputs], 6)],
    ]),
  );
  return { links: [{ depthwise, pointwise }] satisfies Link[], weights };
}

/** The same by tfjs. */
function expected(x: tf.Tensor4D, { depthwise, pointwise }: Link, weights: HostWeights): tf.Tensor4D {
  const tensor = (name: string) => tf.tensor(weights.get(name)!.data, [...weights.get(name)!.shape]);
  const act = (y: tf.Tensor, { conv, activation }: ConvUnit) => {
    if (activation === 'linear') return y as tf.Tensor4D;
    if (activation === 'prelu') return tf.prelu(y, tensor(`${conv}.slope`)) as tf.Tensor4D;
    return (activation === 'relu' ? tf.relu(y) : tf.relu6(y)) as tf.Tensor4D;
  };
  let y = x;
  if (depthwise) {
    const kernel = tensor('own.kernel') as tf.Tensor4D;
    y = act(tf.add(tf.depthwiseConv2d(y, kernel, depthwise.stride, 1), tensor('own.bias')), depthwise);
  }
  return act(tf.add(tf.conv2d(y, tensor('all.kernel') as tf.Tensor4D, 1, 0), tensor('all.bias')), pointwise);
}

const distance = (a: tf.Tensor, b: tf.Tensor): number =>
  tf.tidy(() => tf.div(tf.max(tf.abs(tf.sub(a, b))), tf.max(tf.abs(a))).dataSync()[0]!);

describe('IntegerChain', () => {
  it.each([
    ['halves a map of odd sides', 2, [2, 13, 9, 16], 'prelu'],
    ['keeps the size of a map', 1, [1, 6, 11, 16], 'relu'],
    ['cuts off at six', 1, [1, 5, 5, 16], 'relu6'],
    ['takes maps of fewer pixels than its tile', 2, [3, 1, 3, 16], 'linear'],
  ] as const)('%s', (_, stride, shape, activation) => {
    const { links, weights } = link(stride, 16, 24, activation);
    const chain = IntegerChain.of(links, weights)!;
    const x = tf.mul(tf.randomNormal([...shape], 0, 1, 'float32', 7), 3) as tf.Tensor4D;
    const wanted = expected(x, links[0]!, weights);
    const found = chain.apply(x);
    expect(found.shape).toEqual(wanted.shape);
    expect(distance(wanted, found)).toBeLessThan(TOLERANCE);
  });

  it('takes maps that are cut into strips, and another size afterwards', () => {
    const { links, weights } = link(1, 16, 8, 'prelu');
    const chain = IntegerChain.of(links, weights)!;
    for (const side of [80, 3, 80]) {
      const x = tf.randomNormal([1, side, side, 16], 0, 1, 'float32', side) as tf.Tensor4D;
      expect(distance(expected(x, links[0]!, weights), chain.apply(x))).toBeLessThan(TOLERANCE);
    }
  });

  it('computes a 1x1 layer by itself, and leaves a map of zeros at its bias', () => {
    const { links, weights } = link(1, 16, 8, 'linear');
    const alone = { depthwise: null, pointwise: links[0]!.pointwise };
    const chain = IntegerChain.of([alone], weights)!;
    const x = tf.randomNormal([1, 7, 7, 16], 0, 1, 'float32', 1) as tf.Tensor4D;
    expect(distance(expected(x, alone, weights), chain.apply(x))).toBeLessThan(TOLERANCE);
    const zeros = Array.from(chain.apply(tf.zeros([1, 1, 1, 16])).dataSync());
    expect(zeros).toEqual(Array.from(weights.get('all.bias')!.data));
  });

  it('adds up the largest codes and inputs without an overflow', () => {
    const inputs = 4096;
    const pointwise = unit('all', { inputs, outputs: 8 });
    const ones = { shape: [1, 1, inputs, 8], data: new Float32Array(inputs * 8).fill(1) };
    const bias = { shape: [8], data: new Float32Array(8) };
    const weights = stored(new Map([['all.kernel', ones] as const, ['all.bias', bias] as const]));
    const chain = IntegerChain.of([{ depthwise: null, pointwise }], weights)!;
    const [sum] = chain.apply(tf.ones([1, 2, 2, inputs])).dataSync();
    expect(sum! / inputs).toBeCloseTo(1, 4);
  });

  it('refuses layers of other kinds, and weights that are no 8-bit codes', () => {
    const { links, weights } = link(1, 16, 8, 'linear');
    const { depthwise, pointwise } = links[0]!;
    expect(linksOf([depthwise, pointwise, pointwise])).toHaveLength(2);
    expect(linksOf([depthwise])).toBeNull();
    expect(linksOf([depthwise, depthwise, pointwise])).toBeNull();
    expect(linksOf([unit('wide', { kernel: 3 })])).toBeNull();
    expect(linksOf([unit('odd', { outputs: 12 })])).toBeNull();
    const float = new Map(weights).set('all.kernel', random([1, 1, 16, 8], 9));
    expect(IntegerChain.of(links, float)).toBeNull();
    const missing = new Map(weights);
    missing.delete('own.bias');
    expect(() => IntegerChain.of(links, missing)).toThrow(/lacks own\.bias/);
  });
});

describe('codesOf', () => {
  it('finds what the file holds, a channel of zeros among it', () => {
    const kernel = random([1, 1, 300, 8], 3);
    for (let i = 0; i < 300; i++) kernel.data[i * 8 + 5] = 0;
    const { bytes, tensors } = packWeights(new Map([['k', kernel]]), 'int8');
    const codes = codesOf(unpackWeights(tensors, bytes.slice().buffer as ArrayBuffer).get('k')!)!;
    expect(Array.from(codes.values)).toEqual(Array.from(new Int8Array(bytes.slice(0, 2400).buffer)));
    expect(codes.scales[5]).toBe(0);
    expect(codes.scales[0]).toBeCloseTo(tensors[0]!.scales![0]!, 7);
    expect(rangeOf(codes)).toBe(32_767);
  });

  it('takes no kernel of NaN', () => {
    expect(codesOf({ shape: [1, 1, 1, 2], data: new Float32Array([1, Number.NaN]) })).toBeNull();
  });
});

describe('InferenceNetwork with integer products', () => {
  const plan = planNetwork(SMALL);
  const folded = foldWeights(plan, new Map(initialWeights(plan, mulberry32(5))));
  const images = () => tf.randomUniform([2, 28, 28, 3], -1, 1, 'float32', 5) as tf.Tensor4D;

  it('gives the embeddings of the float32 network, and leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const weights = stored(folded);
    const plain = new InferenceNetwork(plan, weights);
    const all = tf.memory().numTensors - before;
    const fast = new InferenceNetwork(plan, weights, { integer: true });
    // Four blocks and the neck are not on the backend.
    expect(tf.memory().numTensors - before - all).toBeLessThan(all / 2);
    tf.tidy(() => {
      const x = images();
      const rows = fast.forward(x);
      expect(distance(plain.forward(x), rows)).toBeLessThan(TOLERANCE);
      expect(distance(plain.map(x), fast.map(x))).toBeLessThan(TOLERANCE);
      expect(rows.shape).toEqual([2, 32]);
    });
    plain.dispose();
    fast.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('computes float32 weights as it does without', () => {
    const [plain, fast] = [
      new InferenceNetwork(plan, folded),
      new InferenceNetwork(plan, folded, { integer: true }),
    ];
    const off = tf.tidy(() => distance(plain.forward(images()), fast.forward(images())));
    expect(off).toBe(0);
    plain.dispose();
    fast.dispose();
  });
});
