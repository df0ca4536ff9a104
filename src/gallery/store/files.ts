import type { Table } from 'dexie';
import type { Bytes } from '../crypto/bytes.ts';
import type { GalleryDatabase, StoredFile } from './database.ts';

/**
 * Small files beside the database, each replaced as a whole or not at all. In the browser they lie in the origin private file
 * system, where a replaced file's bytes are gone from the profile; IndexedDB's log keeps old values until it is compacted. So
 * what must be forgotten at once (keys) and what must be read fast (the snapshot) lies here.
 */
export interface FileStore {
  /** `database`: no private file system here; forgetting waits for the database's own compaction */
  readonly kind: 'private-files' | 'database';
  /** of the private files; null: there is none */
  readonly folder: string | null;
  read(name: string): Promise<Bytes | null>;
  write(name: string, bytes: Bytes): Promise<void>;
  remove(name: string): Promise<void>;
  list(): Promise<readonly string[]>;
}

const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotFoundError';

/** Files in a folder of the origin private file system; works in a page and in a worker. */
export async function openPrivateFiles(folder: string): Promise<FileStore> {
  const root = await navigator.storage.getDirectory();
  const directory = await root.getDirectoryHandle(folder, { create: true });
  return {
    kind: 'private-files',
    folder,
    async read(name) {
      try {
        const file = await (await directory.getFileHandle(name)).getFile();
        return new Uint8Array(await file.arrayBuffer());
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async write(name, bytes) {
      const handle = await directory.getFileHandle(name, { create: true });
      // Written to a swap file that takes the old one's place on close.
      const stream = await handle.createWritable();
      await stream.write(bytes);
      await stream.close();
    },
    async remove(name) {
      await directory.removeEntry(name).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
    async list() {
      const names: string[] = [];
      for await (const name of directory.keys()) names.push(name);
      return names;
    },
  };
}

const databaseFiles = (table: Table<StoredFile, string>): FileStore => ({
  kind: 'database',
  folder: null,
  read: async (name) => (await table.get(name))?.bytes ?? null,
  write: async (name, bytes) => void (await table.put({ name, bytes })),
  remove: (name) => table.delete(name),
  list: () => table.toCollection().primaryKeys(),
});

const canWrite = (): boolean =>
  typeof navigator !== 'undefined' &&
  typeof navigator.storage?.getDirectory === 'function' &&
  typeof FileSystemFileHandle !== 'undefined' &&
  'createWritable' in FileSystemFileHandle.prototype;

/**
 * The private file system where the browser has one that can be written, else a table of the database. Whoever began with the
 * one stays with it: the keys of everybody lie there, and without them all records would be taken for damaged.
 *
 * @throws Error where people are enrolled and the private files with their keys cannot be opened now
 */
export async function openFiles(
  folder: string,
  { files, identities }: Pick<GalleryDatabase, 'files' | 'identities'>,
): Promise<FileStore> {
  if ((await files.count()) > 0) return databaseFiles(files);
  try {
    if (canWrite()) return await openPrivateFiles(folder);
  } catch (error) {
    // Some private windows offer the interface and refuse its use: they keep the table.
    if ((await identities.count()) > 0) throw error;
  }
  return databaseFiles(files);
}
