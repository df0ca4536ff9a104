import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { mulberry32 } from '../math/random.ts';
import { convUnits, MOBILENET, planNetwork, RESNET50, SFACE_RESNET50 } from './architecture.ts';
import { trainingBatchNorm } from './batch-norm.ts';
import { foldWeights, InferenceNetwork, normaliseRows } from './inference-form.ts';
import type { Architecture } from './manifest.ts';
import { forwardTraining } from './training-form.ts';
import { packWeights, unpackWeights } from './weight-file.ts';
import {
  checkTrainingWeights,
  foldedShapes,
  type HostTensor,
  initialWeights,
  toVariables,
  weightSpecs,
} from './weights.ts';

const SMALL: Architecture = { ...RESNET50, blocks: [1, 2, 1, 1], width: 8, embeddingSize: 32 };
const DEEP: Architecture = {
  ...SFACE_RESNET50,
  blocks: [1, 2, 3, 1],
  width: 8,
  head: { neck: 6, side: 3, outputs: 12 },
  embeddingSize: 32,
};
const SLOPED: Architecture = {
  ...MOBILENET,
  width: 4,
  blocks: MOBILENET.blocks.map(({ stride }) => ({ outputs: 8, stride })),
  head: { neck: 6, side: 3, outputs: 12 },
  embeddingSize: 32,
};

