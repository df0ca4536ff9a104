/**
 * Members of a tar archive with the place of their bytes, read from the archive's headers (POSIX.1-2017 pax, and GNU's
 * long names). The tar library of this workspace hands members out in one stream, without their place and with names
 * decoded already; a set needs both: the place, so that a process skips what is another's and a hard link finds its
 * bytes, and the raw name, so that CP949 is not turned into question marks.
 */
import type { ByteSource } from './byte-source.ts';

/** A member as its headers have it. */
export interface TarMember {
  /** bytes of the name; of no known encoding where `isUtf8` is false */
  readonly name: Buffer;
  readonly isUtf8: boolean;
  /** the header's type flag; `0` for a plain file */
  readonly type: string;
  /** bytes of the link's target; empty where it is no link */
  readonly link: Buffer;
  /** where its bytes begin in the unpacked archive, and how many there are */
  readonly offset: number;
  readonly size: number;
  /** whether GNU tar left out the zeros of a sparse file, so that the bytes are not the file's */
  readonly isSparse: boolean;
}

const BLOCK = 512;
/** Longest accepted header text: names of a member, bytes. */
const LONGEST_TEXT = 1 << 20;

/** pax records by key. */
type Records = ReadonlyMap<string, Buffer>;

/** An archive that cannot be read to its end. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

const field = (block: Buffer, from: number, length: number): Buffer => {
  const bytes = block.subarray(from, from + length);
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
};

/** A number in octal digits, or in GNU's base 256, whose first bit is set. */
function numberOf(block: Buffer, from: number, length: number): number {
  if (block[from]! & 0x80) {
    let value = 0;
    for (let i = from + 1; i < from + length; i++) value = value * 256 + block[i]!;
    return value;
  }
  return Number.parseInt(field(block, from, length).toString('latin1').trim() || '0', 8);
}

const CHECKSUM = { at: 148, length: 8 } as const;

/** The sum of a header's bytes, its own field taken for blanks. */
function hasChecksum(block: Buffer): boolean {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++)
    sum += i >= CHECKSUM.at && i < CHECKSUM.at + CHECKSUM.length ? 0x20 : block[i]!;
  return sum === numberOf(block, CHECKSUM.at, CHECKSUM.length);
}

/** Records `length key=value\n` of a pax header. */
function paxRecords(text: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let at = 0; at < text.length; ) {
    const blank = text.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(text.toString('latin1', at, blank));
    if (!(length > 0)) break;
    const record = text.subarray(blank + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    if (equals > 0) records.set(record.toString('latin1', 0, equals), record.subarray(equals + 1));
    at += length;
  }
  return records;
}

/** What headers before a member say about it. */
interface Pending {
  readonly global: Map<string, Buffer>;
  pax: Records;
  longName?: Buffer | undefined;
  longLink?: Buffer | undefined;
}

const isBinary = (records: Records): boolean =>
  records.get('hdrcharset')?.toString('latin1').toUpperCase() === 'BINARY';

function memberOf(block: Buffer, at: number, pending: Pending): TarMember {
  const records = new Map([...pending.global, ...pending.pax]);
  const isUstar = field(block, 257, 6).toString('latin1') === 'ustar';
  const prefix = isUstar ? field(block, 345, 155) : Buffer.alloc(0);
  const short = field(block, 0, 100);
  const whole = prefix.length > 0 ? Buffer.concat([prefix, Buffer.from('/'), short]) : short;
  const paxName = records.get('GNU.sparse.name') ?? records.get('path');
  const type = block[156] === 0 ? '0' : String.fromCharCode(block[156]!);
  return {
    // Copies: a part of the reader's window would keep all of it in memory.
    name: Buffer.from(paxName ?? pending.longName ?? whole),
    isUtf8: paxName !== undefined && !isBinary(records),
    type,
    link: Buffer.from(records.get('linkpath') ?? pending.longLink ?? field(block, 157, 100)),
    offset: at,
    size: records.has('size') ? Number(records.get('size')!.toString('latin1')) : numberOf(block, 124, 12),
    isSparse: type === 'S' || [...records.keys()].some((key) => key.startsWith('GNU.sparse.')),
  };
}

/** Types that have no bytes behind their header, whatever size it says: links, devices, folders, pipes. */
const BARE = new Set(['1', '2', '3', '4', '5', '6']);

/**
 * The members of an archive in order; archives that were put one behind another are read on. The source stands at the
 * member's bytes while the caller has it.
 *
 * @param onOddity told of an archive that has no end mark, or further bytes behind it
 * @throws TarError where it is none, or ends in the middle of a member
 */
export async function* tarMembers(
  source: ByteSource,
  onOddity: (text: string) => void,
): AsyncGenerator<TarMember> {
  const pending: Pending = { global: new Map(), pax: new Map() };
  let [members, zeros, last] = [0, 0, ''];
  for (;;) {
    const block = await source.read(BLOCK);
    if (block.length === 0) break;
    if (block.length === BLOCK && block.every((byte) => byte === 0)) {
      zeros++;
      continue;
    }
    if (block.length < BLOCK || !hasChecksum(block)) {
      if (members > 0 && zeros > 0) return onOddity('has further bytes behind its end, which are not read');
      if (members === 0) throw new TarError('is no tar archive');
      throw new TarError(`is damaged behind ${last}; pack or copy it again`);
    }
    zeros = 0;
    const member = memberOf(block, source.position, pending);
    const size = BARE.has(member.type) ? 0 : member.size;
    const next = member.offset + Math.ceil(size / BLOCK) * BLOCK;
    if (await takeText(source, member, pending)) await source.skipTo(next);
    else {
      [pending.pax, pending.longName, pending.longLink] = [new Map(), undefined, undefined];
      [members, last] = [members + 1, member.name.toString()];
      yield { ...member, size };
      if (!(await source.skipTo(member.offset + size)))
        throw new TarError(`ends in the middle of ${last}: it was cut short; copy it again`);
      await source.skipTo(next);
    }
  }
  if (zeros === 0) onOddity('has no end mark: it may have been cut short between two files');
}

/** Takes the text of a header that speaks about the next member; false for a member itself. */
async function takeText(source: ByteSource, member: TarMember, pending: Pending): Promise<boolean> {
  if (!['x', 'g', 'L', 'K'].includes(member.type)) return false;
  if (member.size > LONGEST_TEXT) throw new TarError('is damaged: a header is longer than any name');
  const text = await source.read(member.size);
  if (text.length < member.size)
    throw new TarError('ends in the middle of a header: it was cut short; copy it again');
  if (member.type === 'x') pending.pax = paxRecords(text);
  else if (member.type === 'g') for (const [key, value] of paxRecords(text)) pending.global.set(key, value);
  else if (member.type === 'L') pending.longName = field(text, 0, text.length);
  else pending.longLink = field(text, 0, text.length);
  return true;
}
