import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import type { Golden } from '@rounz/core/model/golden.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportModel } from '../model/export.ts';
import { agrees, verifyOn } from '../model/verify.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { saveCheckpoint } from '../run/checkpoint.ts';
import { formatVerifications } from './verify.ts';

const folder = mkdtempSync(join(tmpdir(), 'verify-test-'));
const model = join(folder, 'model');
const goldenFile = join(model, 'golden.json');

beforeAll(async () => {
  await tf.setBackend('cpu');
  const config = {
    ...RECIPES['smoke']!,
    architecture: { ...RESNET50, blocks: [1, 1, 1, 1], width: 8, embeddingSize: 32 },
    sizes: [{ until: 1, size: 112 }],
  };
  const rng = createRng(4);
  const averaged = initialWeights(planNetwork(config.architecture), () => rng.next());
  const checkpoint = join(folder, 'checkpoint');
  saveCheckpoint(checkpoint, { config, imagesSeen: 7, steps: 1, backend: 'test', groups: { averaged } });
  await exportModel(checkpoint, model, { name: 'test', version: '0', dtype: 'float32' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The model with one golden value moved. */
function spoil(by: number): void {
  const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Golden;
  golden.cases[1]!.embedding[3]! += by;
  writeFileSync(goldenFile, JSON.stringify(golden));
}

describe('verify', () => {
  it('finds the golden embeddings again on another backend, in another process', async () => {
    const found = await verifyOn(model, 'wasm');
    expect(found).toMatchObject({ kind: 'replayed', backend: 'wasm' });
    expect(agrees(found)).toBe(true);
    expect(found.kind === 'replayed' && found.lowestCosine).toBeGreaterThan(0.99999);
  });

  it('says so where a value is off, and by how much', async () => {
    spoil(0.01);
    const found = await verifyOn(model, 'cpu');
    expect(found.kind === 'replayed' && found.worst).toBeCloseTo(0.01, 5);
    expect(agrees(found)).toBe(false);
    expect(formatVerifications([found])).toMatch(/cpu\s+DIFFERS\s+1\.0e-2/);
  });

  it('tells a backend that is not there from one that computes wrongly', async () => {
    const found = await verifyOn(model, 'abacus');
    expect(found).toMatchObject({ kind: 'absent', reason: expect.stringMatching(/abacus/) });
  });

  it('takes a value that is no number for no agreement', () => {
    const nan = {
      kind: 'replayed',
      backend: 'x',
      worst: Number.NaN,
      tolerance: 1,
      lowestCosine: 1,
      description: '',
    } as const;
    expect(agrees(nan)).toBe(false);
  });
});
