import { errorMessage } from '@rounz/core/error-message.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { type Replay, replayGolden } from './replay.ts';

/** What `verify` asks of the process that it starts for a backend. */
export interface VerifyJob {
  readonly model: string;
  readonly backend: string;
}

export type VerifyAnswer = (Replay & { readonly description: string }) | { readonly reason: string };

async function answer({ model, backend }: VerifyJob): Promise<VerifyAnswer> {
  try {
    const { description } = await chooseBackend(backend, { say: () => {}, softwareAdapter: true });
    return { ...(await replayGolden(model)), description };
  } catch (error) {
    return { reason: errorMessage(error) };
  }
}

process.on('message', async (job: VerifyJob) => {
  process.send?.(await answer(job));
});
