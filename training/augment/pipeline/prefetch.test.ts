import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleMesh } from '../../cache/sample-mesh.ts';
import { AUGMENT_PRESETS } from '../config.ts';
import { CROP_BYTES, createAugmenter } from './pipeline.ts';
import { createPrefetcher, type SampleRequest } from './prefetch.ts';

const COUNT = 5;
let cacheDir: string;

const cropOf = (index: number) => {
  const rng = createRng(100 + index);
  return Uint8Array.from({ length: CROP_BYTES }, () => rng.below(256));
};

beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'rounz-prefetch-'));
  const mesh = sampleMesh();
  const record = {
    identity: null,
    boxScore: 1,
    meshScore: 1,
    yaw: 0,
    pitch: 0,
    roll: 0,
    luma: 128,
    sharpness: 100,
    interEyeDistance: 40,
  };
  const records = Array.from({ length: COUNT }, (_, i) => ({ ...record, path: `noise/${i}.png` }));
  writeFileSync(
    join(cacheDir, 'noise.json'),
    JSON.stringify({ format: 1, set: 'noise', records, missed: [] }),
  );
  writeFileSync(join(cacheDir, 'noise.crops.u8'), Buffer.concat(records.map((_, i) => cropOf(i))));
  writeFileSync(join(cacheDir, 'noise.mesh.f32'), Buffer.concat(records.map(() => Buffer.from(mesh.buffer))));
});
afterAll(() => rmSync(cacheDir, { recursive: true }));

const start = (threads: number) =>
  createPrefetcher({ cacheDir, sets: ['noise'], augment: AUGMENT_PRESETS.full, size: 64, threads });
const batch = (number: number): SampleRequest[] =>
  Array.from({ length: 4 }, (_, i) => ({
    set: 'noise',
    index: (number + i) % COUNT,
    seed: number * 100 + i,
  }));

describe('createPrefetcher', () => {
  it('gives the same bytes as the augmenter itself, in its own thread, with another and with two, in order', async () => {
    const augmenter = createAugmenter(AUGMENT_PRESETS.full);
    const expected = [0, 1, 2, 3].map((number) => ({
      pixels: batch(number).flatMap(({ index, seed }) => [
        ...augmenter.augment(cropOf(index), sampleMesh(), createRng(seed), 64).pixels,
      ]),
      labels: batch(number).flatMap(({ index, seed }) => {
        const { glasses, sunglasses, hat, mask } = augmenter.augment(
          cropOf(index),
          sampleMesh(),
          createRng(seed),
          64,
        ).accessories;
        return [glasses, sunglasses, hat, mask].map(Number);
      }),
    }));
    for (const threads of [0, 1, 2]) {
      const prefetcher = start(threads);
      const order: number[] = [];
      const batches = await Promise.all(
        [0, 1, 2, 3].map((number) =>
          prefetcher.request(batch(number)).then((one) => {
            order.push(number);
            return one;
          }),
        ),
      );
      await prefetcher.close();
      expect(order).toEqual([0, 1, 2, 3]);
      batches.forEach(({ pixels, accessories }, number) => {
        expect([...pixels]).toEqual(expected[number]!.pixels);
        expect([...accessories]).toEqual(expected[number]!.labels);
      });
    }
  });

  it.each([0, 1])(
    'changes size and preset for later requests, and outlives a bad one: %i threads',
    async (threads) => {
      const prefetcher = start(threads);
      const small = prefetcher.request(batch(0));
      prefetcher.setSize(112);
      const bare = prefetcher.request([{ set: 'noise', index: 2, seed: 1, preset: 'none' }]);
      const missing = prefetcher.request([{ set: 'noise', index: COUNT, seed: 1 }]);
      const unknown = prefetcher.request([{ set: 'nothing', index: 0, seed: 1 }]);
      expect((await small).size).toBe(64);
      const { pixels, size } = await bare;
      expect(size).toBe(112);
      expect([...pixels.slice(0, 3)]).toEqual([
        ...cropOf(2)
          .slice((16 * 144 + 16) * 3)
          .slice(0, 3),
      ]);
      await expect(missing).rejects.toThrow('no row 5');
      await expect(unknown).rejects.toThrow('nothing');
      expect((await prefetcher.request(batch(1))).size).toBe(112);
      await prefetcher.close();
      await expect(prefetcher.request(batch(1))).rejects.toThrow('closed');
    },
  );

  it('refuses a number of threads that makes no sense', () => {
    for (const threads of [-1, 0.5]) expect(() => start(threads)).toThrow('threads');
  });
});
