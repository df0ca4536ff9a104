import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../backend/ladder.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { writeToySet } from '../cache/toy-set.ts';
import { type StepReport, Trainer } from '../run/trainer.ts';
import { splitSamples } from '../samples/samples.ts';
import { TEACHER_SIZE } from '../teacher/embeddings.ts';
import { RECIPES } from './recipes.ts';
import { type TrainConfig, trainConfigSchema } from './schema.ts';
import { scaled } from './small.ts';

const PEOPLE = 6;
const PICTURES = 4;
const BATCH = 8;
const folder = mkdtempSync(join(tmpdir(), 'recipes-test-'));

/** A recipe cut down to a toy: all of its losses, its optimiser, schedule, augmentation and dropout. */
function toy(name: string, changes: Partial<TrainConfig> = {}): TrainConfig {
  const { architecture, ...recipe } = scaled(RECIPES[name]!, 'tiny');
  return trainConfigSchema.parse({
    ...recipe,
    architecture: { ...architecture, width: 4 },
    data: { sets: ['toy'], validationPeople: 0.3, validationImages: 2 },
    batch: BATCH,
    totalImages: 2 * BATCH,
    sizes: [{ until: 1, size: 32 }],
    ...changes,
  });
}

const rng = createRng(5);
const teacher = new Map(
  Array.from({ length: PEOPLE * PICTURES }, (_, i) => [
    `toy/${Math.floor(i / PICTURES)}/${i % PICTURES}.jpg`,
    Float32Array.from({ length: TEACHER_SIZE }, () => rng.between(-1, 1)),
  ]),
);

async function train(config: TrainConfig): Promise<StepReport[]> {
  const sets = openAlignedSets(folder, ['toy']);
  const reports: StepReport[] = [];
  const trainer = new Trainer({
    config,
    split: splitSamples(sets, teacher, config),
    cacheDir: folder,
    runFolder: join(folder, config.name),
    backend: 'test',
    checkpointMinutes: 60,
    validateMinutes: 60,
    // In the trainer's own thread: one for each recipe takes a second to start.
    threads: 0,
    onStep: (report) => reports.push(report),
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

describe('every recipe trains', () => {
  const TERMS: Readonly<Record<string, string>> = {
    distil: 'distillation',
    'fine-tune': 'distillation',
    'fine-tune-light': 'distillation',
    'fine-tune-mobilenet': 'distillation',
    'fine-tune-sface': 'distillation',
    contrastive: 'contrastive',
    mixed: 'pair',
    'semi-siamese': 'semiSiamese',
  };

  it.each(Object.keys(RECIPES))('%s', async (name) => {
    const reports = await train(toy(name));
    expect(reports.map(({ imagesSeen }) => imagesSeen)).toEqual([BATCH, 2 * BATCH]);
    for (const { loss, gradientNorm, parts } of reports) {
      // Exactly nothing is what a backend gives that computes the loss wrongly.
      expect(loss).toBeGreaterThan(1e-3);
      expect(gradientNorm).toBeGreaterThan(1e-3);
      expect(parts).toHaveProperty(TERMS[name] ?? 'arcface', expect.any(Number));
    }
  });
});

it('a recipe accumulates batches for a step, and grows its pictures within a run', async () => {
  const reports = await train(
    toy('est-model1', {
      name: 'growing',
      accumulate: 2,
      totalImages: 4 * BATCH,
      sizes: [
        { until: 0.5, size: 32 },
        { until: 1, size: 48 },
      ],
    }),
  );
  expect(reports.map(({ imagesSeen, size }) => [imagesSeen, size])).toEqual([
    [2 * BATCH, 32],
    [4 * BATCH, 48],
  ]);
});

it('dropout gives the same start another loss', async () => {
  const loss = async (dropout: number) =>
    (await train(toy('est-model3', { name: `dropout-${dropout}`, dropout, totalImages: BATCH })))[0]!.loss;
  const [without, half, most] = [await loss(0), await loss(0.5), await loss(0.8)];
  expect(new Set([without, half, most]).size).toBe(3);
});
