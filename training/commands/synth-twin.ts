import { availableParallelism } from 'node:os';
import { relative } from 'node:path';
import { type Command, Option } from 'commander';
import {
  picturesPerPerson,
  TWIN_SIZES,
  type TwinConfig,
  type TwinSize,
  twinConfigSchema,
} from '../synth/twin/config.ts';
import { TWIN_FOLDER, type TwinProgress, twinFiles, writeTwin } from '../synth/twin/write.ts';
import { readConfig } from '../util/config-file.ts';
import { wholeNumber } from '../util/options.ts';
import { type Progress, startProgress } from '../util/progress.ts';

interface TwinOptions {
  out: string;
  size: TwinSize;
  config?: string;
  people?: number;
  validatePeople?: number;
  testPeople?: number;
  seed?: number;
  jobs: number;
}

/** `synth twin`: also what `synth` does without a subcommand. */
export function registerTwin(synth: Command): void {
  const people = (from: number) => wholeNumber({ from, to: 99_999 });
  synth
    .command('twin', { isDefault: true })
    .description(
      'draw a K-FACE of people who do not exist, and the 2020 challenge’s files over it (the default)',
    )
    .option('--out <folder>', 'where to', TWIN_FOLDER)
    .addOption(new Option('--size <name>', 'how much').choices(Object.keys(TWIN_SIZES)).default('small'))
    .option('--config <file.json>', 'values that replace the size’s, in its own structure')
    .option('--people <n>', 'how many to train on', people(1))
    .option('--validate-people <n>', 'how many to validate on', people(0))
    .option('--test-people <n>', 'how many to test on', people(0))
    .option('--seed <n>', 'other people: 0 to 99', wholeNumber({ from: 0, to: 99 }))
    .option('--jobs <n>', 'processes', wholeNumber({ from: 1, to: 256 }), Math.min(8, availableParallelism()))
    .action(runTwin);
}

function configOf({ size, config, people, validatePeople, testPeople, seed }: TwinOptions): TwinConfig {
  const counts = { train: people, validate: validatePeople, test: testPeople };
  const given = Object.entries(counts).filter(([, count]) => count !== undefined);
  const own = { people: Object.fromEntries(given), ...(seed === undefined ? {} : { seed }) };
  return readConfig(twinConfigSchema, TWIN_SIZES[size], config, own);
}

async function runTwin(options: TwinOptions): Promise<void> {
  const config = configOf(options);
  const people = config.people.train + config.people.validate + config.people.test;
  process.stdout.write(
    `${people} people, ${picturesPerPerson(config)} pictures of each at ${config.resolutions.join(', ')} resolution\n`,
  );
  const progress = createProgress();
  const { pictures, skipped } = await writeTwin({
    folder: options.out,
    config,
    jobs: options.jobs,
    onProgress: progress.on,
  });
  progress.stop();
  const { kface, task03, task05 } = twinFiles(relative(process.cwd(), options.out) || '.');
  process.stdout.write(
    `${kface}: the pictures, as K-FACE lays them out\n` +
      `${task03}, ${task05}: the challenge’s files over them, ${pictures} crops\n`,
  );
  if (skipped.length > 0) process.stdout.write(`left out: ${skipped.join(', ')}\n`);
}

/** A bar for each stage. */
function createProgress(): { on: TwinProgress; stop: () => void } {
  let bar: Progress | undefined;
  let stage = '';
  return {
    on(unit, done, total) {
      if (unit === stage) return bar?.update(done);
      bar?.stop();
      bar = startProgress({ title: 'twin', total, done, unit });
      stage = unit;
    },
    stop: () => bar?.stop(),
  };
}
