import { parentPort, workerData } from 'node:worker_threads';
import { errorMessage } from '@rounz/core/error-message.ts';
import { createBatchMaker } from './batch-maker.ts';
import type { WorkerAnswer, WorkerJob, WorkerSetup } from './prefetch-protocol.ts';

const port = parentPort;
if (port === null) throw new Error('worker.ts runs in a worker thread only; use createPrefetcher.');
const makeBatch = createBatchMaker(workerData as WorkerSetup);
port.on('message', (job: WorkerJob) => {
  try {
    const batch = makeBatch(job);
    const answer: WorkerAnswer = { kind: 'batch', id: job.id, batch };
    const arrays = [batch.pixels, batch.accessories, ...(batch.bare ? [batch.bare] : [])];
    port.postMessage(
      answer,
      arrays.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    const message = errorMessage(error);
    port.postMessage({ kind: 'failed', id: job.id, message } satisfies WorkerAnswer);
  }
});
