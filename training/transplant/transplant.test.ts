import { createRng } from '@rounz/core/math/random.ts';
import { MOBILEFACENET, planNetwork, TRANSPLANT_RESNET50 } from '@rounz/core/model/architecture.ts';
import { foldWeights, InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import { type HostTensor, type HostWeights, initialWeights } from '@rounz/core/model/weights.ts';
import type * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';
import { MODEL_INPUTS, toImages } from '../samples/images.ts';
import { PACKAGE_MOBILEFACENET } from '../teacher/mobilefacenet-plan.ts';
import { measureOffsets, withRelu } from './offsets.ts';
import { transplant, widened } from './transplant.ts';

const plan = planNetwork(PACKAGE_MOBILEFACENET);

/** MobileFaceNet with random weights whose blocks all count, folded. */
function donor(): HostWeights {
  const rng = createRng(7);
  const start = initialWeights(plan, () => rng.next());
  const lively = [...start].map(([name, { shape, data }]): [string, HostTensor] => {
    if (name.endsWith('.gamma')) return [name, { shape, data: data.map(() => rng.between(0.3, 0.9)) }];
    if (name.endsWith('.beta')) return [name, { shape, data: data.map(() => rng.between(-0.4, 0.4)) }];
    return [name, { shape, data }];
  });
  return foldWeights(plan, new Map(lively));
}

/** Smooth coloured waves. */
function pictures(count: number): tf.Tensor4D {
  const rng = createRng(3);
  const pixels = new Uint8ClampedArray(count * 112 * 112 * 3);
  for (let n = 0; n < count; n++) {
    const [a, b, c] = [rng.between(0.02, 0.2), rng.between(0.02, 0.2), rng.between(0, 6)];
    for (let i = 0; i < 112 * 112 * 3; i++) {
      const [x, y] = [Math.floor(i / 3) % 112, Math.floor(i / 3 / 112)];
      pixels[n * 112 * 112 * 3 + i] = 128 + 100 * Math.sin(a * x + b * y * ((i % 3) + 1) + c);
    }
  }
  return toImages(pixels, count, MODEL_INPUTS.imagenet);
}

async function embeddings(network: InferenceNetwork, images: tf.Tensor4D): Promise<number[][]> {
  const rows = network.forward(images);
  const values = (await rows.array()) as number[][];
  rows.dispose();
  network.dispose();
  return values;
}

/** MobileFaceNet with ReLU for ReLU6, less some of its blocks. */
const less = (leftOut: readonly number[]) => {
  const relu = withRelu(plan);
  return { ...relu, blocks: relu.blocks.filter((_, index) => !leftOut.includes(index)) };
};

async function grafted(
  weights: HostWeights,
  images: tf.Tensor4D,
  architecture: ResNetArchitecture,
  leftOut: readonly number[],
): Promise<number[][]> {
  const offsets = await measureOffsets(weights, images, leftOut);
  const made = transplant(weights, offsets, { architecture, leftOut, rng: createRng(1) });
  return embeddings(new InferenceNetwork(planNetwork(architecture), made), images);
}

function largestDifference(wide: readonly number[][], narrow: readonly number[][]): number {
  return Math.max(...narrow.flatMap((row, i) => row.map((value, k) => Math.abs(value - wide[i]![k]!))));
}

describe('transplant', () => {
  beforeAll(useWasmBackend);

  it('makes a ResNet-50 that equals MobileFaceNet with ReLU for ReLU6', async () => {
    const [weights, images] = [donor(), pictures(4)];
    const wide = await grafted(weights, images, TRANSPLANT_RESNET50, []);
    const narrow = await embeddings(new InferenceNetwork(less([]), weights), images);
    expect(largestDifference(wide, narrow)).toBeLessThan(1e-4);
    expect(wide[0]!.slice(128).every((value) => value === 0)).toBe(true);
  });

  it('leaves two blocks out of a ResNet-50 with 3, 4, 6 and 3 blocks, and equals MobileFaceNet less these', async () => {
    const [weights, images] = [donor(), pictures(3)];
    const architecture: ResNetArchitecture = { ...TRANSPLANT_RESNET50, blocks: [3, 4, 6, 3] };
    const wide = await grafted(weights, images, architecture, [4, 10]);
    const narrow = await embeddings(new InferenceNetwork(less([4, 10]), weights), images);
    expect(largestDifference(wide, narrow)).toBeLessThan(1e-4);
    const whole = await embeddings(new InferenceNetwork(less([]), weights), images);
    expect(largestDifference(wide, whole)).toBeGreaterThan(1e-3);
  });

  it('refuses to leave out fewer blocks than the architecture lacks, and says which stage is full', () => {
    const zero = new Float32Array(128);
    const make = () =>
      transplant(donor(), [zero.slice(0, 64), zero, zero], {
        architecture: { ...TRANSPLANT_RESNET50, blocks: [3, 5, 6, 3] },
        leftOut: [],
        rng: createRng(1),
      });
    expect(make).toThrow('layer3 has room for 6 blocks of MobileFaceNet, not for 7 (5, 6, 7, 8, 9, 10, 11)');
  });
});

describe('widened', () => {
  it('keeps the embedding and fills the rest with zeros', async () => {
    await useWasmBackend();
    const [weights, images] = [donor(), pictures(2)];
    const narrow = await embeddings(new InferenceNetwork(plan, weights), images);
    const wide = await embeddings(
      new InferenceNetwork(planNetwork(MOBILEFACENET), widened(weights, MOBILEFACENET.embeddingSize)),
      images,
    );
    expect(wide[1]).toHaveLength(512);
    expect(largestDifference(wide, narrow)).toBeLessThan(1e-6);
  });
});
