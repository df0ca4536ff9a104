import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Some bytes of a browser's profile and where they lie. */
export interface ProfileBytes {
  readonly where: string;
  readonly bytes: Buffer;
}

const FOOTER = 48;
const TABLE_MAGIC = 0xdb4775248b80fb57n;
const LOG_BLOCK = 32_768;
const LOG_HEADER = 7;

/** Reads little-endian base-128 numbers as LevelDB and snappy write them. */
function varint(bytes: Buffer, at: number): { readonly value: number; readonly next: number } {
  let value = 0;
  for (let shift = 0, next = at; next < bytes.length && shift <= 35; shift += 7, next++) {
    const byte = bytes[next]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return { value, next: next + 1 };
  }
  throw new Error('A number runs beyond its bytes.');
}

/** Decompresses raw snappy (its format_description.txt). @throws Error where it is none */
export function unsnappy(bytes: Buffer): Buffer {
  const { value: length, next } = varint(bytes, 0);
  if (length > 1 << 28) throw new Error('Too long to be snappy.');
  const out = Buffer.alloc(length);
  let [from, to] = [next, 0];
  const fail = (): never => {
    throw new Error('It is no snappy.');
  };
  while (from < bytes.length) {
    const tag = bytes[from++]!;
    if ((tag & 3) === 0) {
      const extra = Math.max(0, (tag >> 2) - 59);
      const size = extra === 0 ? (tag >> 2) + 1 : bytes.readUIntLE(from, extra) + 1;
      from += extra;
      if (from + size > bytes.length || to + size > length) fail();
      bytes.copy(out, to, from, from + size);
      from += size;
      to += size;
      continue;
    }
    const kind = tag & 3;
    const size = kind === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1;
    const back =
      kind === 1
        ? ((tag >> 5) << 8) | bytes[from]!
        : kind === 2
          ? bytes.readUInt16LE(from)
          : bytes.readUInt32LE(from);
    from += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    if (back === 0 || back > to || to + size > length) fail();
    for (let i = 0; i < size; i++, to++) out[to] = out[to - back]!;
  }
  return to === length ? out : fail();
}

function readBlock(file: Buffer, offset: number, size: number): Buffer {
  const block = file.subarray(offset, offset + size);
  return file[offset + size] === 1 ? unsnappy(block) : block;
}

/** Keys and values of a block, with the prefixes that LevelDB leaves out. */
function entriesOf(block: Buffer): readonly { readonly key: Buffer; readonly value: Buffer }[] {
  const restarts = block.readUInt32LE(block.length - 4);
  const end = block.length - 4 - 4 * restarts;
  const entries: { key: Buffer; value: Buffer }[] = [];
  let key = Buffer.alloc(0);
  for (let at = 0; at < end; ) {
    const shared = varint(block, at);
    const own = varint(block, shared.next);
    const size = varint(block, own.next);
    const start = size.next;
    key = Buffer.concat([key.subarray(0, shared.value), block.subarray(start, start + own.value)]);
    at = start + own.value + size.value;
    entries.push({ key, value: block.subarray(start + own.value, at) });
  }
  return entries;
}

/** What a LevelDB table holds, decompressed: all keys and values, old ones too. */
function tableContents(file: Buffer): Buffer {
  const footer = file.subarray(-FOOTER);
  if (footer.length < FOOTER || footer.readBigUInt64LE(FOOTER - 8) !== TABLE_MAGIC)
    throw new Error('It is no LevelDB table.');
  const meta = varint(footer, varint(footer, 0).next);
  const offset = varint(footer, meta.next);
  const size = varint(footer, offset.next);
  const parts: Buffer[] = [];
  for (const { value } of entriesOf(readBlock(file, offset.value, size.value))) {
    const at = varint(value, 0);
    const length = varint(value, at.next);
    for (const entry of entriesOf(readBlock(file, at.value, length.value)))
      parts.push(entry.key, entry.value, ...unwrapped(entry.value));
  }
  return Buffer.concat(parts);
}

/** What a LevelDB log holds: its records, put together again where a block's end cut them. */
function logContents(file: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let block = 0; block < file.length; block += LOG_BLOCK) {
    const end = Math.min(file.length, block + LOG_BLOCK);
    for (let at = block; at + LOG_HEADER <= end; ) {
      const size = file.readUInt16LE(at + 4);
      parts.push(file.subarray(at + LOG_HEADER, Math.min(end, at + LOG_HEADER + size)));
      at += LOG_HEADER + size;
    }
  }
  const whole = Buffer.concat(parts);
  return Buffer.concat([whole, ...unwrapped(whole)]);
}

const WRAPPED = Buffer.from([0xff, 0x11, 0x02]);

/** IndexedDB compresses larger values by themselves, behind a mark: what is behind each mark, decompressed where it can be. */
function unwrapped(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(WRAPPED); at >= 0; at = bytes.indexOf(WRAPPED, at + 1))
    try {
      found.push(unsnappy(bytes.subarray(at + WRAPPED.length)));
    } catch {
      // In a log the value's end is not known here; a value in a table is tried by itself.
    }
  return found;
}

const attempts: readonly (readonly [RegExp, (file: Buffer) => Buffer])[] = [
  [/\.ldb$/, tableContents],
  [/\.log$/, logContents],
];

/** Every byte of every file of a profile, and once more what of it is compressed or cut, in plain. */
export function* profileBytes(profile: string): Generator<ProfileBytes> {
  for (const entry of readdirSync(profile, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const where = join(entry.parentPath, entry.name);
    const bytes = readFileSync(where);
    yield { where, bytes };
    for (const [name, read] of attempts)
      if (name.test(where)) yield { where: `${where} (contents)`, bytes: contentsOf(bytes, read) };
  }
}

function contentsOf(bytes: Buffer, read: (file: Buffer) => Buffer): Buffer {
  try {
    return read(bytes);
  } catch {
    // A text log of the browser, say: its bytes were looked at as they are.
    return Buffer.alloc(0);
  }
}

/** A text as a browser may have written it: UTF-8, UTF-16 either way, JSON's and percent escapes. */
export function spellings(text: string): readonly Buffer[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const escaped = Array.from({ length: text.length }, (_, i) => {
    const code = text.charCodeAt(i);
    return code < 128 ? text[i] : `\\u${code.toString(16).padStart(4, '0')}`;
  }).join('');
  const all = [
    Buffer.from(text),
    utf16,
    Buffer.from(utf16).swap16(),
    Buffer.from(escaped),
    Buffer.from(encodeURIComponent(text)),
  ];
  return all.filter((one, i) => all.findIndex((other) => other.equals(one)) === i);
}

/** Where any of the needles lies. */
export function whereIn(profile: string, needles: readonly Buffer[]): readonly string[] {
  const found: string[] = [];
  for (const { where, bytes } of profileBytes(profile))
    if (needles.some((needle) => bytes.includes(needle))) found.push(where.slice(profile.length + 1));
  return found;
}
