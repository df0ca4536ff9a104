import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { decodeNames } from './charsets.ts';
import { isLitter } from './litter.ts';
import { normalName } from './names.ts';

/** A path on disk; in bytes where its names are not UTF-8. */
export type DiskPath = string | Buffer;

/** What stands in a folder, links followed. */
export interface FolderEntry {
  /** as the disk has it */
  readonly name: string;
  readonly path: DiskPath;
  readonly kind: 'file' | 'folder' | 'other';
  /** where a link leads; absent for what is no link */
  readonly link?: string;
  /** why it cannot be looked at; its kind is `other` then */
  readonly why?: string;
}

const joinDisk = (folder: DiskPath, name: DiskPath): DiskPath =>
  typeof folder === 'string' && typeof name === 'string'
    ? `${folder}/${name}`
    : Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);

/**
 * The entries of a folder, without litter, in the order of their names; a folder's name sorts as if it ended with its
 * slash, so that whole paths come sorted.
 *
 * @param charset of names that are not UTF-8
 * @param onLitter told of each name that was passed over
 * @throws Error for a name in no known encoding, and where the folder cannot be read
 */
export async function folderEntries(
  folder: DiskPath,
  charset?: string,
  onLitter: (name: string) => void = () => {},
): Promise<FolderEntry[]> {
  const entries = await Promise.all(await rawEntries(folder, charset, onLitter));
  return entries
    .map((entry) => ({ entry, key: normalName(entry.name) + (entry.kind === 'folder' ? '/' : '') }))
    .sort((a, b) => compare(a.key, b.key) || compare(a.entry.name, b.entry.name))
    .map(({ entry }) => entry);
}

const compare = (a: string, b: string): number => Number(a > b) - Number(a < b);

async function rawEntries(
  folder: DiskPath,
  charset: string | undefined,
  onLitter: (name: string) => void,
): Promise<Promise<FolderEntry>[]> {
  const isOurs = (name: string): boolean => {
    if (isLitter(name)) onLitter(name);
    return !isLitter(name);
  };
  const plain = await readdir(folder, { withFileTypes: true });
  // The platform writes U+FFFD for what it cannot decode; only the bytes tell such names apart.
  if (!plain.some(({ name }) => name.includes('\uFFFD')))
    return plain
      .filter(({ name }) => isOurs(name))
      .map((entry) => entryOf(entry, entry.name, joinDisk(folder, entry.name)));
  const bytes = await readdir(folder, { withFileTypes: true, encoding: 'buffer' });
  const names = decodeNames(
    bytes.map(({ name }) => name),
    charset,
    String(folder),
  );
  return bytes.flatMap((entry, row) => {
    const name = names[row]!;
    return isOurs(name) ? [entryOf(entry, name, joinDisk(folder, entry.name))] : [];
  });
}

type AnyDirent = Pick<Dirent, 'isDirectory' | 'isFile' | 'isSymbolicLink'>;

async function entryOf(entry: AnyDirent, name: string, path: DiskPath): Promise<FolderEntry> {
  if (entry.isSymbolicLink()) return linkOf(name, path);
  if (entry.isDirectory()) return { name, path, kind: 'folder' };
  if (entry.isFile()) return { name, path, kind: 'file' };
  return { name, path, kind: 'other', why: 'it is a device, a pipe or a socket' };
}

async function linkOf(name: string, path: DiskPath): Promise<FolderEntry> {
  try {
    const [target, link] = await Promise.all([stat(path), realpath(path)]);
    if (target.isDirectory()) return { name, path, kind: 'folder', link };
    if (target.isFile()) return { name, path, kind: 'file', link };
    return { name, path, kind: 'other', link, why: 'it is a link to a device, a pipe or a socket' };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { name, path, kind: 'other', why: `it is a link to what is not there (${code})` };
  }
}
