import { existsSync } from 'node:fs';
import { createRng, type Rng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { useNativeBackend } from '../backend/native.ts';
import { useWasmBackend } from '../backend/wasm.ts';
import { ADDON } from '../native/build.ts';
import { TEACHER_SIZE } from './embeddings.ts';
import { MobileFaceNetTeacher } from './mobilefacenet.ts';
import { MobileFaceNet } from './mobilefacenet-network.ts';
import { FACESDK, obtainMobileFaceNet } from './mobilefacenet-weights.ts';
import { syntheticFace } from './synthetic-face.ts';

/** The network's shape with random weights and few channels. */
function randomWeights(rng: Rng, width = 8): HostWeights {
  const weights = new Map<string, HostTensor>();
  const draw = (count: number, low: number, high: number) =>
    Float32Array.from({ length: count }, () => rng.between(low, high));
  const layer = (conv: string, norm: string, shape: number[]) => {
    const fan = shape.slice(1).reduce((product, side) => product * side, 1);
    const [outputs] = shape as [number];
    const limit = Math.sqrt(6 / fan);
    weights.set(`${conv}.weight`, { shape, data: draw(outputs * fan, -limit, limit) });
    const parts = { weight: [0.5, 1.5], bias: [-0.5, 1], running_mean: [-1, 1], running_var: [0.5, 2] };
    for (const [part, range] of Object.entries(parts) as [string, [number, number]][])
      weights.set(`${norm}.${part}`, { shape: [outputs], data: draw(outputs, ...range) });
  };
  layer('conv1.0', 'conv1.1', [width, 3, 3, 3]);
  layer('dw_conv.depthwise', 'dw_conv.bn1', [width, 1, 3, 3]);
  layer('dw_conv.pointwise', 'dw_conv.bn2', [width, width, 1, 1]);
  for (let i = 0; i < 15; i++) {
    const name = `features.${i}.conv`;
    layer(`${name}.0.0`, `${name}.0.1`, [2 * width, width, 1, 1]);
    layer(`${name}.1.0`, `${name}.1.1`, [2 * width, 1, 3, 3]);
    layer(`${name}.2`, `${name}.3`, [width, 2 * width, 1, 1]);
  }
  layer('conv2.0', 'conv2.1', [4 * width, width, 1, 1]);
  layer('gdconv.depthwise', 'gdconv.bn', [4 * width, 1, 7, 7]);
  layer('conv3', 'bn', [TEACHER_SIZE, 4 * width, 1, 1]);
  return weights;
}

const distance = (a: Float32Array, b: Float32Array): number =>
  Math.hypot(...a.map((value, i) => value - b[i]!));

const FACES = [syntheticFace(1), syntheticFace(2)];

/** First values for each of them, from the same weights as an ONNX graph on another runtime. */
const GOLDEN = [
  [-0.02321, -0.13549, -0.07142, -0.03283, 0.08209, 0.15724],
  [-0.012, -0.02387, -0.04252, 0.00885, 0.00356, 0.09162],
] as const;

/** Embeds on the current backend, and asserts that nothing is left behind. */
async function embed(weights: HostWeights): Promise<Float32Array[]> {
  const before = tf.memory().numTensors;
  const teacher = new MobileFaceNetTeacher(new MobileFaceNet(weights));
  const rows = await teacher.embed(FACES);
  teacher.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return rows;
}

const backends: [string, boolean, () => Promise<unknown>][] = [
  ['wasm', true, useWasmBackend],
  ['native', existsSync(ADDON), () => useNativeBackend('float32')],
];

describe('MobileFaceNet as a teacher', () => {
  it.each(backends.filter(([, there]) => there))(
    'gives with random weights on %s what it gives on the CPU backend',
    async (_, __, start) => {
      const weights = randomWeights(createRng(3));
      await tf.setBackend('cpu');
      const expected = await embed(weights);
      // Two pictures that the network cannot tell apart would show nothing.
      expect(distance(expected[0]!, expected[1]!)).toBeGreaterThan(0.05);
      await start();
      (await embed(weights)).forEach((row, i) => {
        expect(dot(row, row)).toBeCloseTo(1, 5);
        expect(distance(row, expected[i]!)).toBeLessThan(1e-4);
      });
    },
    120_000,
  );

  it('names what another network’s weights lack', () => {
    const weights = new Map(randomWeights(createRng(3)));
    weights.delete('features.3.conv.2.weight');
    expect(() => new MobileFaceNet(weights)).toThrow(/lack features.3.conv.2.weight/);
  });

  it.skipIf(!existsSync(FACESDK.file))(
    'gives with its own weights what it was found to give (skipped until `teach` or `morph` has fetched them)',
    async () => {
      await useWasmBackend();
      const rows = await embed(await obtainMobileFaceNet());
      GOLDEN.forEach((values, i) => {
        values.forEach((value, k) => {
          expect(Math.abs(rows[i]![k]! - value)).toBeLessThan(1e-4);
        });
      });
    },
    120_000,
  );
});
