import type { Clock } from '@rounz/core/time/clock.ts';
import { z } from 'zod';
import { type GalleryDatabase, openDatabase } from './database.ts';
import { createQueue } from './exclusive.ts';
import { type FileStore, openFiles } from './files.ts';
import { Installation } from './installation.ts';
import { MetaTable } from './meta-table.ts';
import type { Note } from './note.ts';
import { Reserve } from './reserve.ts';
import { TimeRecord } from './time-record.ts';
import { Withdrawals } from './withdrawals.ts';

z.config({ jitless: true });

/** id of the value that keeps the fingerprint once the pepper that gave it is replaced */
export const FINGERPRINT = 'fingerprint';
const fingerprintSchema = z.string().regex(/^[0-9a-f]{16}$/);

/** Where everything of the gallery lies, and the keys of this installation. */
export interface Storage {
  readonly database: GalleryDatabase;
  readonly files: FileStore;
  readonly installation: Installation;
  /** tells one installation from another, also after new keys; 16 hex digits */
  readonly fingerprint: string;
  readonly meta: MetaTable;
  /** for durations; dates come from `record` */
  readonly clock: Clock;
  /** the trusted time */
  readonly record: TimeRecord;
  readonly withdrawals: Withdrawals;
  readonly reserve: Reserve;
  /** runs work that reads or writes as nobody else does meanwhile */
  readonly exclusively: ReturnType<typeof createQueue>;
}

/** What is known apart from the storage. */
interface Outside {
  /** when the program was built, milliseconds since 1970; null: not known */
  readonly built?: number | null;
  /** the note of who withdrew */
  readonly withdrawn?: Note;
}

const noNote: Note = { read: () => null, write: () => {} };

/**
 * @param name of the database and of the folder of private files
 * @throws Error where the browser lets us store nothing
 */
export async function openStorage(
  name: string,
  clock: Clock,
  { built = null, withdrawn = noNote }: Outside = {},
): Promise<Storage> {
  const database = await openDatabase(name);
  const files = await openFiles(name, database);
  const exclusively = createQueue(`${name} write`);
  const installation = await exclusively(() => Installation.open(database, files));
  const reserve = new Reserve(files);
  const meta = new MetaTable(database, installation.device, reserve);
  const kept = await meta.get(FINGERPRINT, fingerprintSchema).catch(() => null);
  return {
    database,
    files,
    installation,
    fingerprint: kept ?? (await installation.fingerprint()),
    meta,
    reserve,
    clock,
    withdrawals: await Withdrawals.open(database, withdrawn),
    record: await TimeRecord.open(database, meta, clock, built),
    exclusively,
  };
}
