import type { ChildProcess } from 'node:child_process';

/** What a process answers while it works: how much it did since its last answer, then how it ended. */
export type WorkerAnswer =
  | { readonly done: number }
  | { readonly finished: true }
  | { readonly failed: string };

/**
 * Gives a process one job and waits for its end.
 *
 * @param what is being done, for errors, e.g. `Aligning lfw`
 * @param advice what to do where the process dies
 * @throws Error where the job fails or the process ends before it
 */
export function runInProcess(
  worker: ChildProcess,
  job: object,
  onDone: (count: number) => void,
  { what, advice }: { what: string; advice: string },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (end: () => void) => {
      worker.off('message', listen);
      worker.off('exit', ended);
      end();
    };
    const listen = (answer: WorkerAnswer) => {
      if ('done' in answer) onDone(answer.done);
      else if ('finished' in answer) finish(resolve);
      else finish(() => reject(new Error(`${what} failed: ${answer.failed}`)));
    };
    const ended = (code: number | null) =>
      finish(() => reject(new Error(`${what}: its process ended with code ${code}; ${advice}.`)));
    worker.on('message', listen);
    worker.once('exit', ended);
    worker.send(job);
  });
}
