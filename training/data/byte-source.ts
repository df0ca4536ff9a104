import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** Bytes that are read forwards. */
export interface ByteSource {
  /** of the next byte */
  readonly position: number;
  /** the next bytes; fewer where the source ends before */
  read(length: number): Promise<Buffer>;
  /** goes forwards; false where the source ends before */
  skipTo(position: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Bytes that are read at once; the headers of small pictures lie a few of them apart. */
const WINDOW = 1 << 18;

/** A file: what is skipped is not read where it is larger than the window. */
export async function fileSource(file: string): Promise<ByteSource> {
  const handle = await open(file);
  return new FileSource(handle, (await handle.stat()).size);
}

class FileSource implements ByteSource {
  position = 0;
  #window: Buffer = Buffer.alloc(0);
  #windowAt = 0;
  readonly #handle: FileHandle;
  readonly #size: number;

  constructor(handle: FileHandle, size: number) {
    this.#handle = handle;
    this.#size = size;
  }

  async read(length: number): Promise<Buffer> {
    const at = this.position - this.#windowAt;
    if (at < 0 || at + length > this.#window.length) await this.#fill(Math.max(length, WINDOW));
    const from = this.position - this.#windowAt;
    const bytes = this.#window.subarray(from, from + length);
    this.position += bytes.length;
    return bytes;
  }

  async #fill(length: number): Promise<void> {
    const bytes = Buffer.alloc(Math.max(0, Math.min(length, this.#size - this.position)));
    let got = 0;
    while (got < bytes.length) {
      const { bytesRead } = await this.#handle.read(bytes, got, bytes.length - got, this.position + got);
      if (bytesRead === 0) break;
      got += bytesRead;
    }
    [this.#window, this.#windowAt] = [bytes.subarray(0, got), this.position];
  }

  async skipTo(position: number): Promise<boolean> {
    this.position = Math.min(position, this.#size);
    return position <= this.#size;
  }

  close = (): Promise<void> => this.#handle.close();
}

/** A stream, such as an archive that is unpacked on the way. */
export class StreamSource implements ByteSource {
  position = 0;
  #rest: Buffer = Buffer.alloc(0);
  readonly #stream: Readable;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  async read(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      if (this.#rest.length === 0 && !(await this.#pull())) break;
      const part = this.#rest.subarray(0, missing);
      this.#rest = this.#rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    const bytes = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    this.position += bytes.length;
    return bytes;
  }

  async skipTo(position: number): Promise<boolean> {
    while (this.position < position) {
      if (this.#rest.length === 0 && !(await this.#pull())) return false;
      const step = Math.min(this.#rest.length, position - this.position);
      this.#rest = this.#rest.subarray(step);
      this.position += step;
    }
    return true;
  }

  async #pull(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#rest = value;
    return true;
  }

  async close(): Promise<void> {
    this.#stream.destroy();
  }
}

/** A gzipped file, unpacked. */
export function gunzipSource(file: string): ByteSource {
  const packed = createReadStream(file);
  const stream = createGunzip();
  packed.on('error', (error) => stream.destroy(error));
  stream.on('close', () => packed.destroy());
  return new StreamSource(packed.pipe(stream));
}
