import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import type { EmbeddingRole } from '@rounz/core/model/embedder.ts';
import { goldenSchema } from '@rounz/core/model/golden.ts';
import { foldWeights, InferenceNetwork, normaliseRows } from '@rounz/core/model/inference-form.ts';
import { forwardTraining } from '@rounz/core/model/training-form.ts';
import { type HostTensor, initialWeights, toVariables } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { useWasmBackend } from '../data/detector-models.ts';
import { RECIPES } from '../recipes/recipes.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { saveCheckpoint } from '../run/checkpoint.ts';
import { exportModel, reexportModel } from './export.ts';
import { patternCrop } from './golden.ts';
import { openEmbedder, readModelFolder } from './model-folder.ts';
import { recoverTrainingWeights } from './recover.ts';

const folder = mkdtempSync(join(tmpdir(), 'export-test-'));
const config: TrainConfig = {
  ...RECIPES['smoke']!,
  architecture: { ...RESNET50, blocks: [1, 1, 1, 1], width: 8, embeddingSize: 32 },
  sizes: [{ until: 1, size: 112 }],
};
const plan = planNetwork(config.architecture);

/** Weights whose norms have seen data. */
function weights(): Map<string, HostTensor> {
  const rng = createRng(2);
  const start = new Map(initialWeights(plan, () => rng.next()));
  for (const [name, { shape, data }] of start)
    if (shape.length === 1) start.set(name, { shape, data: data.map((v) => v + rng.between(0.1, 0.5)) });
  return start;
}

const write = (name: string, dtype: 'float32' | 'float16' | 'int8') =>
  exportModel(join(folder, 'checkpoint'), join(folder, name), { name: 'test', version: '0', dtype });

