import { Dexie, type EntityTable, type Table } from 'dexie';
import { galleryError } from '../base/errors.ts';
import type { Bytes } from '../crypto/bytes.ts';
import type { LegacyRecord } from './legacy.ts';

/** A file of `FileStore`, kept as a row where there is no private file system. */
export interface StoredFile {
  readonly name: string;
  readonly bytes: Bytes;
}

/** Version of the tables. */
export const SCHEMA_VERSION = 2;

/** Dexie multiplies its versions by this before it hands them to IndexedDB. */
const DEXIE_VERSION_FACTOR = 10;

/** Form of the sealed records. */
export const RECORD_FORMAT = 2;

/** Each sealed record names the key that opens it. The name and all plain fields are authenticated with it. */
interface Sealed {
  readonly id: string;
  readonly format: typeof RECORD_FORMAT;
  readonly keyId: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

export interface StoredIdentity extends Sealed {
  /** 1 for the demonstration's people; outside of the seal so that they can be removed unread */
  readonly demo: 0 | 1;
  /** ISO 8601, UTC: when the consent runs out */
  readonly expiresAt: string;
}

export interface StoredTemplates extends Sealed {
  /** the gallery's revision that wrote it: what the snapshot is compared with */
  readonly revision: number;
  /** the transform that protects it */
  readonly epoch: number;
}

/** Note and telephone number: a box for staff within the person's seal. */
export type StoredStaffPart = Sealed;

export interface StoredLogLine {
  readonly seq: number;
  readonly at: string;
  readonly box: Uint8Array<ArrayBuffer>;
  /** hex */
  readonly hash: string;
}

/** Values of the installation, each sealed with the device key and bound to its id. */
export interface StoredMeta {
  readonly id: string;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** Plain counters without personal data. */
export interface StoredCounter {
  readonly id: 'revision' | 'epoch' | 'changes';
  readonly value: number;
}

export interface StoredKey {
  /** `transform-` and an epoch: what the seed and the telephone tags of that epoch are bound to */
  readonly id: 'device' | 'device-next' | 'pepper' | 'pin-pepper' | `transform-${number}`;
  /** not extractable: the page can use it and never read it */
  readonly key: CryptoKey;
}

export interface Tombstone {
  readonly id: string;
  /** ISO 8601, UTC */
  readonly at: string;
}

/** The database. A later layout is a further `version(n)` with its upgrade; those before it stay. */
export class GalleryDatabase extends Dexie {
  /** version 1's people, in plain; moved into the sealed tables at the first start */
  declare readonly people: EntityTable<LegacyRecord, 'id'>;
  declare readonly keys: EntityTable<StoredKey, 'id'>;
  declare readonly meta: EntityTable<StoredMeta, 'id'>;
  declare readonly counters: EntityTable<StoredCounter, 'id'>;
  declare readonly identities: EntityTable<StoredIdentity, 'id'>;
  declare readonly templates: EntityTable<StoredTemplates, 'id'>;
  declare readonly staffParts: EntityTable<StoredStaffPart, 'id'>;
  declare readonly log: EntityTable<StoredLogLine, 'seq'>;
  declare readonly tombstones: EntityTable<Tombstone, 'id'>;
  declare readonly files: Table<StoredFile, string>;

  constructor(name: string) {
    // A confirmed write is on the disk, so that it survives a power cut.
    super(name, { chromeTransactionDurability: 'strict' });
    this.version(1).stores({ people: 'id, demo' });
    this.version(SCHEMA_VERSION).stores({
      people: 'id, demo',
      keys: 'id',
      meta: 'id',
      counters: 'id',
      identities: 'id, demo, expiresAt',
      templates: 'id, revision, keyId',
      staffParts: 'id, keyId',
      log: 'seq',
      tombstones: 'id',
      files: 'name',
    });
  }
}

/** @throws GalleryError where the browser lets us store nothing, or the database is newer than this program */
export async function openDatabase(name: string): Promise<GalleryDatabase> {
  const database = new GalleryDatabase(name);
  try {
    await database.open();
  } catch (error) {
    throw galleryError(error);
  }
  // The browser may close it (its storage process died), and Dexie then opens it anew by itself. What it finds must be what was
  // there: a database that had to be made anew is another one, without keys, and nothing may be written to it.
  database.on('populate', () => {
    throw new DOMException('The browser has removed the database while the kiosk ran.', 'InvalidStateError');
  });
  // Another window upgrades or removes the database, so this connection ends.
  database.on('versionchange', () => database.close());
  // Dexie opens a newer database all the same, but its records may mean something else by then.
  if (Math.floor(database.backendDB().version / DEXIE_VERSION_FACTOR) > SCHEMA_VERSION) {
    database.close();
    throw galleryError(new DOMException('The database is newer than this program.', 'VersionError'));
  }
  return database;
}
