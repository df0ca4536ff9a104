import { type Clock, systemClock } from '@rounz/core/time/clock.ts';
import type { Needs, Progress } from '../contract/backup.ts';
import { GalleryError } from './errors.ts';

/**
 * What each person takes while everybody is written. Bounds: two cores under a load of 16 to 19 took 2.2 ms for a restore and
 * 3.3 ms for new keys (`npm run bench -- --only needs`).
 */
export const PERSON = {
  /** milliseconds in the one transaction, and for the keys' files */
  writing: 5,
  /** old and new record, log and index side by side */
  bytes: 8 << 10,
} as const;

/** Progress of work whose transaction begins: the last moment at which it can be stopped. */
export const ABOUT_TO_WRITE = 0.99;

/** people of whom a sample is timed */
const SAMPLE = 16;

/**
 * How long it takes to write people, and how much room: by the time of a sample on this computer.
 *
 * @param prepare what is computed for a person before they are written
 */
export async function needsOf<T>(
  people: readonly T[],
  prepare: (person: T) => Promise<unknown>,
  clock: Clock = systemClock,
): Promise<Needs> {
  const sample = people.slice(0, SAMPLE);
  const began = clock.now();
  for (const person of sample) await prepare(person);
  const each = sample.length === 0 ? 0 : (clock.now() - began) / sample.length;
  return {
    seconds: (people.length * (each + PERSON.writing)) / 1000,
    bytes: people.length * PERSON.bytes,
    freeBytes: await freeBytes(),
  };
}

async function freeBytes(): Promise<number | null> {
  if (typeof navigator === 'undefined' || !navigator.storage?.estimate) return null;
  const { usage, quota } = await navigator.storage.estimate();
  return usage === undefined || quota === undefined ? null : Math.max(0, quota - usage);
}

/** @throws GalleryError `full` where there is surely not enough room, before anything is written */
export function demandRoom({ bytes, freeBytes }: Needs): void {
  if (freeBytes === null || freeBytes >= bytes) return;
  const megabytes = (count: number): number => Math.ceil(count / 1e6);
  throw new GalleryError(
    'full',
    `This takes ${megabytes(bytes)} MB and the browser has ${megabytes(freeBytes)} MB left, so nothing was changed. ` +
      'Free disk space on this kiosk and try again.',
  );
}

/**
 * Tells the progress of work that can be stopped until it writes: whatever was computed by then is thrown away.
 *
 * @throws GalleryError `stopped`, from the function that is returned
 */
export const stoppable =
  (onProgress: Progress = () => {}, signal?: AbortSignal): Progress =>
  (share) => {
    onProgress(share);
    // At the end everything is written.
    if (share < 1 && signal?.aborted)
      throw new GalleryError('stopped', 'It was stopped, so nothing was changed.');
  };

/** people between two looks at the screen */
export const AT_A_TIME = 64;

/**
 * Lets the screen draw and hear its buttons. Work whose promises resolve at once gives way to nothing else: its progress is not
 * seen, and it cannot be stopped.
 */
export const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
