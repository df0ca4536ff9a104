import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { measureTwinTasks } from '../evaluation/twin-tasks.ts';
import { exportModel } from '../model/export.ts';
import { startFrom } from '../model/initial-weights.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { type TrainConfig, trainConfigSchema } from '../recipes/schema.ts';
import { SCALES, type Scale, scaled } from '../recipes/small.ts';
import { findCheckpoint, loadCheckpoint } from '../run/checkpoint.ts';
import { type StepReport, Trainer } from '../run/trainer.ts';
import { CACHE_FOLDER, openRunData } from '../samples/run-data.ts';
import { TWIN_FOLDER } from '../synth/twin/write.ts';
import { ConsistentTeacher } from '../teacher/consistent.ts';
import { readConfig } from '../util/config-file.ts';
import { decimal, wholeNumber } from '../util/options.ts';
import { startProgress } from '../util/progress.ts';
import { writeReport } from '../watch/report.ts';

/** A day: a run that is saved more seldom loses more than it can afford. */
const minutes = decimal({ from: 0, to: 24 * 60 });

interface TrainCommandOptions {
  recipe: string;
  config?: string;
  scale: Scale;
  data?: string;
  cache?: string;
  sets?: string[];
  teacher: string[];
  secondTeacher: string[];
  thirdTeacher: string[];
  accessories: string[];
  out?: string;
  init?: string;
  images?: number;
  seed?: number;
  backend?: string;
  checkpointMinutes: number;
  validateMinutes: number;
  threads: number;
}

/** `train`: a recipe, or the rest of a run that was stopped. */
export function registerTrain(program: Command): void {
  program
    .command('train')
    .description('train a network; goes on by itself from the checkpoint that it finds in --out')
    .addOption(
      new Option('--recipe <name>', 'what is trained').choices(Object.keys(RECIPES)).default('distil'),
    )
    .option(
      '--config <file.json>',
      'values that replace the recipe’s, in its own structure, e.g. {"losses":{"arcface":{"margin":0.4}}}',
    )
    .addOption(new Option('--scale <name>', 'cut the recipe down').choices(SCALES).default('full'))
    .option(
      '--data <dir>',
      'pictures to align first and train on; without it and without --cache, the twin that `synth` draws',
    )
    .option('--cache <dir>', 'aligned faces, from `align` or an earlier run')
    .option('--sets <names...>', 'sets of the cache to train on (default: the recipe’s)')
    .option('--teacher <dirs...>', 'the teacher’s embeddings (embeddings.f16, images.txt)', [])
    .option(
      '--second-teacher <dirs...>',
      'another teacher’s embeddings beside the first’s, for recipes with a consistent teacher',
      [],
    )
    .option('--third-teacher <dirs...>', 'a third teacher’s', [])
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
    .option('--images <n>', 'length of the run in images seen', wholeNumber({ from: 1 }))
    .option('--seed <n>', 'seed of everything random', wholeNumber())
    .option('--backend <name>', 'one backend alone (default: the fastest that works)')
    .option('--checkpoint-minutes <n>', 'how often the state is saved; 0: after each step', minutes, 5)
    .option(
      '--validate-minutes <n>',
      'how often the validation people are tried; 0: after each step',
      minutes,
      15,
    )
    .option(
      '--threads <n>',
      'threads that prepare pictures; 0: none, for a profiler',
      wholeNumber({ from: 0, to: 64 }),
      1,
    )
    .action(train);
}

/**
 * The recipe, cut down, with the file's and the command's own values over it.
 *
 * @throws Error where the file has keys that a recipe does not have, or values that do not fit
 */
export function configOf({ recipe, config, scale, images, seed, sets }: ConfigOptions): TrainConfig {
  if (config !== undefined && config in RECIPES)
    throw new Error(`--config takes a file of values; to train a recipe, give --recipe ${config}.`);
  const own = {
    ...(images === undefined ? {} : { totalImages: images }),
    ...(seed === undefined ? {} : { seed }),
    ...(sets === undefined ? {} : { data: { sets } }),
  };
  return readConfig(trainConfigSchema, scaled(RECIPES[recipe]!, scale), config, own);
}

