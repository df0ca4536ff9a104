import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { z } from 'zod';
import { chooseBackend } from '../backend/ladder.ts';
import { finishRun, reportRun } from '../evaluation/twin-tasks.ts';
import { startFrom } from '../model/initial-weights.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { type TrainConfig, trainConfigSchema } from '../recipes/schema.ts';
import { SCALES, scaled } from '../recipes/small.ts';
import { findCheckpoint, loadCheckpoint } from '../run/checkpoint.ts';
import { type StepReport, Trainer } from '../run/trainer.ts';
import { CACHE_FOLDER, openRunData } from '../samples/run-data.ts';
import { TWIN_FOLDER } from './synth-twin.ts';

interface TrainCommandOptions {
  recipe?: string;
  config?: string;
  scale: string;
  data?: string;
  cache?: string;
  sets?: string[];
  teacher: string[];
  accessories: string[];
  out?: string;
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
    .option('--recipe <name>', `one of ${Object.keys(RECIPES).join(', ')} (default: distil)`)
    .option(
      '--config <name|file.json>',
      'the same, or values that replace the recipe’s, in its own structure',
    )
    .option('--scale <name>', `cut the recipe down: ${SCALES.join(', ')}`, 'full')
    .option(
      '--data <dir>',
      'pictures to align first and train on; without it and without --cache, the twin that `synth` draws',
    )
    .option('--cache <dir>', 'aligned faces, from `align` or an earlier run')
    .option('--sets <names...>', 'sets of the cache to train on (default: the recipe’s)')
    .option('--teacher <dirs...>', 'the teacher’s embeddings (embeddings.f16, images.txt)', [])
    .option(
      '--accessories <set=file.tsv...>',
      'which pictures of a set are covered: path, then 0 or 1 for each accessory',
      [],
    )
    .option('--out <dir>', 'folder of this run: checkpoint, log, model, report (default: runs/<recipe>)')
    .option(
      '--init <path>',
      'start from an exported model, another run’s folder, or a .safetensors file in torchvision’s ResNet naming',
    )
    .option('--images <n>', 'length of the run in images seen')
    .option('--seed <n>', 'seed of everything random')
    .option('--backend <name>', 'one backend alone (default: the fastest that works)')
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

function recipeOf(name: string): TrainConfig {
  const recipe = RECIPES[name];
  if (!recipe) throw new Error(`There is no recipe ${name}; there are ${Object.keys(RECIPES).join(', ')}.`);
  return recipe;
}

function patchOf(file: string): unknown {
  if (!existsSync(file)) {
    throw new Error(
      `--config names no recipe (${Object.keys(RECIPES).join(', ')}) and there is no file ${file}.`,
    );
  }
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is no JSON: ${error instanceof Error ? error.message : error}.`);
  }
}

/** The recipe, cut down, with the file's and the command's own values over it. */
function configOf({ recipe, config, scale, images, seed, sets }: TrainCommandOptions): TrainConfig {
  const isRecipe = config !== undefined && config in RECIPES;
  if (isRecipe && recipe !== undefined && recipe !== config)
    throw new Error(`--recipe ${recipe} and --config ${config} are two recipes; give one.`);
  const known = SCALES.find((name) => name === scale);
  if (!known) throw new Error(`--scale takes ${SCALES.join(', ')}, not ${scale}.`);
  const base = scaled(recipeOf(isRecipe ? config : (recipe ?? 'distil')), known);
  const merged = overlay(base, config && !isRecipe ? patchOf(config) : {}) as Record<string, unknown>;
  if (images) merged['totalImages'] = Number(images);
  if (seed) merged['seed'] = Number(seed);
  if (sets) merged['data'] = overlay(merged['data'], { sets });
  const parsed = trainConfigSchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw new Error(`This configuration is not valid:\n${z.prettifyError(parsed.error)}`);
}

const partsOf = ({ parts }: StepReport): string =>
  Object.entries(parts)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join(', ');

async function train(options: TrainCommandOptions): Promise<void> {
  const recipe = configOf(options);
  const out = options.out ?? join('runs', recipe.name);
  const data = options.data ?? (options.cache === undefined ? TWIN_FOLDER : undefined);
  const cache = options.cache ?? CACHE_FOLDER;
  const backend = await chooseBackend(options.backend);
  const { teacher, accessories } = options;
  const opened = await openRunData(recipe, {
    ...(data === undefined ? {} : { data }),
    cache,
    teacher,
    accessories,
    jobs: 2,
  });
  const { config, sets, split } = opened;
  console.log(JSON.stringify(config, null, 2));
  const resume = findCheckpoint(join(out, 'checkpoint'))
    ? loadCheckpoint(join(out, 'checkpoint'))
    : undefined;
  if (resume) console.log(`Going on after ${resume.imagesSeen} images.`);
  const initial = options.init && !resume ? await startFrom(options.init, cache, opened) : undefined;
  const abort = new AbortController();
  // Wrappers pass a signal on twice; the second must not cut off the last checkpoint.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  const bar = startBar(config.totalImages, resume?.imagesSeen ?? 0);
  const trainer = new Trainer({
    config,
    split,
    cacheDir: cache,
    runFolder: out,
    ...(resume ? { resume } : {}),
    ...(initial ? { initial: initial.weights, imagesBefore: initial.imagesSeen } : {}),
    backend: backend.description,
    checkpointMinutes: Number(options.checkpointMinutes),
    validateMinutes: Number(options.validateMinutes),
    threads: Number(options.threads),
    signal: abort.signal,
    onStep: bar.step,
    onValidation: (result) =>
      console.log(
        `\nvalidation after ${result.imagesSeen}: TAR ${result.tarAtFmr1.toFixed(3)} at FMR 1 %, ` +
          `${result.tarAtFmr01.toFixed(3)} at 0.1 % (${result.genuinePairs} genuine pairs)`,
      ),
  });
  try {
    await trainer.run();
  } finally {
    bar.stop();
    trainer.dispose();
    for (const set of sets) set.close();
  }
  if (!abort.signal.aborted) return finishRun(out, config.name, data);
  await reportRun(out);
  console.log('Stopped; the checkpoint holds everything. The same command goes on.');
}

/** Loss, pictures a second (smoothed) and the time left. */
function startBar(total: number, seen: number): { step: (report: StepReport) => void; stop: () => void } {
  const bar = new SingleBar({
    format: '{bar} {value}/{total} | loss {loss} | {speed} images/s at {size} | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 30_000,
    etaBuffer: 50,
  });
  bar.start(total, seen, { loss: '-', speed: '-', size: '-' });
  let speed = 0;
  const step = (report: StepReport): void => {
    speed = speed === 0 ? report.imagesPerSecond : 0.95 * speed + 0.05 * report.imagesPerSecond;
    bar.update(report.imagesSeen, {
      loss: `${report.loss.toFixed(3)} (${partsOf(report)})`,
      speed: speed.toFixed(1),
      size: report.size,
    });
  };
  return { step, stop: () => bar.stop() };
}
