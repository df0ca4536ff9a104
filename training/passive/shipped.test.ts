import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { passiveGoldenSchema, passiveManifestSchema } from '@rounz/core/liveness/passive/manifest.ts';
import { loadPassiveModel, replayPassive } from '@rounz/core/liveness/passive/model.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../backend/wasm.ts';

/** Bytes of the whole folder at most. */
const LIMIT = 500_000;

const folder = join(import.meta.dirname, '../../public/models/rounz-passive-1.1.0');
const read = (file: string): Buffer => readFileSync(join(folder, file));
const json = (file: string): unknown => JSON.parse(read(file).toString('utf8'));
const weights = (): ArrayBuffer => Uint8Array.from(read('weights.bin')).buffer;

describe('the shipped passive check', () => {
  beforeAll(async () => {
    await useWasmBackend();
  });

  const manifest = () => passiveManifestSchema.parse(json('manifest.json'));

  it('has the files that its manifest names, and is small', () => {
    const { weights: file, golden, modelHash } = manifest();
    for (const { path, bytes, sha256 } of [file, golden]) {
      expect(read(path)).toHaveLength(bytes);
      expect(createHash('sha256').update(read(path)).digest('hex')).toBe(sha256);
    }
    expect(modelHash).toBe(file.sha256);
    const total = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(total).toBeLessThan(LIMIT);
  });

  it('computes its golden scores on WASM and leaves no tensor behind', async () => {
    const golden = passiveGoldenSchema.parse(json('golden.json'));
    const before = tf.memory().numTensors;
    const model = loadPassiveModel(manifest(), weights());
    expect(await replayPassive(model, golden)).toBeLessThan(golden.tolerance);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses weights that lack a tensor, and shows weights that were changed by its golden scores', async () => {
    const { tensors, ...rest } = manifest();
    expect(() => loadPassiveModel({ ...rest, tensors: tensors.slice(1) }, weights())).toThrow(/lack/);
    const golden = passiveGoldenSchema.parse(json('golden.json'));
    const changed = new Uint8Array(weights());
    changed.fill(0, 0, 2_000);
    const model = loadPassiveModel(manifest(), changed.buffer);
    expect(await replayPassive(model, golden)).toBeGreaterThan(golden.tolerance);
    model.dispose();
  });
});
