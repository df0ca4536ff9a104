import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { chooseBackend } from './backend/ladder.ts';
import { findCheckpoint, loadCheckpoint } from './checkpoint.ts';
import { type TrainConfig, trainConfigSchema } from './config.ts';
import { readAccessories } from './data/accessories.ts';
import { openAlignedSets } from './data/aligned-set.ts';
import { loadTeacher } from './data/teacher.ts';
import { readModelFolder } from './model-folder.ts';
import { plainBatches } from './plain-batches.ts';
import { RECIPES } from './recipes.ts';
import { recoverTrainingWeights } from './recover.ts';
import { type Split, splitSamples } from './samples.ts';
import { Trainer } from './trainer.ts';
import { writeReport } from './watch/report.ts';

interface TrainCommandOptions {
  recipe: string;
  config?: string;
  cache: string;
  teacher?: string[];
  accessories?: string[];
  out: string;
  init?: string;
  images?: string;
  seed?: string;
  backend?: string;
  checkpointMinutes: string;
  validateMinutes: string;
  threads: string;
}

export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('train a network; goes on by itself from the checkpoint that it finds in --out')
    .option('--recipe <name>', `one of ${Object.keys(RECIPES).join(', ')}`, 'distil')
    .option('--config <file.json>', 'values that replace the recipe’s, in its own structure')
    .requiredOption('--cache <dir>', 'aligned faces, from `align`')
    .option('--teacher <dirs...>', 'the teacher’s embeddings (embeddings.f16, images.txt)')
    .option(
      '--accessories <set=file.tsv...>',
      'which pictures of a set are covered: path, then 0 or 1 for each accessory',
    )
    .requiredOption('--out <dir>', 'folder of this run: checkpoint, log')
    .option('--init <dir>', 'start from an exported model, or from another run’s weights')
    .option('--images <n>', 'length of the run in images seen')
    .option('--seed <n>', 'seed of everything random')
    .option('--backend <name>', 'native, webgpu, node, wasm or cpu (default: the fastest that works)')
    .option('--checkpoint-minutes <n>', 'how often the state is saved', '5')
    .option('--validate-minutes <n>', 'how often the validation people are tried', '15')
    .option('--threads <n>', 'threads that prepare pictures', '1')
    .action(train);
}

/** Lays `patch` over `base`, objects key by key, everything else whole. */
function overlay(base: unknown, patch: unknown): unknown {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(base) || !isObject(patch)) return patch;
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(patch)) merged[key] = overlay(base[key], value);
  return merged;
}

function configOf(options: TrainCommandOptions): TrainConfig {
  const recipe = RECIPES[options.recipe];
  if (!recipe) {
    throw new Error(`There is no recipe ${options.recipe}; there are ${Object.keys(RECIPES).join(', ')}.`);
  }
  const patch = options.config ? JSON.parse(readFileSync(options.config, 'utf8')) : {};
  const merged = overlay(recipe, patch) as Record<string, unknown>;
  if (options.images) merged['totalImages'] = Number(options.images);
  if (options.seed) merged['seed'] = Number(options.seed);
  return trainConfigSchema.parse(merged);
}

/** A start that has been trained already. */
interface Start {
  readonly weights: HostWeights;
  /** images that they have seen, over all runs */
  readonly imagesSeen: number;
}

/** Weights of a run folder as they are, or of an exported model with its norms recovered. */
async function initialFrom(
  folder: string,
  cache: string,
  sets: readonly string[],
  split: Split,
  config: TrainConfig,
): Promise<Start> {
  const checkpoint = join(folder, 'checkpoint');
  if (!findCheckpoint(checkpoint)) {
    const weights = await recoverTrainingWeights(folder, plainBatches(cache, sets, split), config);
    return { weights, imagesSeen: readModelFolder(folder).manifest.training.imagesSeen };
  }
  const { groups, imagesSeen, imagesBefore = 0 } = loadCheckpoint(checkpoint);
  const averaged = groups['averaged'];
  if (!averaged) throw new Error(`${folder} holds a checkpoint without weights; train it first.`);
  return { weights: averaged, imagesSeen: imagesSeen + imagesBefore };
}

async function train(options: TrainCommandOptions): Promise<void> {
  const config = configOf(options);
  console.log(JSON.stringify(config, null, 2));
  const backend = await chooseBackend(options.backend);
  const available = config.data.sets.filter((set) => existsSync(join(options.cache, `${set}.json`)));
  const missing = config.data.sets.filter((set) => !available.includes(set));
  if (missing.length > 0) console.log(`Not in the cache, left out: ${missing.join(', ')}.`);
  const sets = openAlignedSets(options.cache, available);
  const teacher = new Map((options.teacher ?? []).flatMap((folder) => [...loadTeacher(folder)]));
  const covered = new Set((options.accessories ?? []).flatMap(readAccessories));
  const split = splitSamples(sets, teacher, config, covered);
  console.log(
    `${split.train.length} pictures, ${split.classes} classes; ${split.validation.length} validation pictures.`,
  );
  const checkpointFolder = join(options.out, 'checkpoint');
  const resume = findCheckpoint(checkpointFolder) ? loadCheckpoint(checkpointFolder) : undefined;
  if (resume) console.log(`Going on after ${resume.imagesSeen} images.`);
  const initial =
    options.init && !resume
      ? await initialFrom(options.init, options.cache, available, split, config)
      : undefined;
  const abort = new AbortController();
  // Wrappers pass a signal on twice; the second must not cut off the last checkpoint.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  const bar = new SingleBar({
    format: '{bar} {value}/{total} | loss {loss} | {speed} images/s at {size} | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 30_000,
    etaBuffer: 50,
  });
  bar.start(config.totalImages, resume?.imagesSeen ?? 0, { loss: '-', speed: '-', size: '-' });
  let speed = 0;
  const trainer = new Trainer({
    config: { ...config, data: { ...config.data, sets: available } },
    split,
    cacheDir: options.cache,
    runFolder: options.out,
    ...(resume ? { resume } : {}),
    ...(initial ? { initial: initial.weights, imagesBefore: initial.imagesSeen } : {}),
    backend: backend.description,
    checkpointMinutes: Number(options.checkpointMinutes),
    validateMinutes: Number(options.validateMinutes),
    threads: Number(options.threads),
    signal: abort.signal,
    onStep: (report) => {
      speed = speed === 0 ? report.imagesPerSecond : 0.95 * speed + 0.05 * report.imagesPerSecond;
      bar.update(report.imagesSeen, {
        loss: `${report.loss.toFixed(3)} (distillation ${report.distillation.toFixed(3)}, arcface ${report.arcface.toFixed(2)})`,
        speed: speed.toFixed(1),
        size: report.size,
      });
    },
    onValidation: (result) =>
      console.log(
        `\nvalidation after ${result.imagesSeen}: TAR ${result.tarAtFmr1.toFixed(3)} at FMR 1 %, ` +
          `${result.tarAtFmr01.toFixed(3)} at 0.1 % (${result.genuinePairs} genuine pairs)`,
      ),
  });
  await trainer.run();
  bar.stop();
  trainer.dispose();
  for (const set of sets) set.close();
  const report = join(options.out, 'report.html');
  await writeReport({ run: options.out, evaluations: [], out: report });
  console.log(`Wrote ${report}; \`tensorboard --logdir ${options.out}\` shows the curves too.`);
  if (abort.signal.aborted) console.log('Stopped; the checkpoint holds everything.');
}
