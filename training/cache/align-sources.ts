import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assertNoLeak } from '../data/leak.ts';
import { type FaceSource, listSource } from '../data/sources.ts';
import { startProgress } from '../util/progress.ts';
import { runInProcess } from '../util/worker-process.ts';
import { alignReport } from './align-report.ts';
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

/**
 * Aligns sets that are not in the cache yet. A set that was interrupted is continued.
 *
 * @throws SplitLeakError where a person is in sets for two parts; Error where a process ends
 */
export async function alignSources(request: AlignRequest): Promise<void> {
  const { sources, outFolder, jobs, force = false } = request;
  await assertNoLeak(sources);
  const missing = sources.filter(({ name }) => force || !existsSync(alignedFiles(outFolder, name).index));
  for (const { name } of sources)
    if (!missing.some((source) => source.name === name)) process.stdout.write(`${name}: aligned already\n`);
  if (missing.length === 0) return;
  // They load the detector while the first set is being counted.
  const workers = Array.from({ length: jobs }, startWorker);
  try {
    for (const source of missing) process.stdout.write(alignReport(await alignSet(workers, source, request)));
  } finally {
    for (const worker of await Promise.allSettled(workers))
      if (worker.status === 'fulfilled') worker.value.kill();
  }
}

/** Aligns one set. Pictures are counted while the work goes on, so that progress is seen from the start. */
async function alignSet(
  workers: readonly Promise<ChildProcess>[],
  source: FaceSource,
  { outFolder, force = false, find = FIND }: AlignRequest,
): Promise<AlignedSetIndex> {
  const count = workers.length;
  removeOtherShares(outFolder, source.name, count);
  const progress = startProgress({ title: source.name, unit: 'pictures' });
  try {
    const job = { source, outFolder, find, afresh: force };
    await Promise.all([
      countPictures(source, progress.found),
      ...workers.map(async (worker, index) =>
        runInProcess(await worker, { ...job, share: { index, count } } satisfies AlignJob, progress.add, {
          what: `Aligning ${source.name}`,
          advice: 'run align again: it goes on where it stopped',
        }),
      ),
    ]);
  } finally {
    progress.stop();
  }
  return mergeShares(outFolder, source.name, count);
}

/** Pictures between two counts that are shown. */
const COUNT_EVERY = 100;

async function countPictures(
  source: FaceSource,
  found: (total: number, isAll: boolean) => void,
): Promise<void> {
  let total = 0;
  for await (const _ of listSource(source)) if (++total % COUNT_EVERY === 0) found(total, false);
  found(total, true);
}

/** Shares of a run with another number of processes cannot be taken up. */
function removeOtherShares(outFolder: string, set: string, count: number): void {
  if (!existsSync(outFolder)) return;
  const parts = Object.values(alignedFiles('', set)).map((file) => `${file}.part-`);
  for (const file of readdirSync(outFolder))
    if (parts.some((part) => file.startsWith(part)) && !file.endsWith(`-of-${count}`))
      rmSync(join(outFolder, file));
}

function startWorker(): Promise<ChildProcess> {
  const worker = fork(join(import.meta.dirname, 'align-worker.ts'));
  return new Promise((resolve, reject) => {
    worker.once('message', () => resolve(worker));
    worker.once('exit', (code) => reject(new Error(`An align process ended at once with code ${code}.`)));
  });
}
