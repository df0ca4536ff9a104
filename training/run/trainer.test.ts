import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { TRANSPLANT_RESNET50 } from '@rounz/core/model/architecture.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../backend/ladder.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { writeToySet } from '../cache/toy-set.ts';
import { exportModel } from '../model/export.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { RECIPES } from '../recipes/recipes.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { splitSamples } from '../samples/samples.ts';
import { TEACHER_SIZE } from '../teacher/embeddings.ts';
import { loadCheckpoint } from './checkpoint.ts';
import { type StepReport, Trainer } from './trainer.ts';

const PEOPLE = 6;
const PICTURES = 4;
const folder = mkdtempSync(join(tmpdir(), 'trainer-test-'));
const config: TrainConfig = {
  ...RECIPES['smoke']!,
  losses: RECIPES['distil']!.losses,
  data: { sets: ['toy'], validationPeople: 0.3, validationImages: 3 },
  architecture: { ...RECIPES['smoke']!.architecture, width: 4 },
  optimiser: { ...RECIPES['smoke']!.optimiser, rate: 0.01 },
  augmentation: 'none',
  batch: 8,
  totalImages: 64,
  sizes: [{ until: 1, size: 32 }],
  schedule: { kind: 'constant', warmupImages: 0 },
};

function toyTeacher(): Map<string, Float32Array> {
  const teacher = new Map<string, Float32Array>();
  for (let person = 0; person < PEOPLE; person++) {
    const rng = createRng(100 + person);
    const embedding = Float32Array.from({ length: TEACHER_SIZE }, () => rng.between(-1, 1));
    for (let picture = 0; picture < PICTURES; picture++)
      teacher.set(`toy/${person}/${picture}.jpg`, embedding);
  }
  return teacher;
}

async function run(
  name: string,
  until: number,
  options: { resume?: string; config?: TrainConfig; threads?: number } = {},
): Promise<StepReport[]> {
  const sets = openAlignedSets(folder, ['toy']);
  const reports: StepReport[] = [];
  const abort = new AbortController();
  const used = options.config ?? config;
  const trainer = new Trainer({
    config: used,
    split: splitSamples(sets, toyTeacher(), used),
    cacheDir: folder,
    runFolder: join(folder, name),
    ...(options.resume ? { resume: loadCheckpoint(join(folder, options.resume, 'checkpoint')) } : {}),
    backend: 'test',
    checkpointMinutes: 60,
    validateMinutes: 60,
    // In the trainer's own thread: one for each run takes a second to start.
    threads: options.threads ?? 0,
    signal: abort.signal,
    onStep: (report) => {
      reports.push(report);
      if (report.imagesSeen >= until) abort.abort();
    },
    onValidation: () => {},
  });
  await trainer.run();
  trainer.dispose();
  for (const set of sets) set.close();
  return reports;
}

beforeAll(async () => {
  writeToySet(folder, PEOPLE, PICTURES);
  // The rung of a machine where nothing was built.
  await chooseBackend('wasm', { say: () => {} });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('the trainer learns, is deterministic, and resumes as if it had not stopped', async () => {
  const before = tf.memory().numTensors;
  const whole = await run('whole', 64);
  expect(tf.memory().numTensors).toBe(before);
  expect(whole).toHaveLength(8);
  expect(whole[7]!.parts['distillation']!).toBeLessThan(whole[0]!.parts['distillation']! * 0.7);

  const again = await run('again', 32, { threads: 1 });
  expect(again.map(({ loss }) => loss)).toEqual(whole.slice(0, 4).map(({ loss }) => loss));
  const rest = await run('rest', 64, { resume: 'again' });
  rest.forEach((report, i) => {
    expect(report.imagesSeen).toBe(whole[4 + i]!.imagesSeen);
    expect(report.loss).toBeCloseTo(whole[4 + i]!.loss, 4);
  });
});

it('the trainer keeps the stem and the frozen stages, and moves the rest', async () => {
  await run('thawed', 8);
  await run('frozen', 16, { resume: 'thawed', config: { ...config, frozenStages: 2 } });
  const [before, after] = ['thawed', 'frozen'].map(
    (name) => loadCheckpoint(join(folder, name, 'checkpoint')).groups['weights']!,
  );
  const moved = (tensor: string) =>
    before!.get(tensor)!.data.some((v, i) => v !== after!.get(tensor)!.data[i]);
  for (const tensor of ['conv1.kernel', 'bn1.gamma', 'layer1.0.conv1.kernel', 'layer2.0.bn2.beta'])
    expect(moved(tensor), tensor).toBe(false);
  for (const tensor of ['layer3.0.conv1.kernel', 'layer4.0.bn1.gamma', 'embedding.kernel'])
    expect(moved(tensor), tensor).toBe(true);
});

it('the trainer never trains on a validation person', () => {
  const sets = openAlignedSets(folder, ['toy']);
  const { train, validation } = splitSamples(sets, toyTeacher(), config);
  const held = new Set(validation.map(({ person }) => person));
  expect(held.size).toBeGreaterThan(0);
  expect(train.some(({ person }) => held.has(person))).toBe(false);
  for (const set of sets) set.close();
});

describe('Trainer of a network whose norms are folded', () => {
  const folded: TrainConfig = {
    ...config,
    form: 'folded',
    input: 'imagenet',
    averages: { statistics: 0, weights: 0.5 },
    architecture: {
      ...TRANSPLANT_RESNET50,
      blocks: [1, 1, 1, 1],
      width: 4,
      head: { neck: 8, side: 2 },
      embeddingSize: 512,
    },
    optimiser: {
      kind: 'adamw',
      rate: 1e-3,
      beta1: 0.9,
      beta2: 0.99,
      epsilon: 1e-8,
      weightDecay: 0,
      clipNorm: 5,
    },
  };

  // Bare WASM has no gradient of the depthwise convolution that pools.
  beforeAll(() => chooseBackend('cpu', { say: () => {} }));

  it('learns, and leaves frozen stages and their average as they are', async () => {
    const reports = await run('folded', 32, { config: { ...folded, frozenStages: 1 } });
    expect(reports[3]!.parts['distillation']!).toBeLessThan(reports[0]!.parts['distillation']!);
    const { groups } = loadCheckpoint(join(folder, 'folded', 'checkpoint'));
    const [weights, averaged] = [groups['weights']!, groups['averaged']!];
    const differ = (tensor: string) =>
      weights.get(tensor)!.data.some((value, i) => value !== averaged.get(tensor)!.data[i]);
    for (const tensor of ['conv1.kernel', 'conv1.bias', 'layer1.0.conv2.kernel'])
      expect(differ(tensor), tensor).toBe(false);
    for (const tensor of ['layer2.0.conv1.kernel', 'neck.bias', 'weighted_pool.kernel', 'embedding.bias'])
      expect(differ(tensor), tensor).toBe(true);
  });

  it('exports what it trained', async () => {
    await run('exported', 8, { config: folded });
    const checkpoint = join(folder, 'exported', 'checkpoint');
    const model = join(folder, 'exported', 'model');
    const manifest = await exportModel(checkpoint, model, {
      name: 'toy',
      version: '1.0.0',
      dtype: 'float32',
    });
    expect(manifest.input.mean).toEqual([0.485 * 255, 0.456 * 255, 0.406 * 255]);
    const stored = unpackWeights(manifest.tensors, readModelFolder(model).weights);
    const averaged = loadCheckpoint(checkpoint).groups['averaged']!;
    for (const [name, { data }] of averaged) expect(stored.get(name)!.data, name).toEqual(data);
  });
});
