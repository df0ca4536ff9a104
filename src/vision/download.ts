import { errorMessage } from '@rounz/core/error-message.ts';
import { VisionError } from './errors.ts';

/** A file of known size and hash. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  /** hex */
  readonly sha256: string;
  /** where the bytes go, `bytes` of them; absent: a buffer of their own */
  readonly into?: Uint8Array<ArrayBuffer>;
}

export interface DownloadOptions {
  /** files at a time */
  readonly parallel: number;
  /** bytes that have arrived, of all files */
  readonly onBytes: (done: number) => void;
}

const hex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');

export async function sha256(bytes: BufferSource): Promise<string> {
  if (!globalThis.crypto?.subtle)
    throw new VisionError(
      'internal',
      'The browser offers no cryptography here, so model files cannot be checked. Open the kiosk over HTTPS or localhost.',
    );
  return hex(await crypto.subtle.digest('SHA-256', bytes));
}

const missing = (url: string, why: string, cause?: unknown): VisionError =>
  new VisionError(
    'model-missing',
    `The file ${url} could not be loaded (${why}). Without it no face is recognised: check that the model folder is on ` +
      'the server and that the server runs, then try again.',
    cause,
  );

/** Fetches one address. @throws VisionError `model-missing` */
export async function fetchFile(url: string, cache: RequestCache = 'default'): Promise<Response> {
  const response = await fetch(url, { cache }).catch((error: unknown) => {
    throw missing(url, errorMessage(error), error);
  });
  // A server that answers each address with its start page does not have the file.
  if (response.ok && !response.headers.get('content-type')?.includes('text/html')) return response;
  await response.body?.cancel();
  throw missing(url, response.ok ? 'the server sent a web page instead' : `HTTP ${response.status}`);
}

/** Reads a body into its place; false where its size is another. */
async function readBody(
  response: Response,
  all: Uint8Array<ArrayBuffer>,
  onBytes: (added: number) => void,
): Promise<boolean> {
  const reader = response.body?.getReader();
  if (!reader) return false;
  let offset = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return offset === all.length;
    if (offset + value.length > all.length) {
      await reader.cancel();
      return false;
    }
    all.set(value, offset);
    offset += value.length;
    onBytes(value.length);
  }
}

/** Fetches one file and checks it; a damaged copy in the browser's cache gets a second chance from the server. */
async function fetchChecked(
  file: RemoteFile,
  onBytes: (added: number) => void,
): Promise<Uint8Array<ArrayBuffer>> {
  const all = file.into ?? new Uint8Array(file.bytes);
  for (const cache of ['default', 'reload'] as const) {
    let arrived = 0;
    const whole = await readBody(await fetchFile(file.url, cache), all, (added) => {
      arrived += added;
      onBytes(added);
    });
    if (whole && (await sha256(all)) === file.sha256) return all;
    onBytes(-arrived);
  }
  throw new VisionError(
    'model-corrupt',
    `The file ${file.url} is damaged: its SHA-256 is not the one in the model's manifest. The kiosk does not use a model ` +
      'that it cannot trust: copy the model folder to the server again, then try again.',
  );
}

/**
 * Fetches files and refuses those that do not hash to what their manifest says.
 *
 * @returns their bytes, in the order given
 * @throws VisionError `model-missing` or `model-corrupt`, naming the file
 */
export async function downloadChecked(
  files: readonly RemoteFile[],
  { parallel, onBytes }: DownloadOptions,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const results = new Array<Uint8Array<ArrayBuffer>>(files.length);
  let done = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++)
      results[index] = await fetchChecked(files[index]!, (added) => {
        done += added;
        onBytes(done);
      });
  };
  await Promise.all(Array.from({ length: Math.min(parallel, files.length) }, worker));
  return results;
}
