import { createRng, type Rng } from '@rounz/core/math/random.ts';
import { MOBILENET, planNetwork, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { MobileNetArchitecture, ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import { type HostTensor, type HostWeights, initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';
import { HALVED, sfaceResNet } from './sface-resnet.ts';
import { type HalfLayer, standIns } from './stand-ins.ts';

/** An eighth of all widths. */
const SHARE = 8;
const DONOR: MobileNetArchitecture = {
  ...MOBILENET,
  width: MOBILENET.width / SHARE,
  blocks: MOBILENET.blocks.map(({ outputs, stride }) => ({ outputs: outputs / SHARE, stride })),
  head: { neck: 24, side: 7, outputs: 16 },
  embeddingSize: 16,
};
const RESNET: ResNetArchitecture = {
  ...SFACE_RESNET50,
  width: SFACE_RESNET50.width / SHARE,
  head: DONOR.head,
  embeddingSize: 16,
};
const plan = planNetwork(DONOR);

/** Weights whose layers all count. */
function donor(rng: Rng): Map<string, HostTensor> {
  const start = initialWeights(plan, () => rng.next());
  const lively = [...start].map(([name, { shape, data }]): [string, HostTensor] => {
    const [low, high] = name.endsWith('.beta') ? [-0.4, 0.4] : [0.3, 0.9];
    return /\.(gamma|beta|slope)$/.test(name)
      ? [name, { shape, data: data.map(() => rng.between(low!, high!)) }]
      : [name, { shape, data }];
  });
  return foldWeights(plan, new Map(lively));
}

const images = (count: number) => tf.randomUniform([count, 112, 112, 3], -1, 1, 'float32', 3) as tf.Tensor4D;

const tensor = ({ shape, data }: HostTensor) => tf.tensor(data, [...shape]) as tf.Tensor as tf.Tensor4D;

/** SFace's map before block `from`, by the network itself. */
function mapBefore(weights: HostWeights, from: number, input: tf.Tensor4D): tf.Tensor4D {
  return new InferenceNetwork({ ...plan, blocks: plan.blocks.slice(0, from) }, weights).map(input);
}

/** A layer as a half layer's own words describe it, with tensor operations alone. */
function asHalf(weights: HostWeights, block: string, half: HalfLayer, x: tf.Tensor4D): tf.Tensor4D {
  const get = (name: string) => tensor(weights.get(`${block}.${name}`)!);
  const filtered = tf.add(
    tf.depthwiseConv2d(x, get('depthwise.kernel'), 1, 'same'),
    get('depthwise.bias'),
  ) as tf.Tensor4D;
  const hidden = tf.prelu(filtered as tf.Tensor, get('depthwise.slope')) as tf.Tensor4D;
  const kept = tf.gather(hidden, tf.tensor1d([...half.channels], 'int32'), 3) as tf.Tensor4D;
  const y = tf.addN([
    tf.conv2d(kept, tensor(half.kept), 1, 0),
    tf.conv2d(x, tensor(half.beside), 1, 0),
  ]) as tf.Tensor4D;
  return tf.prelu(tf.add(y, tf.tensor1d(half.bias)), get('pointwise.slope')) as tf.Tensor4D;
}

function randomHalf(C: number, rng: Rng): HalfLayer {
  const values = (size: number) => Float32Array.from({ length: size }, () => rng.between(-0.3, 0.3));
  return {
    channels: Array.from({ length: C / 2 }, (_, k) => 2 * k + (k % 2)),
    kept: { shape: [1, 1, C / 2, C], data: values((C / 2) * C) },
    beside: { shape: [1, 1, C, C], data: values(C * C) },
    bias: values(C),
  };
}

const largest = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

beforeAll(useWasmBackend);

describe('sfaceResNet', () => {
  it('computes what SFace computes, with half layers for the blocks that it has no room for', () => {
    const rng = createRng(5);
    const weights = donor(rng);
    const halves = HALVED.map(() => randomHalf(512 / SHARE, rng));
    const made = new InferenceNetwork(planNetwork(RESNET), sfaceResNet(weights, halves, rng, RESNET));
    const input = images(2);
    const own = made.forward(input);
    const middle = HALVED.reduce(
      (x, block, k) => asHalf(weights, `blocks.${block}`, halves[k]!, x),
      mapBefore(weights, HALVED[0], input),
    );
    // The rest of SFace as a network of its own, whose blocks have other numbers.
    const rest = planNetwork(DONOR).blocks.slice(HALVED.at(-1)! + 1);
    const end = new InferenceNetwork({ ...plan, stem: [], blocks: rest }, weights);
    const expected = end.forward(middle);
    expect(largest(own, expected)).toBeLessThan(1e-4);
    // Not a comparison of constants.
    expect(largest(tf.slice(own, [0, 0], [1, -1]), tf.slice(own, [1, 0], [1, -1]))).toBeGreaterThan(1e-3);
  });

  it('refuses another number of half layers than it has places for', () => {
    const rng = createRng(5);
    expect(() => sfaceResNet(donor(rng), [], rng, RESNET)).toThrow('takes 4 half layers, not 0');
  });
});

describe('standIns', () => {
  const C = 512 / SHARE;
  const half = (block: number) => ({ block: `blocks.${block}`, stride: 1, half: true });
  const map = (seed: number) => tf.randomNormal([4, 14, 14, C], 0, 1, 'float32', seed) as tf.Tensor4D;
  const maps = () => Array.from({ length: 12 }, (_, k) => map(10 + k));
  /** Blocks from..to of the donor by the network itself, of a map in their midst. */
  const through = (weights: HostWeights, from: number, to: number, x: tf.Tensor4D) =>
    new InferenceNetwork({ ...plan, stem: [], blocks: plan.blocks.slice(from, to) }, weights).map(x);
  const meanSquare = (a: tf.Tensor, b: tf.Tensor) => tf.mean(tf.squaredDifference(a, b)).dataSync()[0]!;

  it('misses nothing where half of the depthwise channels only pass what they get', async () => {
    const weights = donor(createRng(1));
    const { shape, data } = weights.get('blocks.6.depthwise.kernel')!;
    const passes = (c: number) => c % 2 === 0;
    weights.set('blocks.6.depthwise.kernel', {
      shape,
      // The centre is the fifth of nine positions.
      data: data.map((value, i) => (passes(i % C) ? Number(Math.floor(i / C) === 4) : value)),
    });
    weights.set('blocks.6.depthwise.slope', {
      shape: [C],
      data: Float32Array.from({ length: C }, (_, c) => (passes(c) ? 1 : 0.2)),
    });
    const missed: number[] = [];
    const { halves } = await standIns(weights, [half(6)], maps(), (_, share) => missed.push(share));
    expect(halves[0]!.channels).toEqual(Array.from({ length: C / 2 }, (_, k) => 2 * k + 1));
    expect(missed[0]).toBeLessThan(1e-3);
    const unseen = map(4);
    const made = asHalf(weights, 'blocks.6', halves[0]!, unseen);
    const exact = through(weights, 6, 7, unseen);
    expect(meanSquare(made, exact)).toBeLessThan(1e-3 * meanSquare(exact, tf.mean(exact)));
  });

  it('makes up in a layer behind for what a half layer misses', async () => {
    const weights = donor(createRng(2));
    const layers = [half(6), { block: 'blocks.7', stride: 1, half: false }];
    const missed: number[] = [];
    const { halves, corrected } = await standIns(weights, layers, maps(), (_, share) => missed.push(share));
    expect([...corrected.keys()]).toEqual(['blocks.7.pointwise.kernel', 'blocks.7.pointwise.bias']);
    expect(missed[0]).toBeGreaterThan(0.01);
    const unseen = map(4);
    const before = asHalf(weights, 'blocks.6', halves[0]!, unseen);
    const exact = through(weights, 6, 8, unseen);
    const error = (of: HostWeights) => meanSquare(through(of, 7, 8, before), exact);
    expect(error(new Map([...weights, ...corrected]))).toBeLessThan(error(weights));
  });
});
