import type { IndexBlock, IndexRow } from '@rounz/core/match/template-index.ts';
import { z } from 'zod';
import { GALLERY } from '../base/config.ts';
import { type Bytes, fromHex, fromJsonBytes, jsonBytes, toHex } from '../crypto/bytes.ts';
import { type Binding, NONCE_BYTES, seal, unseal } from '../crypto/seal.ts';
import type { FileStore } from '../store/files.ts';
import { type Opened, readSealed } from '../store/sealed-reader.ts';

z.config({ jitless: true });

const HEAD = 'snapshot';
const chunkName = (chunk: number): string => `snapshot-${chunk}`;
const lowName = (chunk: number): string => `snapshot-low-${chunk}`;

export interface ChunkRow extends IndexRow {
  readonly revision: number;
}

/** The rows of a chunk, column by column: a view for each of many rows would take longer than what is in them. */
export interface ChunkBlock extends IndexBlock {
  readonly chunk: number;
  readonly revisions: Uint32Array;
}

/** One row of a block. @param low the block's low planes */
export const rowOf = (block: ChunkBlock, low: Int8Array, i: number, width: number): ChunkRow => ({
  personId: block.personIds[i]!,
  revision: block.revisions[i]!,
  template: {
    scale: block.scales[i]!,
    high: block.high.subarray(i * width, (i + 1) * width),
    low: low.subarray(i * width, (i + 1) * width),
  },
});

/** Nonce of a file's seal, hex: it tells one version of a file from another. */
const tagSchema = z.string().length(NONCE_BYTES * 2);

const headSchema = z.strictObject({
  modelHash: z.string().regex(/^[0-9a-f]{64}$/),
  epoch: z.int().nonnegative(),
  width: z.int().positive().max(4096),
  /** rows of a full chunk */
  rows: z.int().positive(),
  /** of the store, when it was written */
  revision: z.int().nonnegative(),
  /** of each chunk */
  tags: z.array(tagSchema),
  /** of each chunk's low planes; absent: the earlier form, whose chunks hold them too */
  lowTags: z.array(tagSchema).optional(),
});
export type SnapshotHead = Omit<z.infer<typeof headSchema>, 'tags' | 'lowTags'>;

const UUID_BYTES = 16;
/** id, scale, revision */
const ROW_HEAD = UUID_BYTES + 4 + 4;

interface Encoded {
  readonly rows: Bytes;
  readonly low: Bytes;
}

/** Rows: their number, each row's id, scale and revision, then all high planes. The low planes apart. */
function encodeRows(rows: readonly ChunkRow[], width: number): Encoded {
  const bytes = new Uint8Array(4 + rows.length * (ROW_HEAD + width));
  const lows = new Uint8Array(rows.length * width);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, rows.length, true);
  const highAt = 4 + rows.length * ROW_HEAD;
  for (const [i, { personId, revision, template }] of rows.entries()) {
    const { scale, high, low } = template;
    const at = 4 + i * ROW_HEAD;
    bytes.set(fromHex(personId.replaceAll('-', '')), at);
    view.setFloat32(at + UUID_BYTES, scale, true);
    view.setUint32(at + UUID_BYTES + 4, revision, true);
    bytes.set(new Uint8Array(high.buffer, high.byteOffset, width), highAt + i * width);
    lows.set(new Uint8Array(low.buffer, low.byteOffset, width), i * width);
  }
  return { rows: bytes, low: lows };
}