type ConfigOptions = Pick<TrainCommandOptions, 'recipe' | 'config' | 'scale' | 'images' | 'seed' | 'sets'>;

async function train(options: TrainCommandOptions): Promise<void> {
  const recipe = configOf(options);
  const out = options.out ?? join('runs', recipe.name);
  const data = options.data ?? (options.cache === undefined ? TWIN_FOLDER : undefined);
  const cache = options.cache ?? CACHE_FOLDER;
  const backend = await chooseBackend(options.backend);
  const { teacher, secondTeacher, thirdTeacher, accessories } = options;
  const opened = await openRunData(recipe, {
    ...(data === undefined ? {} : { data }),
    cache,
    teacher,
    secondTeacher,
    thirdTeacher,
    accessories,
    jobs: 2,
  });
  const { config, sets, split, teaching } = opened;
  const asked = teaching && (await ConsistentTeacher.load(teaching));
  console.log(JSON.stringify(config, null, 2));
  const resume = findCheckpoint(join(out, 'checkpoint'))
    ? loadCheckpoint(join(out, 'checkpoint'))
    : undefined;
  if (resume) console.log(`Going on after ${resume.imagesSeen} images.`);
  const initial = options.init && !resume ? await startFrom(options.init, cache, opened) : undefined;
  const abort = new AbortController();
  // Wrappers pass a signal on twice; the second must not cut off the last checkpoint.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  const progress = startProgress({
    title: config.name,
    total: config.totalImages,
    done: resume?.imagesSeen ?? 0,
    unit: 'images',
  });
  const trainer = new Trainer({
    config,
    split,
    cacheDir: cache,
    runFolder: out,
    ...(resume ? { resume } : {}),
    ...(initial
      ? { initial: initial.weights, imagesBefore: initial.imagesSeen, origin: initial.origin }
      : {}),
    teacher: asked,
    backend: backend.description,
    checkpointMinutes: options.checkpointMinutes,
    validateMinutes: options.validateMinutes,
    threads: options.threads,
    signal: abort.signal,
    onStep: (report) => progress.update(report.imagesSeen, noteOf(report)),
    onValidation: (result) =>
      console.log(
        `\nvalidation after ${result.imagesSeen}: TAR ${result.tarAtFmr1.toFixed(3)} at FMR 1 %, ` +
          `${result.tarAtFmr01.toFixed(3)} at 0.1 % (${result.genuinePairs} genuine pairs)`,
      ),
  });
  try {
    await trainer.run();
  } finally {
    progress.stop();
    trainer.dispose();
    asked?.dispose();
    for (const set of sets) set.close();
  }
  if (!abort.signal.aborted) return finishRun(out, config.name, data);
  await reportRun(out);
  console.log('Stopped; the checkpoint holds everything. The same command goes on.');
}

const noteOf = ({ loss, parts, size }: StepReport): string => {
  const each = Object.entries(parts).map(([name, value]) => `${name} ${value.toFixed(3)}`);
  return `loss ${loss.toFixed(3)} (${each.join(', ')}) at ${size} pixels`;
};

/** What a finished run leaves beside its checkpoint: the exported model, F1 on a twin's tasks, the report. */
async function finishRun(run: string, name: string, data: string | undefined): Promise<void> {
  const model = join(run, 'model');
  // Golden embeddings come from a backend that the kiosk has, not from the trainer's own kernels.
  await chooseBackend('wasm');
  await exportModel(join(run, 'checkpoint'), model, { name, version: '0.0.0', dtype: 'float16' });
  console.log(`Wrote ${model}.`);
  if (data !== undefined) await measureTwinTasks(model, data);
  await reportRun(run);
}

/** Writes the report of whatever there is of a run. */
async function reportRun(run: string): Promise<void> {
  const report = join(run, 'report.html');
  await writeReport({ run, evaluations: [], out: report });
  console.log(`Wrote ${report}; \`tensorboard --logdir ${run}\` shows the curves too.`);
}
