import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import type { AlignAnswer, AlignJob } from './align-worker.ts';
import { alignedFiles } from './aligned-set.ts';
import { mergeShares } from './merge-shares.ts';
import { type FaceSource, findSources, readSource, sourceFromSpec } from './sources.ts';

interface AlignCommandOptions {
  data?: string;
  out: string;
  sets?: string[];
  set: string[];
  jobs: string;
  force?: boolean;
}

/** `align`: detects and aligns every picture of some sets once and for all. */
export function registerAlign(program: Command): void {
  program
    .command('align')
    .description('find, align and cache the main face of every picture, with the kiosk’s own detector')
    .option('--data <dir>', 'folder of <set>-NN.tar archives or of folders of identities')
    .option('--sets <names...>', 'sets of that folder, in this order (default: all)')
    .option('--set <name=path...>', 'a further set from one archive or one folder', [])
    .requiredOption('--out <dir>', 'where the cache goes')
    .option('--jobs <n>', 'processes', '2')
    .option('--force', 'align sets again that are there already')
    .action(runAlign);
}

async function runAlign(options: AlignCommandOptions): Promise<void> {
  const sources = chooseSources(options);
  const jobs = Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Error(`--jobs takes a whole number of processes, not ${options.jobs}.`);
  const workers = await Promise.all(Array.from({ length: jobs }, startWorker));
  try {
    for (const source of sources) {
      if (!options.force && existsSync(alignedFiles(options.out, source.name).index))
        process.stdout.write(`${source.name}: aligned already\n`);
      else await alignSet(workers, source, options.out);
    }
  } finally {
    for (const worker of workers) worker.kill();
  }
}

function chooseSources({ data, sets, set }: AlignCommandOptions): FaceSource[] {
  const found = data ? findSources(data) : [];
  const chosen = sets
    ? sets.map((name) => {
        const source = found.find((one) => one.name === name);
        if (!source)
          throw new Error(
            `There is no set ${name} in ${data}; it holds ${found.map((one) => one.name).join(', ')}.`,
          );
        return source;
      })
    : found;
  const all = [...chosen, ...set.map(sourceFromSpec)];
  if (all.length === 0) throw new Error('Nothing to align: give --data DIR or --set NAME=PATH.');
  return all;
}

async function alignSet(
  workers: readonly ChildProcess[],
  source: FaceSource,
  outFolder: string,
): Promise<void> {
  let total = 0;
  for await (const _ of readSource(source)) total++;
  const bar = new SingleBar({
    format: `${source.name} {bar} {value}/{total} pictures, {speed} a second, {eta_formatted} left`,
    noTTYOutput: true,
    notTTYSchedule: 20_000,
    etaBuffer: 200,
  });
  const start = performance.now();
  bar.start(total, 0, { speed: '-' });
  let done = 0;
  const onDone = (count: number) => {
    done += count;
    bar.update(done, { speed: ((done * 1000) / (performance.now() - start)).toFixed(1) });
  };
  await Promise.all(
    workers.map((worker, index) =>
      runJob(worker, { source, outFolder, share: { index, count: workers.length } }, onDone),
    ),
  );
  bar.stop();
  await mergeShares(outFolder, source.name, workers.length);
}

function startWorker(): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'align-worker.ts'));
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    worker.once('exit', (code) => reject(new Error(`An align process ended at once with code ${code}.`)));
  });
}

function runJob(worker: ChildProcess, job: AlignJob, onDone: (count: number) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      worker.off('message', listen);
      worker.off('exit', ended);
      end();
    };
    const listen = (answer: AlignAnswer) => {
      if ('done' in answer) onDone(answer.done);
      else if ('finished' in answer) finish(resolve);
      else finish(() => reject(new Error(`Aligning ${job.source.name} failed: ${answer.failed}`)));
    };
    const ended = (code: number | null) =>
      finish(() => reject(new Error(`An align process ended with code ${code}; run align again.`)));
    worker.on('message', listen);
    worker.once('exit', ended);
    worker.send(job);
  });
}