beforeAll(async () => {
  // Tens of times as fast as the CPU backend.
  await useWasmBackend();
  const averaged = weights();
  saveCheckpoint(join(folder, 'checkpoint'), {
    config,
    imagesSeen: 7,
    steps: 1,
    backend: 'test',
    groups: { averaged, weights: averaged },
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('export', () => {
  it.each([
    ['float32', 1e-5],
    ['float16', 2e-3],
    ['int8', 5e-2],
  ] as const)('writes a model that embeds as its checkpoint does (%s)', async (dtype, tolerance) => {
    const manifest = await write(dtype, dtype);
    expect(manifest.training.imagesSeen).toBe(7);
    const { embedder } = openEmbedder(join(folder, dtype));
    const crop = patternCrop(9, 112);
    const [embedding] = await embedder.embed([crop]);
    const network = new InferenceNetwork(plan, foldWeights(plan, weights()));
    const expected = tf.tidy(() => {
      const images = tf.tensor4d(
        Float32Array.from(crop.data, (v) => (v - 127.5) / 127.5),
        [1, 112, 112, 3],
      );
      return network.forward(images).dataSync();
    });
    embedding!.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance);
    });
    // The golden embeddings belong to the rounded weights and are reproduced by them.
    const golden = goldenSchema.parse(JSON.parse(readFileSync(join(folder, dtype, 'golden.json'), 'utf8')));
    const { crop: bytes, size, embedding: wanted } = golden.cases[0]!;
    const [again] = await embedder.embed([
      { data: new Uint8ClampedArray(Buffer.from(bytes, 'base64')), size },
    ]);
    again!.forEach((value, i) => {
      expect(Math.abs(value - wanted[i]!)).toBeLessThan(golden.tolerance);
    });
    embedder.dispose();
    network.dispose();
  });

  it('shrinks the crop to the size that training ended with', async () => {
    const small = { ...config, sizes: [{ until: 1, size: 56 }] };
    const averaged = weights();
    saveCheckpoint(join(folder, 'small'), {
      config: small,
      imagesSeen: 1,
      steps: 1,
      backend: 'test',
      groups: { averaged, weights: averaged },
    });
    const options = { name: 'test', version: '0', dtype: 'float32' } as const;
    const manifest = await exportModel(join(folder, 'small'), join(folder, 'small-model'), options);
    expect(manifest.input).toMatchObject({ size: 112, networkSize: 56 });
    const { embedder } = openEmbedder(join(folder, 'small-model'));
    const crop = patternCrop(9, 112);
    const [embedding] = await embedder.embed([crop]);
    const network = new InferenceNetwork(plan, foldWeights(plan, averaged));
    const expected = tf.tidy(() => {
      const full = tf.tensor4d(
        Float32Array.from(crop.data, (v) => (v - 127.5) / 127.5),
        [1, 112, 112, 3],
      );
      return network.forward(tf.avgPool(full, 2, 2, 0)).dataSync();
    });
    embedding!.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(1e-4);
    });
    embedder.dispose();
    network.dispose();
  });

  it('writes a model folder anew with a mirrored pass or without, as another model of the same weights', async () => {
    const once = await write('once', 'int8');
    const both = await reexportModel(join(folder, 'once'), join(folder, 'both'), { mirror: true });
    const again = await reexportModel(join(folder, 'both'), join(folder, 'again'), { mirror: false });
    const kept = await reexportModel(join(folder, 'both'), join(folder, 'kept'), { version: '1' });
    expect(both).toMatchObject({ name: 'test', version: '0', shards: once.shards, input: { mirror: true } });
    expect(both.modelHash).not.toBe(once.modelHash);
    expect(again).toEqual(once);
    expect(kept).toEqual({ ...both, version: '1' });
    const crop = patternCrop(9, 112);
    const { embedder } = openEmbedder(join(folder, 'once'));
    const turned = Uint8ClampedArray.from(crop.data, (_, i) => {
      const [row, column, channel] = [Math.floor(i / 336), Math.floor(i / 3) % 112, i % 3];
      return crop.data[row * 336 + (111 - column) * 3 + channel]!;
    });
    const [straight, mirrored] = await embedder.embed([crop, { data: turned, size: 112 }]);
    embedder.dispose();
    const sum = straight!.map((value, i) => value + mirrored![i]!);
    const length = Math.hypot(...sum);
    const model = openEmbedder(join(folder, 'both'));
    const [embedding] = await model.embedder.embed([crop]);
    model.embedder.dispose();
    embedding!.forEach((value, i) => {
      expect(value).toBeCloseTo(sum[i]! / length, 5);
    });
  });

  it('writes a model that mirrors templates alone, whose templates are those of the mirrored model', async () => {
    await write('plain', 'int8');
    const both = await reexportModel(join(folder, 'plain'), join(folder, 'mirrored'), { mirror: true });
    const some = await reexportModel(join(folder, 'plain'), join(folder, 'some'), { mirror: 'templates' });
    expect(some).toMatchObject({
      modelHash: both.modelHash,
      golden: both.golden,
      input: { mirror: 'templates' },
    });
    const embedded = async (name: string, role: EmbeddingRole) => {
      const { embedder } = openEmbedder(join(folder, name));
      const [embedding] = await embedder.embed([patternCrop(9, 112)], role);
      embedder.dispose();
      return embedding;
    };
    expect(await embedded('some', 'template')).toEqual(await embedded('mirrored', 'template'));
    expect(await embedded('some', 'probe')).toEqual(await embedded('plain', 'probe'));
    expect(await embedded('some', 'probe')).not.toEqual(await embedded('some', 'template'));
    expect(await embedded('mirrored', 'probe')).toEqual(await embedded('mirrored', 'template'));
  });

  it('counts the images of the runs before it, too', async () => {
    const averaged = weights();
    const before = { config, imagesSeen: 5, imagesBefore: 100, steps: 1, backend: 'test' };
    saveCheckpoint(join(folder, 'later'), { ...before, groups: { averaged } });
    const options = { name: 'test', version: '0', dtype: 'float16' } as const;
    const manifest = await exportModel(join(folder, 'later'), join(folder, 'later-model'), options);
    expect(manifest.training.imagesSeen).toBe(105);
  });

  it('is refused when a byte of a shard has changed', async () => {
    await write('tampered', 'float16');
    const file = join(folder, 'tampered', 'weights-00.bin');
    const bytes = readFileSync(file);
    bytes[1000]! ^= 1;
    writeFileSync(file, bytes);
    expect(() => readModelFolder(join(folder, 'tampered'))).toThrow(/weights-00\.bin does not hash/);
  });
});

it.each([
  ['what the exported model computes', 2],
  ['the same with another stride of the last stage', 1],
] as const)('recovers a training form that computes %s', async (_, lastStride) => {
  await write('again', 'float32');
  const pictures = () => tf.randomUniform([8, 64, 64, 3], -1, 1, 'float32', 3) as tf.Tensor4D;
  async function* batches() {
    yield pictures();
  }
  const architecture = { ...config.architecture, lastStride };
  const plan = planNetwork(architecture);
  const wanted = { ...config, architecture };
  const recovered = await recoverTrainingWeights(join(folder, 'again'), batches(), wanted);
  const network = new InferenceNetwork(plan, foldWeights(plan, weights()));
  const variables = toVariables(recovered);
  const difference = tf.tidy(() => {
    const images = pictures();
    const expected = network.forward(images);
    const evaluated = normaliseRows(forwardTraining(plan, variables, images, { kind: 'evaluate' }));
    // With the statistics of the very batch that they were measured on, training mode agrees too.
    const mode = { kind: 'train', dropout: 0, seed: 1, onStatistic: () => {} } as const;
    const trained = normaliseRows(forwardTraining(plan, variables, images, mode));
    return [evaluated, trained].map((other) => tf.max(tf.abs(tf.sub(expected, other))).dataSync()[0]!);
  });
  expect(difference[0]).toBeLessThan(1e-4);
  expect(difference[1]).toBeLessThan(1e-3);
  network.dispose();
  tf.dispose([...variables.values()]);
});
