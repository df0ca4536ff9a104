import type { IndexBlock, IndexRow } from '@rounz/core/match/template-index.ts';
import { z } from 'zod';
import { GALLERY } from '../base/config.ts';
import { type Bytes, fromHex, fromJsonBytes, jsonBytes, toHex } from '../crypto/bytes.ts';
import { NONCE_BYTES, seal, unseal } from '../crypto/seal.ts';
import type { FileStore } from '../store/files.ts';
import { type Opened, readSealed } from '../store/sealed-reader.ts';

z.config({ jitless: true });

const HEAD = 'snapshot';
const chunkName = (chunk: number): string => `snapshot-${chunk}`;

export interface ChunkRow extends IndexRow {
  readonly revision: number;
}

/** The rows of a chunk, column by column: a view for each of many rows would take longer than what is in them. */
export interface ChunkBlock extends IndexBlock {
  readonly revisions: Uint32Array;
}

/** One row of a block. */
export const rowOf = (block: ChunkBlock, i: number, width: number): ChunkRow => ({
  personId: block.personIds[i]!,
  revision: block.revisions[i]!,
  template: {
    scale: block.scales[i]!,
    high: block.high.subarray(i * width, (i + 1) * width),
    low: block.low.subarray(i * width, (i + 1) * width),
  },
});

const headSchema = z.strictObject({
  modelHash: z.string().regex(/^[0-9a-f]{64}$/),
  epoch: z.int().nonnegative(),
  width: z.int().positive().max(4096),
  /** rows of a full chunk */
  rows: z.int().positive(),
  /** of the store, when it was written */
  revision: z.int().nonnegative(),
  /** of each chunk, hex */
  tags: z.array(z.string().length(NONCE_BYTES * 2)),
});
export type SnapshotHead = Omit<z.infer<typeof headSchema>, 'tags'>;

const UUID_BYTES = 16;
/** id, scale, revision */
const ROW_HEAD = UUID_BYTES + 4 + 4;

/** Layout: the number of rows, each row's id, scale and revision, then all high planes, then all low ones. */
function encodeRows(rows: readonly ChunkRow[], width: number): Bytes {
  const bytes = new Uint8Array(4 + rows.length * (ROW_HEAD + 2 * width));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, rows.length, true);
  const high = 4 + rows.length * ROW_HEAD;
  const low = high + rows.length * width;
  for (const [i, { personId, revision, template }] of rows.entries()) {
    const at = 4 + i * ROW_HEAD;
    bytes.set(fromHex(personId.replaceAll('-', '')), at);
    view.setFloat32(at + UUID_BYTES, template.scale, true);
    view.setUint32(at + UUID_BYTES + 4, revision, true);
    bytes.set(new Uint8Array(template.high.buffer, template.high.byteOffset, width), high + i * width);
    bytes.set(new Uint8Array(template.low.buffer, template.low.byteOffset, width), low + i * width);
  }
  return bytes;
}

function decodeRows(bytes: Bytes, width: number): ChunkBlock {
  const view = new DataView(bytes.buffer);
  const count = view.getUint32(0, true);
  if (bytes.length !== 4 + count * (ROW_HEAD + 2 * width))
    throw new Error('Its length does not fit its rows.');
  const high = 4 + count * ROW_HEAD;
  const scales = new Float32Array(count);
  const revisions = new Uint32Array(count);
  for (let i = 0; i < count; i++) {
    const at = 4 + i * ROW_HEAD + UUID_BYTES;
    scales[i] = view.getFloat32(at, true);
    revisions[i] = view.getUint32(at + 4, true);
  }
  return {
    personIds: idsOf(bytes, count),
    revisions,
    scales,
    high: new Int8Array(bytes.buffer, high, count * width),
    low: new Int8Array(bytes.buffer, high + count * width, count * width),
  };
}

/** Places of an id's bytes in its text, and of its hyphens. */
const DIGITS_AT: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const HYPHENS_AT: readonly number[] = [8, 13, 18, 23];
const UUID_TEXT = 36;
const HEX_CODES = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const ascii = new TextDecoder();

/** The ids of all rows, spelt in one go: one by one they take a third of the whole reading. */
function idsOf(bytes: Bytes, count: number): readonly string[] {
  const text = new Uint8Array(count * UUID_TEXT);
  for (let i = 0; i < count; i++) {
    const from = 4 + i * ROW_HEAD;
    const to = i * UUID_TEXT;
    for (let k = 0; k < UUID_BYTES; k++) {
      const byte = bytes[from + k]!;
      const at = to + DIGITS_AT[k]!;
      text[at] = HEX_CODES[byte >> 4]!;
      text[at + 1] = HEX_CODES[byte & 15]!;
    }
    for (const hyphen of HYPHENS_AT) text[to + hyphen] = 0x2d;
  }
  const all = ascii.decode(text);
  return Array.from({ length: count }, (_, i) => all.slice(i * UUID_TEXT, (i + 1) * UUID_TEXT));
}

