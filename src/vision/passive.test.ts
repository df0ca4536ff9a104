import { PASSIVE_VIEWS } from '@rounz/core/liveness/passive/config.ts';
import type { PassiveManifest } from '@rounz/core/liveness/passive/manifest.ts';
import { loadPassiveModel } from '@rounz/core/liveness/passive/model.ts';
import { passiveShapes } from '@rounz/core/liveness/passive/network.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { packWeights } from '@rounz/core/model/weight-file.ts';
import { systemClock } from '@rounz/core/time/clock.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { VisionError } from './errors.ts';
import type { PassiveFiles } from './model-files.ts';
import { createPassiveCheck } from './passive.ts';

const rng = createRng(9);
const pixels = (size: number) =>
  Uint8ClampedArray.from({ length: size * size * 3 }, () => rng.between(0, 255));
const views = { context: pixels(PASSIVE_VIEWS.context.size), detail: pixels(PASSIVE_VIEWS.detail.size) };
const text = (bytes: Uint8ClampedArray) => Buffer.from(bytes).toString('base64');

/** Files of a network with random weights whose golden score is right. */
async function filesOf(): Promise<PassiveFiles> {
  const { bytes, tensors } = packWeights(
    new Map(
      [...passiveShapes()].map(([name, shape]) => {
        const size = shape.reduce((product, side) => product * side, 1);
        return [name, { shape, data: Float32Array.from({ length: size }, () => rng.between(-0.1, 0.1)) }];
      }),
    ),
    'float16',
  );
  const file = { path: 'x', bytes: bytes.length, sha256: '0'.repeat(64) };
  const manifest: PassiveManifest = {
    format: 1,
    name: 'rounz-passive',
    version: '9',
    modelHash: file.sha256,
    weights: file,
    golden: file,
    tensors,
    threshold: 0.25,
  };
  const weights = bytes.buffer as ArrayBuffer;
  const model = loadPassiveModel(manifest, weights);
  const score = await model.score(views);
  model.dispose();
  const golden = {
    tolerance: 1e-3,
    cases: [{ context: text(views.context), detail: text(views.detail), score }],
  };
  return { manifest, weights, golden };
}

describe('the passive check', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('loads, looks at a face, and leaves nothing behind once it is off', async () => {
    const files = await filesOf();
    const before = tf.memory().numTensors;
    const check = createPassiveCheck(systemClock, async () => files);
    expect(check.model()).toBeNull();
    expect(await check.use('somewhere/')).toMatchObject({ kind: 'ready', version: '9' });
    const held = tf.memory().numTensors;
    expect(await check.model()!.score(views)).toBeTypeOf('number');
    expect(tf.memory().numTensors).toBe(held);
    expect(check.model()!.threshold).toBe(0.25);
    expect(await check.use(null)).toEqual({ kind: 'off' });
    expect(check.model()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says what is wrong with files that are missing, and has no model then', async () => {
    const check = createPassiveCheck(systemClock, async () => {
      throw new VisionError('model-missing', 'weights.bin is not there.');
    });
    expect(await check.use('somewhere/')).toEqual({
      kind: 'failed',
      detail: expect.stringContaining('weights.bin is not there'),
    });
    expect(check.model()).toBeNull();
  });

  it('refuses weights that compute other scores than the trainer did', async () => {
    const files = await filesOf();
    const golden = files.golden as { tolerance: number; cases: { score: number }[] };
    const wrong = { ...golden, cases: golden.cases.map((one) => ({ ...one, score: one.score + 1 })) };
    const before = tf.memory().numTensors;
    const check = createPassiveCheck(systemClock, async () => ({ ...files, golden: wrong }));
    expect(await check.use('somewhere/')).toEqual({
      kind: 'failed',
      detail: expect.stringContaining('other scores'),
    });
    expect(check.model()).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
  });
});
