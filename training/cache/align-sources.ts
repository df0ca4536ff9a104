import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoLeak, type FaceSource, listSource } from '../data/sources.ts';
import { startProgress } from '../util/progress.ts';
import { runInProcess } from '../util/worker-process.ts';
import type { AlignJob } from './align-set.ts';
import { type AlignedSetIndex, alignedFiles } from './aligned-set.ts';
import { FIND, type FindOptions } from './find-face.ts';
import { mergeShares } from './merge-shares.ts';

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

/** Names of skipped files that are printed; all of them stand in the set's index. */
const SHOWN = 10;

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
  const progress = startProgress({ title: source.name, total, unit: 'pictures' });
  await Promise.all(
    workers.map((worker, index) =>
      runInProcess(
        worker,
        { source, outFolder, share: { index, count: workers.length }, find } satisfies AlignJob,
        progress.add,
        { what: `Aligning ${source.name}`, advice: 'run align again' },
      ),
    ),
  );
  progress.stop();
  return mergeShares(outFolder, source.name, workers.length);
}

function startWorker(): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'align-worker.ts'));
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    worker.once('exit', (code) => reject(new Error(`An align process ended at once with code ${code}.`)));
  });
}