/**
 * The index on the disk: sealed chunks of rows and a sealed head that names each chunk's version. It only saves time: a chunk
 * that is missing, damaged or of another version is left out, and its rows come from the records.
 */
export class Snapshot {
  readonly #files: FileStore;
  readonly #device: CryptoKey;
  #tags: string[] = [];
  #head: SnapshotHead | null = null;
  #read = false;
  /** chunks that another processor reads ahead, each until it is used */
  #ahead: (Promise<Opened | null> | undefined)[] = [];
  /** whether all of the chunks could be read */
  whole = true;

  constructor(files: FileStore, device: CryptoKey) {
    this.#files = files;
    this.#device = device;
  }

  async head(): Promise<SnapshotHead | null> {
    if (this.#read) return this.#head;
    this.#read = true;
    const sealed = await this.#files.read(HEAD);
    if (!sealed) return null;
    try {
      const { tags, ...head } = headSchema.parse(fromJsonBytes(await unseal(this.#device, [HEAD], sealed)));
      this.#tags = tags;
      this.#head = head;
    } catch {
      this.#head = null;
    }
    return this.#head;
  }

  /**
   * Has another processor read all chunks while the page does something else. For large galleries: a worker has to start first.
   * Never fails: what is not read ahead is read when it is needed.
   */
  async readAhead(): Promise<void> {
    const head = await this.head().catch(() => null);
    const { folder } = this.#files;
    if (!head || folder === null || this.#tags.length < GALLERY.readAheadFrom) return;
    const wanted = this.#tags.map((_, chunk) => ({ name: chunkName(chunk), binding: [HEAD, chunk] }));
    try {
      this.#ahead = [...readSealed({ folder, key: this.#device, wanted })];
    } catch {
      // No worker here.
    }
  }

  /** Rows that it may hold, at most: `head` has to be read first. */
  get capacity(): number {
    return this.#tags.length * (this.#head?.rows ?? 0);
  }

  /** The chunks; a few are read ahead. */
  async *blocks(): AsyncGenerator<ChunkBlock> {
    const head = await this.head();
    if (!head) return;
    const ahead = 4;
    this.whole = true;
    const reads = this.#tags.slice(0, ahead).map((_, chunk) => this.#chunk(chunk, head.width));
    for (let chunk = 0; chunk < this.#tags.length; chunk++) {
      const block = await reads[chunk]!;
      const next = chunk + ahead;
      if (next < this.#tags.length) reads[next] = this.#chunk(next, head.width);
      if (block) yield block;
      else this.whole = false;
    }
  }

  async #chunk(chunk: number, width: number): Promise<ChunkBlock | null> {
    try {
      const ahead = this.#ahead[chunk];
      this.#ahead[chunk] = undefined;
      const opened = (await ahead?.catch(() => null)) ?? (await this.#open(chunk));
      return opened && opened.tag === this.#tags[chunk] ? decodeRows(opened.plain, width) : null;
    } catch {
      return null;
    }
  }

  async #open(chunk: number): Promise<Opened | null> {
    const sealed = await this.#files.read(chunkName(chunk));
    if (!sealed) return null;
    const tag = toHex(sealed.subarray(0, NONCE_BYTES));
    return tag === this.#tags[chunk]
      ? { tag, plain: await unseal(this.#device, [HEAD, chunk], sealed) }
      : null;
  }

  /** Replaces chunks, removes those beyond the last, then the head. */
  async write(
    head: SnapshotHead,
    rows: ReadonlyMap<number, readonly ChunkRow[]>,
    chunks: number,
  ): Promise<void> {
    const before = this.#tags.length;
    this.#ahead = [];
    for (const [chunk, some] of rows) {
      const sealed = await seal(this.#device, [HEAD, chunk], encodeRows(some, head.width));
      await this.#files.write(chunkName(chunk), sealed);
      this.#tags[chunk] = toHex(sealed.subarray(0, NONCE_BYTES));
    }
    for (let chunk = chunks; chunk < before; chunk++) await this.#files.remove(chunkName(chunk));
    this.#tags.length = chunks;
    const plain = jsonBytes({ ...head, tags: this.#tags });
    await this.#files.write(HEAD, await seal(this.#device, [HEAD], plain));
    this.#head = head;
    this.#read = true;
  }

  async clear(): Promise<void> {
    const names = (await this.#files.list()).filter((name) => name.startsWith(HEAD));
    await Promise.all(names.map((name) => this.#files.remove(name)));
    this.#ahead = [];
    this.#tags = [];
    this.#head = null;
    this.#read = true;
  }
}
