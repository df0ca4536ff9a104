import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { z } from 'zod';
import { picturesPerPerson, TWIN_SIZES, type TwinConfig, twinConfigSchema } from '../synth/twin/config.ts';
import { type TwinProgress, twinFiles, writeTwin } from '../synth/twin/write.ts';

/** Where `synth twin` writes, and where `train --recipe smoke` looks, unless told otherwise. */
export const TWIN_FOLDER = join(import.meta.dirname, '../../.cache/twin');

interface TwinOptions {
  out: string;
  size: string;
  config?: string;
  people?: string;
  validatePeople?: string;
  testPeople?: string;
  seed?: string;
  jobs: string;
}

/** `synth twin`: also what `synth` does without a subcommand. */
export function registerTwin(synth: Command): void {
  synth
    .command('twin', { isDefault: true })
    .description(
      'draw a K-FACE of people who do not exist, and the 2020 challenge’s files over it (the default)',
    )
    .option('--out <folder>', 'where to', TWIN_FOLDER)
    .option('--size <name>', `one of ${Object.keys(TWIN_SIZES).join(', ')}`, 'small')
    .option('--config <file.json>', 'values that replace the size’s')
    .option('--people <n>', 'how many to train on')
    .option('--validate-people <n>', 'how many to validate on')
    .option('--test-people <n>', 'how many to test on')
    .option('--seed <n>', 'other people: 0 to 99')
    .option('--jobs <n>', 'processes', String(Math.min(8, availableParallelism())))
    .action(runTwin);
}

function configOf(options: TwinOptions): TwinConfig {
  const base = (TWIN_SIZES as Readonly<Record<string, TwinConfig>>)[options.size];
  if (!base)
    throw new Error(`There is no size ${options.size}; there are ${Object.keys(TWIN_SIZES).join(', ')}.`);
  const patch = options.config ? (JSON.parse(readFileSync(options.config, 'utf8')) as object) : {};
  const merged = { ...base, ...patch };
  const { people: train, validatePeople: validate, testPeople: test, seed } = options;
  const counts = Object.entries({ train, validate, test }).filter(([, count]) => count !== undefined);
  const people = { ...merged.people, ...Object.fromEntries(counts.map(([part, n]) => [part, Number(n)])) };
  const parsed = twinConfigSchema.safeParse({
    ...merged,
    people,
    ...(seed === undefined ? {} : { seed: Number(seed) }),
  });
  if (parsed.success) return parsed.data;
  throw new Error(`This twin cannot be drawn:\n${z.prettifyError(parsed.error)}`);
}

async function runTwin(options: TwinOptions): Promise<void> {
  const config = configOf(options);
  const jobs = Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Error(`--jobs takes a whole number of processes, not ${options.jobs}.`);
  const people = config.people.train + config.people.validate + config.people.test;
  process.stdout.write(
    `${people} people, ${picturesPerPerson(config)} pictures of each at ${config.resolutions.join(', ')} resolution\n`,
  );
  const progress = createProgress();
  const { pictures, skipped } = await writeTwin({
    folder: options.out,
    config,
    jobs,
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
  let bar: SingleBar | undefined;
  let stage = '';
  let start = 0;
  let first = 0;
  return {
    on(name, done, total) {
      if (name !== stage) {
        bar?.stop();
        bar = new SingleBar({
          format: `${name} {bar} {value}/{total}, {speed} a second, {eta_formatted} left`,
          noTTYOutput: true,
          notTTYSchedule: 10_000,
          etaBuffer: 200,
        });
        bar.start(total, done, { speed: '-' });
        [stage, start, first] = [name, performance.now(), done];
        return;
      }
      const seconds = (performance.now() - start) / 1000;
      bar?.update(done, { speed: ((done - first) / Math.max(seconds, 1e-3)).toFixed(1) });
    },
    stop: () => bar?.stop(),
  };
}
