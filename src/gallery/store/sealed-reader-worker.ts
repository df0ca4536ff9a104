import { systemClock } from '@rounz/core/time/clock.ts';
import { toHex } from '../crypto/bytes.ts';
import { NONCE_BYTES, unseal } from '../crypto/seal.ts';
import { type FileStore, openPrivateFiles } from './files.ts';
import type { Opened, ReadAnswer, ReadRequest } from './sealed-reader.ts';

/** Runs in a worker: reads and opens sealed files beside the page, which has its own work at the start. */

/** files in hand at a time: one is read while others are opened */
const AT_A_TIME = 4;

async function openOne(
  files: FileStore,
  key: CryptoKey,
  { name, binding }: ReadRequest['wanted'][number],
): Promise<Opened | null> {
  const sealed = await files.read(name);
  if (!sealed) return null;
  try {
    return { tag: toHex(sealed.subarray(0, NONCE_BYTES)), plain: await unseal(key, binding, sealed) };
  } catch {
    return null;
  }
}

async function readAll({ folder, key, wanted }: ReadRequest): Promise<void> {
  const files = await openPrivateFiles(folder);
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < wanted.length; at = next++) {
      const answer: ReadAnswer = { at, opened: await openOne(files, key, wanted[at]!) };
      const transfer = answer.opened ? [answer.opened.plain.buffer] : [];
      self.postMessage(answer, { transfer });
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, lane));
}

self.addEventListener('message', ({ data }: MessageEvent<ReadRequest>) => {
  // A failure has to reach the page as an error of this worker.
  readAll(data).catch((error: unknown) => systemClock.after(0, () => reportError(error)));
});
