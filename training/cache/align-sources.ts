import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { KFACE_RESOLUTIONS, type KfaceResolution } from '../data/kface-condition.ts';
import { assertNoLeak, type FaceSource, findSources, listSource, sourcesFromSpec } from '../data/sources.ts';
import { runInProcess } from '../util/worker-process.ts';
import type { AlignJob } from './align-set.ts';
import { type AlignedSetIndex, alignedFiles } from './aligned-set.ts';
import { FIND, type FindOptions, LANDMARK_POLICIES } from './find-face.ts';
import { mergeShares } from './merge-shares.ts';

interface AlignCommandOptions {
  data?: string;
  out: string;
  sets?: string[];
  set: string[];
  resolution?: string;
  landmarks: string;
  detectCrops?: boolean;
  jobs: string;
  force?: boolean;
}

/** What `align` works on and how. */
export interface AlignRequest {
  readonly sources: readonly FaceSource[];
  readonly outFolder: string;
  /** processes */
  readonly jobs: number;
  /** align sets again that are there already */
  readonly force?: boolean;
  readonly find?: FindOptions;
}

const RESOLUTIONS = Object.keys(KFACE_RESOLUTIONS) as KfaceResolution[];

/** Names of skipped files that are printed; all of them stand in the set's index. */
const SHOWN = 10;

/** `align`: detects and aligns every picture of some sets once and for all. */
export function registerAlign(program: Command): void {
  program
    .command('align')
    .description('find, align and cache the main face of every picture, with the kiosk’s own detector')
    .option(
      '--data <dir>',
      'folder of <set>-NN.tar archives, folders of identities, K-FACE trees, tasks of the challenge; or one of the latter',
    )
    .option('--sets <names...>', 'sets of that folder, in this order (default: all)')
    .option('--set <name=path...>', 'a further set from one archive or one folder', [])
    .option(
      '--resolution <name>',
      `of K-FACE: ${RESOLUTIONS.join(', ')} (default: the highest that is there)`,
    )
    .option(
      '--landmarks <policy>',
      'K-FACE’s annotations: auto (they align profiles and check the detector), only (no detector), never',
      FIND.landmarks,
    )
    .option('--detect-crops', 'look for the face in the challenge’s crops too, which are aligned already')
    .requiredOption('--out <dir>', 'where the cache goes')
    .option('--jobs <n>', 'processes', '2')
    .option('--force', 'align sets again that are there already')
    .action(runAlign);
}

async function runAlign(options: AlignCommandOptions): Promise<void> {
  const jobs = Number(options.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Error(`--jobs takes a whole number of processes, not ${options.jobs}.`);
  const landmarks = LANDMARK_POLICIES.find((policy) => policy === options.landmarks);
  if (!landmarks)
    throw new Error(`--landmarks is ${LANDMARK_POLICIES.join(', ')}; not ${options.landmarks}.`);
  const find = { landmarks, detectCrops: options.detectCrops ?? false };
  const force = options.force ?? false;
  await alignSources({ sources: chooseSources(options), outFolder: options.out, jobs, force, find });
}

/**
 * Aligns sets into a cache, those alone that are not there yet.
 *
 * @throws SplitLeakError where a person is in sets for two parts; Error where a process ends
 */
export async function alignSources({
  sources,
  outFolder,
  jobs,
  force = false,
  find = FIND,
}: AlignRequest): Promise<void> {
  await assertNoLeak(sources);
  const missing = sources.filter(({ name }) => force || !existsSync(alignedFiles(outFolder, name).index));
  for (const { name } of sources)
    if (!missing.some((source) => source.name === name)) process.stdout.write(`${name}: aligned already\n`);
  if (missing.length === 0) return;
  const workers = await Promise.all(Array.from({ length: jobs }, startWorker));
  try {
    for (const source of missing) report(await alignSet(workers, source, outFolder, find));
  } finally {
    for (const worker of workers) worker.kill();
  }
}

function chooseSources({ data, sets, set, resolution: wanted }: AlignCommandOptions): FaceSource[] {
  const resolution = RESOLUTIONS.find((one) => one === wanted);
  if (wanted && !resolution)
    throw new Error(`K-FACE has the resolutions ${RESOLUTIONS.join(', ')}; not ${wanted}.`);
  const found = data ? findSources(data, resolution) : [];
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
  const all = [...chosen, ...set.flatMap((spec) => sourcesFromSpec(spec, resolution))];
  if (all.length === 0) throw new Error('Nothing to align: give --data DIR or --set NAME=PATH.');
  return all;
}

/** What was left out, with names. */
function report({ set, records, missed, unreadable, oddities }: AlignedSetIndex): void {
  process.stdout.write(`${set}: ${records.length} faces, ${missed.length} pictures without one\n`);
  const name = (what: string, list: readonly string[]) => {
    if (list.length === 0) return;
    const more = list.length > SHOWN ? [`... and ${list.length - SHOWN} more`] : [];
    process.stdout.write(
      `${set}: skipped ${list.length} ${what}:\n  ${[...list.slice(0, SHOWN), ...more].join('\n  ')}\n`,
    );
  };
  name('files that are missing, empty, cut short or no pictures', unreadable);
  name('oddities of the tree', oddities);
}

async function alignSet(
  workers: readonly ChildProcess[],
  source: FaceSource,
  outFolder: string,
  find: FindOptions,
): Promise<AlignedSetIndex> {
  let total = 0;
  for await (const _ of listSource(source)) total++;
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
      runInProcess(
        worker,
        { source, outFolder, share: { index, count: workers.length }, find } satisfies AlignJob,
        onDone,
        { what: `Aligning ${source.name}`, advice: 'run align again' },
      ),
    ),
  );
  bar.stop();
  return mergeShares(outFolder, source.name, workers.length);
}

function startWorker(): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'align-worker.ts'));
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    worker.once('exit', (code) => reject(new Error(`An align process ended at once with code ${code}.`)));
  });
}
