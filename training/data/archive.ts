import { open } from 'node:fs/promises';
import { posix } from 'node:path';
import { type ByteSource, fileSource, gunzipSource } from './byte-source.ts';
import { decodeNames } from './charsets.ts';
import { kindOfFile } from './formats.ts';
import { isLitterPath } from './litter.ts';
import { slashedPath, visible } from './names.ts';
import type { SetNotes } from './set-notes.ts';
import { TarError, type TarMember, tarMembers } from './tar-members.ts';

/** A picture in an archive, or another name (a link) for one. */
export interface ArchivedPicture {
  /** with plain slashes, otherwise as the archive has it */
  readonly path: string;
  /** where its bytes lie in the unpacked archive */
  readonly offset: number;
  readonly size: number;
}

/** The pictures of an archive, in the order of their bytes. */
export interface ArchiveIndex {
  readonly file: string;
  readonly isPacked: boolean;
  readonly pictures: readonly ArchivedPicture[];
}

/** Archives that are sets: `<set>.tar`, `<set>-NN.tar`, the same gzipped. */
export const ARCHIVE_NAME = /^(.+?)(?:-(\d+))?\.(?:tar|tgz|tar\.gz)$/i;

/** What else people pack pictures into, by the bytes that it begins with. */
const OTHER_PACKERS: readonly (readonly [string, string, string])[] = [
  ['PK\x03\x04', 'a zip archive', 'unzip'],
  ['7z\xbc\xaf', 'a 7z archive', '7z x'],
  ['Rar!', 'a rar archive', 'unrar x'],
  ['BZh', 'packed by bzip2', 'tar -xjf'],
  ['\xfd7zXZ', 'packed by xz', 'tar -xJf'],
  ['\x28\xb5\x2f\xfd', 'packed by zstd', 'tar --zstd -xf'],
];

/** Whether a file is packed by gzip; whatever it is called. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.toString('latin1', 0, bytesRead);
    if (bytesRead === 0) throw new Error(`${file} is empty; copy it again.`);
    const other = OTHER_PACKERS.find(([magic]) => start.startsWith(magic));
    if (other)
      throw new Error(
        `${file} is ${other[1]}, which is not read. Unpack it (${other[2]}) and name the folder.`,
      );
    return start.startsWith('\x1f\x8b');
  } finally {
    await handle.close();
  }
}

const openSource = (file: string, isPacked: boolean): Promise<ByteSource> =>
  isPacked ? Promise.resolve(gunzipSource(file)) : fileSource(file);

/**
 * Reads an archive's headers: which pictures it holds and where. Links are followed; what cannot be a picture of the set
 * is told in the notes.
 *
 * @param charset of names that are not UTF-8
 * @throws Error that names the file and says what to do
 */
export async function indexArchive(
  file: string,
  charset: string | undefined,
  notes: SetNotes,
): Promise<ArchiveIndex> {
  const isPacked = await isGzip(file);
  const members: TarMember[] = [];
  await readThrough(file, isPacked, notes, (member) => members.push(member));
  const contents = new ArchiveContents(notes);
  for (const member of namedMembers(members, charset, file)) contents.add(member);
  return { file, isPacked, pictures: contents.pictures() };
}

async function readThrough(
  file: string,
  isPacked: boolean,
  notes: SetNotes,
  onMember: (member: TarMember) => void,
): Promise<void> {
  const source = await openSource(file, isPacked);
  try {
    for await (const member of tarMembers(source, (text) => notes.remark(`${file} ${text}`)))
      onMember(member);
  } catch (error) {
    throw explained(file, isPacked, error);
  } finally {
    await source.close();
  }
}

/** The error with the file's name and what to do. */
function explained(file: string, isPacked: boolean, error: unknown): unknown {
  if (error instanceof TarError) return new Error(`${file} ${error.message}.`, { cause: error });
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (isPacked && (code.startsWith('Z_') || code === 'ERR_STREAM_PREMATURE_CLOSE'))
    return new Error(`${file} is gzipped, and damaged or cut short; copy it again.`, { cause: error });
  return error;
}

/** A member whose names are text. */
interface NamedMember extends Omit<TarMember, 'name' | 'link'> {
  readonly name: string;
  readonly link: string;
}

/** pax says that its names are UTF-8; the others are in one encoding, whichever the archive was packed in. */
function namedMembers(
  members: readonly TarMember[],
  charset: string | undefined,
  file: string,
): NamedMember[] {
  const open = members.flatMap(({ name, link, isUtf8 }) => (isUtf8 ? [] : [name, link]));
  const texts = decodeNames(open, charset, file).values();
  const next = (bytes: Buffer, isUtf8: boolean): string => (isUtf8 ? bytes.toString() : texts.next().value!);
  return members.map((member) => ({
    ...member,
    name: next(member.name, member.isUtf8),
    link: next(member.link, member.isUtf8),
  }));
}

