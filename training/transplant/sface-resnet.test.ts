import { createRng, type Rng } from '@rounz/core/math/random.ts';
import { MOBILENET, planNetwork, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { MobileNetArchitecture, ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import { type HostTensor, initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';
import { FoldedNetwork } from '../run/folded-network.ts';
import { sfaceResNet } from './sface-resnet.ts';

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

/** Between which values vectors of a kind are drawn, so that all layers count and no picture is drowned by biases. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  beta: [-0.2, 0.2],
  gamma: [1, 2],
  slope: [0.3, 0.9],
};

function donor(rng: Rng): Map<string, HostTensor> {
  const start = initialWeights(plan, () => rng.next());
  const lively = [...start].map(([name, { shape, data }]): [string, HostTensor] => {
    const range = RANGES[name.split('.').at(-1)!];
    return [name, { shape, data: range ? data.map(() => rng.between(...range)) : data }];
  });
  return foldWeights(plan, new Map(lively));
}

/** A dark and a bright picture. */
const images = () =>
  tf.stack([
    tf.randomUniform([112, 112, 3], -1, -0.8, 'float32', 3),
    tf.randomUniform([112, 112, 3], 0, 1, 'float32', 4),
  ]) as tf.Tensor4D;

const largest = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0]!;

beforeAll(useWasmBackend);

describe('sfaceResNet', () => {
  it('computes what SFace computes', () => {
    const rng = createRng(5);
    const weights = donor(rng);
    const made = new InferenceNetwork(planNetwork(RESNET), sfaceResNet(weights, rng, RESNET));
    const input = images();
    const own = made.forward(input);
    expect(largest(own, new InferenceNetwork(plan, weights).forward(input))).toBeLessThan(1e-4);
    // Not a comparison of constants.
    expect(largest(tf.slice(own, [0, 0], [1, -1]), tf.slice(own, [1, 0], [1, -1]))).toBeGreaterThan(1e-3);
  });

  const C = 512 / SHARE;
  // What begins at zero, and the first of its input channels that SFace leaves free.
  it.each([
    ['a block of its own', 'layer2.3.conv3', 0],
    ['channels beside SFace’s map', 'layer3.3.conv1', C],
    ['half of a bottleneck', 'layer3.0.conv3', C / 2],
  ])('leaves %s that training can use: what reads it is zero and gets a gradient', (_, layer, from) => {
    const rng = createRng(5);
    const folded = sfaceResNet(donor(rng), rng, RESNET);
    const network = new FoldedNetwork(planNetwork(RESNET), folded, folded);
    const variables = network.trainable();
    const reader = variables.get(`${layer}.kernel`)!;
    const free = (kernel: tf.Tensor) =>
      tf.max(tf.abs(tf.slice(kernel, [0, 0, from, 0], [-1, -1, -1, -1]))).dataSync()[0];
    expect(free(reader)).toBe(0);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.square(network.forward(images()).embeddings)) as tf.Scalar,
      [reader],
    );
    expect(free(grads[reader.name]!)).toBeGreaterThan(0);
  });
});