/** Weights whose norms have seen data: nothing is at its neutral start. */
function livedInWeights(architecture: Architecture, seed: number): Map<string, HostTensor> {
  const random = mulberry32(seed);
  const weights = new Map(initialWeights(planNetwork(architecture), random));
  for (const [name, tensor] of weights) {
    if (tensor.shape.length > 1) continue;
    const offset = name.endsWith('.beta') || name.endsWith('.mean') ? -0.5 : 0.5;
    weights.set(name, { shape: tensor.shape, data: tensor.data.map(() => random() + offset) });
  }
  return weights;
}

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('ResNet-50', () => {
  it('has the layers and the parameters of torchvision’s resnet50', () => {
    const specs = weightSpecs(planNetwork(RESNET50));
    const learned = specs.filter(
      ({ name }) => !/\.(mean|variance)$/.test(name) && !name.startsWith('embedding'),
    );
    const size = learned.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
    // 25,557,032 with its classifier of 2048 x 1000 + 1000
    expect(size).toBe(25_557_032 - 2_049_000);
    expect(specs.find(({ name }) => name === 'layer2.0.downsample.0.kernel')?.shape).toEqual([
      1, 1, 256, 512,
    ]);
  });

  it('halves the picture once more in the last stage, or not', () => {
    const strides = (architecture: Architecture) => {
      const units = convUnits(planNetwork(architecture));
      return ['layer4.0.conv2', 'layer4.0.downsample.0'].map(
        (name) => units.find(({ conv }) => conv === name)!.stride,
      );
    };
    expect(strides(RESNET50)).toEqual([2, 2]);
    expect(strides({ ...RESNET50, lastStride: 2 })).toEqual([2, 2]);
    expect(strides({ ...RESNET50, lastStride: 1 })).toEqual([1, 1]);
    // The same weights fit.
    expect(weightSpecs(planNetwork({ ...RESNET50, lastStride: 1 }))).toEqual(
      weightSpecs(planNetwork(RESNET50)),
    );
  });

  it('has wider bottlenecks, and shortcuts with a weight for each channel, in the stages that say so', () => {
    const plan = planNetwork({ ...SFACE_RESNET50, blocks: [1, 2, 3, 1] });
    const inner = plan.blocks.map(({ layers }) => layers.map(({ outputs }) => outputs));
    expect(inner[2]).toEqual([128, 128, 512]);
    expect(inner[3]).toEqual([512, 512, 1024]);
    expect(inner[6]).toEqual([512, 512, 2048]);
    const shortcut = ({ shortcut: way }: (typeof plan.blocks)[number]) =>
      typeof way === 'string' ? way : [way.inputs, way.outputs, way.depthwise];
    expect(plan.blocks.map(shortcut)).toEqual([
      [64, 256, false],
      [256, 512, false],
      'identity',
      [512, 1024, false],
      [1024, 1024, true],
      [1024, 1024, true],
      [1024, 2048, false],
    ]);
  });

  it.each([
    ['conv7-pool, last stride 2', { ...SMALL, stem: 'conv7-pool', lastStride: 2 }],
    ['conv3, last stride 2', { ...SMALL, stem: 'conv3', lastStride: 2 }],
    ['conv7-pool, last stride 1', { ...SMALL, stem: 'conv7-pool', lastStride: 1 }],
    ['a stem of three layers, slopes, and layers as shortcuts', DEEP],
    ['a MobileNet with slopes', SLOPED],
  ] as const)('folds its batch norms without a change (%s)', (_, architecture: Architecture) => {
    const plan = planNetwork(architecture);
    const weights = livedInWeights(architecture, 3);
    const images = tf.randomUniform([2, 48, 48, 3], -1, 1, 'float32', 5) as tf.Tensor4D;
    const variables = toVariables(weights);
    const network = new InferenceNetwork(plan, foldWeights(plan, weights));
    const expected = tf.tidy(() =>
      normaliseRows(forwardTraining(plan, variables, images, { kind: 'evaluate' })),
    );
    const actual = network.forward(images);
    const difference = tf.tidy(() => tf.max(tf.abs(tf.sub(expected, actual))).dataSync()[0]!);
    expect(difference).toBeLessThan(1e-4);
    // Not a comparison of zeros: rows differ and have unit length.
    const rows = actual.arraySync() as number[][];
    expect(Math.hypot(...rows[0]!)).toBeCloseTo(1, 5);
    expect(rows[0]).not.toEqual(rows[1]);
    tf.dispose([images, expected, actual, ...variables.values()]);
    network.dispose();
  });

  it('refuses weights of another network by name', () => {
    const plan = planNetwork(SMALL);
    const weights = new Map(livedInWeights(SMALL, 1));
    weights.delete('bn1.gamma');
    weights.set('fc.weight', { shape: [1], data: new Float32Array(1) });
    expect(() => checkTrainingWeights(plan, weights)).toThrow(
      /bn1\.gamma is missing.*fc\.weight does not belong/,
    );
  });

  it('leaves no tensor behind', () => {
    const plan = planNetwork(SMALL);
    const before = tf.memory().numTensors;
    const network = new InferenceNetwork(plan, foldWeights(plan, livedInWeights(SMALL, 2)));
    const images = tf.zeros([1, 48, 48, 3]) as tf.Tensor4D;
    const held = tf.memory().numTensors;
    for (let i = 0; i < 3; i++) network.forward(images).dispose();
    expect(tf.memory().numTensors).toBe(held);
    images.dispose();
    network.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('MobileNet', () => {
  it('has at most the 5 M weights of a light model, and the widths of SFace', () => {
    const plan = planNetwork(MOBILENET);
    const kernels = [...foldedShapes(plan).values()].map((shape) => shape.reduce((a, b) => a * b, 1));
    expect(kernels.reduce((sum, size) => sum + size, 0)).toBeLessThan(5e6);
    const widths = convUnits(plan).map(({ outputs }) => outputs);
    expect(widths.slice(0, 3)).toEqual([32, 32, 64]);
    expect(widths.slice(-4)).toEqual([1024, 1024, 224, 128]);
  });

  it('multiplies what is below zero by the slope of its channel', () => {
    const plan = planNetwork(SLOPED);
    const folded = foldWeights(plan, livedInWeights(SLOPED, 6));
    const images = tf.randomUniform([1, 48, 48, 3], -1, 1, 'float32', 8) as tf.Tensor4D;
    const embedded = (weights: typeof folded) =>
      tf.tidy(() => [...new InferenceNetwork(plan, weights).forward(images).dataSync()]);
    const flat = new Map(folded);
    for (const [name, { shape, data }] of folded)
      if (name.endsWith('.slope')) flat.set(name, { shape, data: data.map(() => 1) });
    // Slopes of 1 make the network linear in its input, up to its biases: twice the step gives twice the change.
    const along = (scale: number) =>
      tf.tidy(() => {
        const network = new InferenceNetwork(plan, flat);
        return [...network.project(network.features(tf.mul(images, scale)).pooled).dataSync()];
      });
    const [none, once, twice] = [along(0), along(1), along(2)];
    none.forEach((value, k) => {
      expect((twice[k]! - value) / (once[k]! - value)).toBeCloseTo(2, 3);
    });
    expect(embedded(folded)).not.toEqual(embedded(flat));
    images.dispose();
  });
});

describe('training batch norm', () => {
  const [x, gamma, beta, residual] = [[5, 4], [4], [4], [5, 4]].map((shape, i) =>
    Array.from({ length: shape.reduce((a, b) => a * b) }, (_, k) => Math.sin(7 * i + 3 * k)),
  );

  /** Plain TypeScript, from the definition. */
  function reference(values: number[], scale: number[], shift: number[], added: number[]): number[] {
    return values.map((value, i) => {
      const column = values.filter((_, k) => k % 4 === i % 4);
      const mean = column.reduce((a, b) => a + b) / 5;
      const variance = column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 5;
      const normal = (value - mean) / Math.sqrt(variance + 1e-3);
      return Math.max(0, normal * scale[i % 4]! + shift[i % 4]! + added[i]!);
    });
  }

  const apply = (values: tf.Tensor[]): tf.Tensor =>
    trainingBatchNorm(values[0]!, values[1]!, values[2]!, {
      epsilon: 1e-3,
      relu: true,
      residual: values[3]!,
    });

  const tensors = (): tf.Tensor[] => [
    tf.tensor2d(x!, [5, 4]),
    tf.tensor1d(gamma!),
    tf.tensor1d(beta!),
    tf.tensor2d(residual!, [5, 4]),
  ];

  it('equals the definition', () => {
    const expected = reference(x!, gamma!, beta!, residual!);
    tf.tidy(() => {
      const actual = apply(tensors()).dataSync();
      expected.forEach((value, i) => {
        expect(actual[i]).toBeCloseTo(value, 5);
      });
    });
  });

  it('has the gradient of finite differences in each input', () => {
    const weight = (i: number) => Math.cos(i);
    const loss = (inputs: number[][]) =>
      reference(inputs[0]!, inputs[1]!, inputs[2]!, inputs[3]!).reduce((sum, v, i) => sum + v * weight(i), 0);
    tf.tidy(() => {
      const weights = tf.tensor2d(
        Array.from({ length: 20 }, (_, i) => weight(i)),
        [5, 4],
      );
      const gradients = tf.grads((...inputs) => tf.sum(tf.mul(apply(inputs), weights)))(tensors());
      const start = [x!, gamma!, beta!, residual!];
      gradients.forEach((gradient, which) => {
        gradient.dataSync().forEach((value, i) => {
          const moved = (step: number) =>
            start.map((list, k) => (k === which ? list.map((v, j) => (j === i ? v + step : v)) : list));
          const slope = (loss(moved(1e-5)) - loss(moved(-1e-5))) / 2e-5;
          expect(value).toBeCloseTo(slope, 3);
        });
      });
    });
  });
});

afterEach(() => {
  tf.disposeVariables();
});

describe('packWeights', () => {
  it('gives each channel of a depthwise kernel a scale of its own, so that a small one keeps its eight bits', () => {
    const data = Float32Array.from({ length: 9 * 2 }, (_, i) => (i % 2 === 0 ? 100 : 0.01) * Math.sin(i + 1));
    const kernel = { shape: [3, 3, 2, 1], data };
    const { bytes, tensors } = packWeights(new Map([['dw.kernel', kernel]]), 'int8');
    const read = unpackWeights(tensors, bytes.buffer as ArrayBuffer).get('dw.kernel')!;
    read.data.forEach((value, i) => {
      expect(Math.abs(value - data[i]!)).toBeLessThan((i % 2 === 0 ? 100 : 0.01) / 200);
    });
  });
});