/** @param planes 2: the earlier form, in which the low planes follow the high ones */
function decodeRows(bytes: Bytes, chunk: number, width: number, planes: 1 | 2): ChunkBlock {
  const view = new DataView(bytes.buffer);
  const count = view.getUint32(0, true);
  if (bytes.length !== 4 + count * (ROW_HEAD + planes * width))
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
    chunk,
    personIds: idsOf(bytes, count),
    revisions,
    scales,
    high: new Int8Array(bytes.buffer, high, count * width),
    low: planes === 2 ? new Int8Array(bytes.buffer, high + count * width, count * width) : null,
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

/** One of the snapshot's files: what it is sealed with, and its version. */
interface Part {
  readonly name: string;
  readonly binding: Binding;
  /** undefined: the snapshot was removed meanwhile */
  readonly tag: string | undefined;
}

/**
 * The index on the disk: sealed chunks of rows with their high planes, their low planes apart, and a sealed head that names each
 * file's version. High planes are all that a search needs to begin with. The snapshot only saves time: a file that is missing,
 * damaged or of another version is left out, and its rows come from the records.
 */
export class Snapshot {
  readonly #files: FileStore;
  readonly #device: CryptoKey;
  #tags: string[] = [];
  /** null: the earlier form, whose chunks hold the low planes too */
  #lowTags: string[] | null = [];
  #head: SnapshotHead | null = null;
  /** whether `#head` is what lies on the disk */
  #known = false;
  #reading: Promise<void> | undefined;
  /** files that another processor reads ahead, each until it is used */
  readonly #ahead = new Map<string, Promise<Opened | null>>();
  /** whether all of the chunks could be read */
  whole = true;

  constructor(files: FileStore, device: CryptoKey) {
    this.#files = files;
    this.#device = device;
  }

  async head(): Promise<SnapshotHead | null> {
    if (!this.#known) {
      this.#reading ??= this.#readHead();
      await this.#reading;
    }
    return this.#head;
  }

  async #readHead(): Promise<void> {
    try {
      const sealed = await this.#files.read(HEAD);
      const head = sealed && headSchema.parse(fromJsonBytes(await unseal(this.#device, [HEAD], sealed)));
      // It may have been written or removed meanwhile.
      if (!head || this.#known) return;
      const { tags, lowTags = null, ...rest } = head;
      this.#tags = tags;
      this.#lowTags = lowTags;
      this.#head = rest;
    } catch {
      // Damaged: there is none.
    } finally {
      this.#known = true;
    }
  }

  /** Whether it lies on the disk as it would be written now: in the current form, with that many rows in a chunk. */
  isCurrent(rows: number): boolean {
    return this.#lowTags !== null && this.#head?.rows === rows;
  }

  /** Whether there is one in an earlier form, or with other rows in a chunk. */
  isEarlier(rows: number): boolean {
    return this.#head !== null && !this.isCurrent(rows);
  }

  /**
   * Has another processor read all chunks while the page does something else. For large galleries: a worker has to start first.
   * Never fails: what is not read ahead is read when it is needed.
   */
  async readAhead(): Promise<void> {
    if (await this.head()) this.#beginReading(this.#tags.map((_, chunk) => this.#rowsOf(chunk)));
  }

  /** The same for the low planes. */
  readLowAhead(): void {
    this.#beginReading((this.#lowTags ?? []).map((_, chunk) => this.#lowOf(chunk)));
  }

  #beginReading(wanted: readonly Part[]): void {
    const { folder } = this.#files;
    if (folder === null || !this.isLarge || wanted.length === 0) return;
    try {
      const opened = readSealed({ folder, key: this.#device, wanted });
      for (const [i, { name }] of wanted.entries()) this.#ahead.set(name, opened[i]!);
    } catch {
      // No worker here.
    }
  }

  #rowsOf(chunk: number): Part {
    return { name: chunkName(chunk), binding: [HEAD, chunk], tag: this.#tags[chunk] };
  }
  #lowOf(chunk: number): Part {
    return { name: lowName(chunk), binding: [HEAD, chunk, 'low'], tag: this.#lowTags?.[chunk] };
  }

  /** Whether reading takes long enough for a worker to be worth its start: `head` has to be read first. */
  get isLarge(): boolean {
    return this.#tags.length >= GALLERY.readAheadFrom;
  }

  /** Rows that it may hold, at most: `head` has to be read first. */
  get capacity(): number {
    return this.#tags.length * (this.#head?.rows ?? 0);
  }

  /** The chunks; a few are read ahead. Those of the current form are without their low planes. */
  async *blocks(): AsyncGenerator<ChunkBlock> {
    const head = await this.head();
    if (!head) return;
    const ahead = 4;
    this.whole = true;
    // Also where it is removed meanwhile: all of its chunks are then missing.
    const { length } = this.#tags;
    const reads = this.#tags.slice(0, ahead).map((_, chunk) => this.#chunk(chunk, head.width));
    for (let chunk = 0; chunk < length; chunk++) {
      const block = await reads[chunk]!;
      const next = chunk + ahead;
      if (next < length) reads[next] = this.#chunk(next, head.width);
      if (block) yield block;
      else this.whole = false;
    }
  }

  async #chunk(chunk: number, width: number): Promise<ChunkBlock | null> {
    const plain = await this.#open(this.#rowsOf(chunk));
    try {
      return plain && decodeRows(plain, chunk, width, this.#lowTags ? 1 : 2);
    } catch {
      return null;
    }
  }

  /** The low planes of a block that came without; null: they are missing, damaged, of another version or of other rows. */
  async low({ chunk, high }: ChunkBlock): Promise<Int8Array | null> {
    if (this.#lowTags?.[chunk] === undefined) return null;
    const plain = await this.#open(this.#lowOf(chunk));
    return plain?.length === high.length ? new Int8Array(plain.buffer) : null;
  }

  /** What is in a file; null where it is missing, damaged or of another version. */
  async #open({ name, binding, tag }: Part): Promise<Bytes | null> {
    const ahead = this.#ahead.get(name);
    this.#ahead.delete(name);
    const opened = await ahead?.catch(() => null);
    if (opened) return opened.tag === tag ? opened.plain : null;
    try {
      const sealed = await this.#files.read(name);
      if (!sealed || tagOf(sealed) !== tag) return null;
      return await unseal(this.#device, binding, sealed);
    } catch {
      return null;
    }
  }

  /** Replaces chunks, removes those beyond the last, then the head. Of the earlier form, all chunks have to be replaced. */
  async write(
    head: SnapshotHead,
    rows: ReadonlyMap<number, readonly ChunkRow[]>,
    chunks: number,
  ): Promise<void> {
    const before = this.#tags.length;
    const lowTags = this.#lowTags ?? [];
    this.#lowTags = lowTags;
    this.#ahead.clear();
    const put = async (name: string, binding: Binding, plain: Bytes): Promise<string> => {
      const sealed = await seal(this.#device, binding, plain);
      await this.#files.write(name, sealed);
      return tagOf(sealed);
    };
    for (const [chunk, some] of rows) {
      const encoded = encodeRows(some, head.width);
      const tag = await put(chunkName(chunk), [HEAD, chunk], encoded.rows);
      lowTags[chunk] = await put(lowName(chunk), [HEAD, chunk, 'low'], encoded.low);
      this.#tags[chunk] = tag;
    }
    for (let chunk = chunks; chunk < before; chunk++) {
      await this.#files.remove(chunkName(chunk));
      await this.#files.remove(lowName(chunk));
    }
    this.#tags.length = chunks;
    lowTags.length = chunks;
    await put(HEAD, [HEAD], jsonBytes({ ...head, tags: this.#tags, lowTags }));
    this.#head = head;
    this.#known = true;
  }

  async clear(): Promise<void> {
    const names = (await this.#files.list()).filter((name) => name.startsWith(HEAD));
    await Promise.all(names.map((name) => this.#files.remove(name)));
    this.#ahead.clear();
    this.#tags = [];
    this.#lowTags = [];
    this.#head = null;
    this.#known = true;
  }
}

const tagOf = (sealed: Bytes): string => toHex(sealed.subarray(0, NONCE_BYTES));
