import { Worker } from 'node:worker_threads';
import { type AugmentConfig, augmentConfigSchema } from '../config.ts';
import { createBatchMaker } from './batch-maker.ts';
import type { Batch, SampleRequest, WorkerAnswer, WorkerJob, WorkerSetup } from './prefetch-protocol.ts';

export type { Batch, SampleRequest } from './prefetch-protocol.ts';

export interface PrefetchOptions {
  /** folder of the aligned cache */
  readonly cacheDir: string;
  /** names of the cached sets that may be asked for */
  readonly sets: readonly string[];
  readonly augment: AugmentConfig;
  /** hand over the bare pictures too */
  readonly bare?: boolean;
  /** side of the pictures, pixels */
  readonly size: number;
  /** worker threads; 0: the caller's own thread makes each batch when it is asked for, and a profiler sees all in one place */
  readonly threads?: number;
}

export interface Prefetcher {
  /**
   * Asks for a batch. Batches come in the order of the requests; keep a few requests outstanding and a batch is ready
   * when it is wanted. Rejects when a row or a set does not exist, or when the prefetcher was closed meanwhile.
   */
  request(samples: readonly SampleRequest[]): Promise<Batch>;
  /** Side of the pictures of all later requests, pixels. */
  setSize(size: number): void;
  /** Ends the threads; outstanding requests reject. */
  close(): Promise<void>;
}

/** Batches that a thread is given ahead of the one it works on; the rest waits here, where it costs nothing. */
const AHEAD = 1;
const CLOSED = 'The prefetcher was closed.';

interface Pending {
  readonly job: WorkerJob;
  readonly resolve: (batch: Batch) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly busy: Map<number, Pending>;
}

/** Makes each batch in the thread that asks for it. */
function inOwnThread(setup: WorkerSetup, first: number): Prefetcher {
  const makeBatch = createBatchMaker(setup);
  let size = first;
  let nextId = 0;
  let closed = false;
  return {
    async request(samples) {
      if (closed) throw new Error(CLOSED);
      return makeBatch({ id: nextId++, size, samples });
    },
    setSize(value) {
      size = value;
    },
    async close() {
      closed = true;
    },
  };
}

/**
 * Threads that read crops from the aligned cache, augment them and hand over whole batches without copying.
 *
 * @throws Error where the number of threads makes no sense, or without a thread where a set does not exist
 */
export function createPrefetcher(options: PrefetchOptions): Prefetcher {
  const { cacheDir, sets, threads: count = 1 } = options;
  if (!Number.isInteger(count) || count < 0) {
    throw new Error(`createPrefetcher: threads is ${count}; it must be a whole number of at least 0.`);
  }
  const setup: WorkerSetup = {
    cacheDir,
    sets,
    augment: augmentConfigSchema.parse(options.augment),
    bare: options.bare ?? false,
  };
  if (count === 0) return inOwnThread(setup, options.size);
  const waiting: Pending[] = [];
  let size = options.size;
  let nextId = 0;
  let closed: Error | undefined;
  let previous: Promise<unknown> = Promise.resolve();

  const fail = (error: Error) => {
    closed ??= error;
    for (const { reject } of waiting.splice(0)) reject(error);
    for (const { busy } of threads) {
      for (const { reject } of busy.values()) reject(error);
      busy.clear();
    }
  };

  const feed = () => {
    const [least] = [...threads].sort((one, other) => one.busy.size - other.busy.size);
    const pending = least !== undefined && least.busy.size <= AHEAD ? waiting.shift() : undefined;
    if (least === undefined || pending === undefined) return;
    least.busy.set(pending.job.id, pending);
    least.worker.postMessage(pending.job);
    feed();
  };

  const startThread = (): Thread => {
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: setup, execArgv: [] });
    const thread: Thread = { worker, busy: new Map() };
    worker.on('message', (answer: WorkerAnswer) => {
      const pending = thread.busy.get(answer.id);
      thread.busy.delete(answer.id);
      if (answer.kind === 'batch') pending?.resolve(answer.batch);
      else pending?.reject(new Error(answer.message));
      feed();
    });
    worker.on('error', (cause) => fail(new Error('An augmentation thread failed.', { cause })));
    worker.on('exit', (code) => fail(new Error(`An augmentation thread ended with code ${code}.`)));
    return thread;
  };
  const threads: Thread[] = Array.from({ length: count }, startThread);

  return {
    request(samples) {
      if (closed !== undefined) return Promise.reject(closed);
      const made = new Promise<Batch>((resolve, reject) => {
        waiting.push({ job: { id: nextId++, size, samples }, resolve, reject });
      });
      feed();
      const before = previous;
      const inOrder = before.then(() => made);
      previous = made.catch(() => undefined).then(() => before);
      made.catch(() => undefined);
      return inOrder;
    },
    setSize(value) {
      size = value;
    },
    async close() {
      fail(new Error(CLOSED));
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}
