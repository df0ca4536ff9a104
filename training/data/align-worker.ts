import { alignShare, type Share } from './align-set.ts';
import { loadNodeDetector, useWasmBackend } from './detector-models.ts';
import type { FaceSource } from './sources.ts';

/** What `align` asks of one of its processes. */
export interface AlignJob {
  readonly source: FaceSource;
  readonly outFolder: string;
  readonly share: Share;
}

/** What the process answers: pictures done since the last answer, or the job's end. */
export type AlignAnswer =
  | { readonly done: number }
  | { readonly finished: true }
  | { readonly failed: string };

/** Pictures between two answers. */
const ANSWER_EVERY = 10;

async function main(): Promise<void> {
  await useWasmBackend();
  const detector = await loadNodeDetector();
  const answer = (message: AlignAnswer) => process.send?.(message);
  process.on('message', async ({ source, outFolder, share }: AlignJob) => {
    let done = 0;
    try {
      await alignShare(detector, source, outFolder, share, () => {
        done++;
        if (done % ANSWER_EVERY === 0) answer({ done: ANSWER_EVERY });
      });
      answer({ done: done % ANSWER_EVERY });
      answer({ finished: true });
    } catch (error) {
      answer({ failed: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.send?.('ready');
}

await main();
