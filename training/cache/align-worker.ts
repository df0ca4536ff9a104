import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import type { WorkerAnswer } from '../util/worker-process.ts';
import { type AlignJob, alignShare } from './align-set.ts';

/** Pictures between two answers. */
const ANSWER_EVERY = 10;

async function main(): Promise<void> {
  let loaded: Promise<FaceDetector> | undefined;
  const detector = () => {
    loaded ??= useWasmBackend().then(() => loadNodeDetector());
    return loaded;
  };
  const answer = (message: WorkerAnswer) => process.send?.(message);
  process.on('message', async (job: AlignJob) => {
    let done = 0;
    try {
      await alignShare(detector, job, () => {
        done++;
        if (done % ANSWER_EVERY === 0) answer({ done: ANSWER_EVERY });
      });
      answer({ done: done % ANSWER_EVERY });
      answer({ finished: true });
    } catch (error) {
      answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  // Without its parent it would write beside the run that goes on where this one stopped.
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
}

await main();
