import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import { packWeights, unpackWeights } from '@rounz/core/model/weight-file.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../data/detector-models.ts';
import { WEIGHT_TYPES } from '../model/export.ts';
import { patternCrop } from '../model/golden.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { saveCheckpoint } from '../run/checkpoint.ts';
import type { Captures } from './collect.ts';
import { agreement, embedderOf, formatLosses, unroundedRun } from './number-formats.ts';
import { allPairTrials } from './trials.ts';

const folder = mkdtempSync(join(tmpdir(), 'formats-test-'));
const config = {
  ...RECIPES['smoke']!,
  architecture: { ...RESNET50, blocks: [1, 1, 1, 1], width: 8, embeddingSize: 32 },
  sizes: [{ until: 1, size: 64 }],
};

beforeAll(async () => {
  await useWasmBackend();
  const rng = createRng(6);
  const averaged = initialWeights(planNetwork(config.architecture), () => rng.next());
  saveCheckpoint(join(folder, 'checkpoint'), {
    config,
    imagesSeen: 9,
    steps: 1,
    backend: 'test',
    groups: { averaged },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('8 bits', () => {
  it('are off by half a step of their own channel at most', () => {
    const rng = createRng(1);
    const data = Float32Array.from({ length: 9 * 5 }, (_, i) => rng.between(-1, 1) * 10 ** ((i % 5) - 2));
    const { bytes, tensors } = packWeights(new Map([['k', { shape: [3, 3, 1, 5], data }]]), 'int8');
    const back = unpackWeights(tensors, bytes.buffer as ArrayBuffer).get('k')!.data;
    for (let channel = 0; channel < 5; channel++) {
      const own = [...data].filter((_, i) => i % 5 === channel);
      const step = Math.max(...own.map(Math.abs)) / 127;
      const worst = Math.max(...[...data].map((v, i) => (i % 5 === channel ? Math.abs(v - back[i]!) : 0)));
      expect(worst).toBeLessThanOrEqual(step * 0.5000001);
      expect(worst).toBeGreaterThan(step * 0.1);
    }
  });
});

describe('grouped 8 bits', () => {
  /** A kernel like a transplanted one: a large diagonal, small weights beside it; rows no multiple of a group. */
  const side = 40;
  const rng = createRng(2);
  const data = Float32Array.from({ length: 3 * 3 * side * side }, (_, i) =>
    Math.floor(i / side) % side === i % side ? rng.between(0.5, 1) : rng.between(-0.004, 0.004),
  );
  const there = (dtype: 'int8' | 'int8-grouped') => {
    const { bytes, tensors } = packWeights(new Map([['k', { shape: [3, 3, side, side], data }]]), dtype);
    return { size: bytes.length, data: unpackWeights(tensors, bytes.buffer as ArrayBuffer).get('k')!.data };
  };
  const noise = (back: Float32Array) => data.reduce((sum, v, i) => sum + (v - back[i]!) ** 2, 0);

  it('keep small weights beside a large one, which one scale for a channel rounds to nothing', () => {
    const [plain, grouped] = [there('int8'), there('int8-grouped')];
    expect(noise(grouped.data)).toBeLessThan(noise(plain.data) / 1.2);
    expect(grouped.size).toBeLessThan(data.length * 1.1);
  });

  it('are off by little more than half a step of their own group', () => {
    const { data: back } = there('int8-grouped');
    for (let start = 0; start < data.length; start += 32 * side)
      for (let o = 0; o < side; o++) {
        const own = Array.from({ length: 32 }, (_, row) => start + row * side + o).filter(
          (i) => i < data.length,
        );
        const step = Math.max(...own.map((i) => Math.abs(data[i]!))) / 127;
        for (const i of own) expect(Math.abs(data[i]! - back[i]!)).toBeLessThanOrEqual(step * 0.6);
      }
  });

  it('are refused where the scales are cut off', () => {
    const { bytes, tensors } = packWeights(
      new Map([['k', { shape: [3, 3, side, side], data }]]),
      'int8-grouped',
    );
    const cut = [{ ...tensors[0]!, bytes: tensors[0]!.bytes - 2 }];
    expect(() => unpackWeights(cut, bytes.buffer as ArrayBuffer)).toThrow('does not fit its place');
  });
});

describe('number formats', () => {
  it('are held against float32 of the same weights: figures, and cosines', async () => {
    const model = unroundedRun(folder);
    expect(model.name).toContain('9 images');
    expect(model.weights.size).toBe(
      foldWeights(
        planNetwork(config.architecture),
        initialWeights(planNetwork(config.architecture), () => 0.5),
      ).size,
    );
    const members = WEIGHT_TYPES.map((type) => embedderOf(model, type));
    const crops = Array.from({ length: 16 }, (_, i) => patternCrop(i >> 1, 112));
    for (const [i, { data }] of crops.entries()) for (let k = i % 2; k < data.length; k += 7) data[k]! ^= 40;
    const embedded = await Promise.all(members.map(({ embedder }) => embedder.embed(crops)));
    // Side by side, as the ensemble has them: a view is one third.
    const captures: Captures = new Map(
      crops.map((_, i) => [
        `${i >> 1}/${i % 2}.jpg`,
        { embedding: Float32Array.from(embedded.flatMap((list) => [...list[i]!])), yaw: 0, drawn: new Map() },
      ]),
    );
    const views = members.map(({ name }, m) => ({
      name,
      pick: (embedding: Float32Array) => embedding.slice(m * 32, (m + 1) * 32),
    }));
    const [float16, int8] = [1, 2].map((m) => agreement(captures, views[0]!, views[m]!));
    expect(1 - float16!.lowest).toBeLessThan(1e-5);
    expect(1 - int8!.lowest).toBeLessThan(0.02);
    expect(int8!.mean).toBeLessThan(float16!.mean);
    const byHand = crops.map((_, i) => dot(embedded[0]![i]!, embedded[2]![i]!));
    expect(int8!.lowest).toBeCloseTo(Math.min(...byHand), 9);
    const text = formatLosses(
      captures,
      views,
      ({ pick }) => {
        const embeddings = new Map([...captures].map(([path, one]) => [path, pick(one!.embedding)]));
        return allPairTrials('set', { embeddings, similarity: dot });
      },
      { splitSeed: 1, resamples: 10 },
    );
    expect(text).toMatch(/int8, 0\.\d MB\s+0\.99/);
    for (const { embedder } of members) embedder.dispose();
  });
});
