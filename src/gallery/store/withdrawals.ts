import { z } from 'zod';
import type { GalleryDatabase, Tombstone } from './database.ts';
import type { Note } from './note.ts';

z.config({ jitless: true });

const tombstoneSchema = z.strictObject({ id: z.uuid(), at: z.iso.datetime() });
export const tombstonesSchema = z.array(tombstoneSchema).readonly();

/**
 * Who withdrew, by the random ids of their records: in the database, where they are written in one transaction with the erasure,
 * and in a note apart from it, which outlives the emptying of the kiosk and the loss of the database.
 */
export class Withdrawals {
  readonly #database: GalleryDatabase;
  readonly #note: Note;

  private constructor(database: GalleryDatabase, note: Note) {
    this.#database = database;
    this.#note = note;
  }

  /** Brings both places to hold what either of them held. */
  static async open(database: GalleryDatabase, note: Note): Promise<Withdrawals> {
    const withdrawals = new Withdrawals(database, note);
    const noted = readNote(note);
    const known = new Set(await database.tombstones.toCollection().primaryKeys());
    const missing = noted.filter(({ id }) => !known.has(id));
    if (missing.length > 0) await database.tombstones.bulkPut(missing);
    if (known.size > noted.length - missing.length) await withdrawals.copy();
    return withdrawals;
  }

  all(): Promise<Tombstone[]> {
    return this.#database.tombstones.toArray();
  }

  /**
   * Forgets who withdrew before a date, in both places: whatever backup still holds them holds a consent that has run out.
   *
   * @param before ISO 8601, UTC
   */
  async forgetBefore(before: string): Promise<void> {
    const old = (await this.all()).filter(({ at }) => at < before).map(({ id }) => id);
    if (old.length === 0) return;
    await this.#database.tombstones.bulkDelete(old);
    await this.copy();
  }

  /** Writes the note, after a change that erased somebody. */
  async copy(): Promise<void> {
    const lines = (await this.all()).filter((one) => tombstoneSchema.safeParse(one).success);
    this.#note.write(JSON.stringify(lines));
  }
}

function readNote(note: Note): readonly Tombstone[] {
  try {
    return tombstonesSchema.parse(JSON.parse(note.read() ?? '[]'));
  } catch {
    // The database has them too, as long as it is there.
    return [];
  }
}