/** Links are followed so often one after another. */
const LINK_DEPTH = 16;

type Placed = { readonly offset: number; readonly size: number };

/** What an archive holds, by path, as unpacking it would leave it. */
class ArchiveContents {
  readonly #files = new Map<string, Placed>();
  readonly #links = new Map<string, string>();
  /** what else stands under a path, and why it is no picture */
  readonly #others = new Map<string, string>();
  readonly #notes: SetNotes;

  constructor(notes: SetNotes) {
    this.#notes = notes;
  }

  add(member: NamedMember): void {
    const raw = member.name;
    const isFolder = member.type === '5' || (member.type === '0' && raw.endsWith('/'));
    if (isFolder) return;
    let path: string;
    try {
      path = slashedPath(raw);
    } catch (error) {
      this.#notes.skip(raw, (error as Error).message);
      return;
    }
    this.#forget(path);
    if (member.isSparse)
      this.#others.set(path, 'it is stored as a sparse file; pack the archive without --sparse');
    else if (member.type === '0' || member.type === '7')
      this.#files.set(path, { offset: member.offset, size: member.size });
    else if (member.type === '1' || member.type === '2') this.#addLink(path, member);
    else this.#others.set(path, `it is no file but of tar's type "${visible(member.type)}"`);
  }

  /** The last member of a name is what unpacking leaves. */
  #forget(path: string): void {
    const had = this.#files.delete(path) || this.#links.delete(path) || this.#others.delete(path);
    if (had) this.#notes.skip(path, 'the archive holds a later member of the same name, which was taken');
  }

  /** A hard link's target is a path of the archive, a symbolic link's is relative to its folder. */
  #addLink(path: string, { type, link }: NamedMember): void {
    const target = link.replaceAll('\\', '/');
    try {
      if (type === '2' && target.startsWith('/')) throw new Error();
      this.#links.set(path, slashedPath(type === '1' ? target : posix.join(posix.dirname(path), target)));
    } catch {
      this.#others.set(path, `it is a link that leads out of the archive (${visible(target)})`);
    }
  }

  pictures(): ArchivedPicture[] {
    const found: ArchivedPicture[] = [];
    const take = (path: string, place: Placed): void => {
      if (isLitterPath(path)) this.#notes.litter++;
      else if (this.#notes.takes(path)) found.push({ path, ...place });
    };
    for (const [path, place] of this.#files) take(path, place);
    for (const [path, target] of this.#links) this.#follow(path, target, take);
    for (const [path, why] of this.#others)
      if (!isLitterPath(path) && kindOfFile(path).kind !== 'other') this.#notes.skip(path, why);
    return found.sort((a, b) => a.offset - b.offset);
  }

  #follow(path: string, first: string, take: (path: string, place: Placed) => void): void {
    let target = first;
    for (let depth = 0; depth < LINK_DEPTH; depth++) {
      const place = this.#files.get(target);
      if (place) {
        take(path, place);
        return;
      }
      const next = this.#links.get(target);
      if (next === undefined) break;
      target = next;
    }
    const below = [...this.#files].filter(([inside]) => inside.startsWith(`${target}/`));
    for (const [inside, place] of below) take(path + inside.slice(target.length), place);
    if (below.length === 0 && !isLitterPath(path))
      this.#notes.skip(path, `it is a link to ${visible(first)}, which the archive does not hold`);
  }
}

/** The bytes of an archive's pictures, in the index's order, each read when it is asked for where the archive allows. */
export async function* archivedBytes({
  file,
  isPacked,
  pictures,
}: ArchiveIndex): AsyncGenerator<() => Promise<Buffer>> {
  if (!isPacked) {
    for (const { offset, size } of pictures) yield () => readAt(file, offset, size);
    return;
  }
  const source = await openSource(file, true);
  try {
    let at = -1;
    let bytes: Buffer = Buffer.alloc(0);
    for (const { offset, size } of pictures) {
      if (offset !== at) {
        await source.skipTo(offset);
        [at, bytes] = [offset, await source.read(size)];
      }
      const own = bytes;
      yield async () => own;
    }
  } catch (error) {
    throw explained(file, isPacked, error);
  } finally {
    await source.close();
  }
}

async function readAt(file: string, offset: number, size: number): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size), 0, size, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
