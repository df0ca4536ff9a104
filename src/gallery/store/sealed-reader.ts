import { type Clock, systemClock } from '@rounz/core/time/clock.ts';
import { GALLERY } from '../base/config.ts';
import type { Bytes } from '../crypto/bytes.ts';
import type { Binding } from '../crypto/seal.ts';

/** A sealed file that was read and opened. */
export interface Opened {
  /** nonce of the seal, hex: it tells one version of a file from another */
  readonly tag: string;
  readonly plain: Bytes;
}

/** What the worker is asked for. */
export interface ReadRequest {
  /** of the private files */
  readonly folder: string;
  readonly key: CryptoKey;
  readonly wanted: readonly { readonly name: string; readonly binding: Binding }[];
}

/** The file at that place of the request; null: it is missing or does not open. */
export interface ReadAnswer {
  readonly at: number;
  readonly opened: Opened | null;
}

/** What is needed of a worker. */
export type ReaderWorker = Pick<Worker, 'postMessage' | 'addEventListener' | 'terminate'>;

const browserWorker = (): ReaderWorker =>
  new Worker(new URL('./sealed-reader-worker.ts', import.meta.url), {
    type: 'module',
    name: 'rounz-gallery-reader',
  });

/**
 * Reads and opens many files on another processor, in the order in which they are wanted, and ends the worker.
 *
 * @returns a promise for each; it rejects where there is no worker, or it broke down or fell silent
 */
export function readSealed(
  request: ReadRequest,
  startWorker: () => ReaderWorker = browserWorker,
  clock: Clock = systemClock,
): readonly Promise<Opened | null>[] {
  const settled: { resolve(opened: Opened | null): void; reject(error: Error): void }[] = [];
  const promises = request.wanted.map(
    (_, at) =>
      new Promise<Opened | null>((resolve, reject) => {
        settled[at] = { resolve, reject };
      }),
  );
  for (const promise of promises) promise.catch(() => {});
  let open = promises.length;
  const worker = startWorker();
  let cancel = (): void => {};
  const giveUp = (): void => {
    cancel();
    worker.terminate();
    for (const { reject } of settled)
      reject(new Error('The worker that reads files broke down or fell silent.'));
  };
  const waitOn = (): void => {
    cancel();
    cancel = clock.after(GALLERY.readerSilence, giveUp);
  };
  waitOn();
  worker.addEventListener('message', ({ data }: MessageEvent<ReadAnswer>) => {
    settled[data.at]?.resolve(data.opened);
    open -= 1;
    if (open > 0) return waitOn();
    cancel();
    worker.terminate();
  });
  worker.addEventListener('error', (event: Event) => {
    event.preventDefault();
    giveUp();
  });
  worker.postMessage(request);
  return promises;
}
