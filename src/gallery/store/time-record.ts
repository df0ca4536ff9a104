import type { Clock } from '@rounz/core/time/clock.ts';
import { type Leap, TrustedTime } from '@rounz/core/time/trusted-time.ts';
import { z } from 'zod';
import type { GalleryDatabase } from './database.ts';
import type { MetaTable } from './meta-table.ts';

z.config({ jitless: true });

const TIME = 'time';

/** What a later start has to know of the time. Moments in milliseconds since 1970. */
const schema = z.strictObject({
  mark: z.number(),
  /** number of the log's line from which on its dates count: those before were written by a clock that was set right since */
  logFrom: z.int().nonnegative(),
  /** people whose records were written while the clock was in doubt, and what the time was taken for at the first of them */
  undated: z.strictObject({ since: z.number(), ids: z.array(z.string()) }).nullable(),
  /** absent in rows of earlier versions */
  leap: z.strictObject({ by: z.number(), from: z.number(), until: z.number() }).nullable().default(null),
});
type Kept = z.infer<typeof schema>;
type Undated = NonNullable<Kept['undated']>;

/** The trusted time of a gallery, and what of it is kept, sealed, for the next start. */
export class TimeRecord {
  readonly time: TrustedTime;
  readonly #meta: MetaTable;
  readonly #database: GalleryDatabase;
  #logFrom: number;
  /** of the row that lies on the disk; null: none */
  #kept: number | null;
  /** as it lies on the disk */
  #leap: Leap | null;
  #undated: Undated | null;

  private constructor(time: TrustedTime, meta: MetaTable, database: GalleryDatabase, kept: Kept | null) {
    this.time = time;
    this.#meta = meta;
    this.#database = database;
    this.#logFrom = kept?.logFrom ?? 0;
    this.#kept = kept?.mark ?? null;
    this.#leap = kept?.leap ?? null;
    this.#undated = kept?.undated ?? null;
  }

  /** @param built when the program was built, milliseconds since 1970; null: not known */
  static async open(
    database: GalleryDatabase,
    meta: MetaTable,
    clock: Clock,
    built: number | null,
  ): Promise<TimeRecord> {
    // Without it, log and records still say how late it is at least.
    const kept = await meta.get(TIME, schema).catch(() => null);
    const last = await database.log.orderBy('seq').last();
    const logged = last && last.seq >= (kept?.logFrom ?? 0) ? Date.parse(last.at) : Number.NaN;
    const moments = [kept?.mark ?? Number.NaN, logged].filter(Number.isFinite);
    const newest = moments.length > 0 ? Math.max(...moments) : null;
    const time = new TrustedTime(clock, { newest, built, leap: kept?.leap ?? null });
    return new TimeRecord(time, meta, database, kept);
  }

  /** Whose dates have to be corrected. */
  get undated(): Undated | null {
    return this.#undated;
  }

  /**
   * Rows for a change that writes these people: it says in the same transaction that their dates are in doubt, or that the clock
   * has leapt, because what it dates lets the next start believe the clock.
   */
  rowsFor(ids: readonly string[]): readonly { readonly id: string; readonly value: unknown }[] {
    const doubt = this.time.doubt();
    if (!doubt || ids.length === 0) return this.#leapToKeep() ? [this.#row()] : [];
    const { since, ids: before } = this.#undated ?? { since: doubt.known, ids: [] };
    this.#undated = { since: Math.min(since, doubt.known), ids: [...new Set([...before, ...ids])] };
    return [this.#row()];
  }

  /** The row of a change that corrects the dates. */
  corrected(): { readonly id: string; readonly value: unknown } {
    this.#undated = null;
    this.time.corrected();
    return this.#row();
  }

  /** The row of a change that notes that the clock was confirmed: the log's earlier lines say nothing of the time any more. */
  async confirmed(): Promise<{ readonly id: string; readonly value: unknown }> {
    this.time.confirm();
    this.#logFrom = ((await this.#database.log.orderBy('seq').last())?.seq ?? 0) + 1;
    return this.#row();
  }

  /** Keeps the mark where the one that lies there is older. @param than milliseconds */
  async keep(than: number): Promise<void> {
    const row = this.#row();
    if (this.#kept !== null && row.value.mark - this.#kept < than && !this.#leapToKeep()) return;
    await this.#put(row);
    const { logFrom, undated } = row.value;
    // A change may have written another row while this one was sealed.
    if (logFrom !== this.#logFrom || undated !== this.#undated) await this.#put(this.#row());
  }

  async #put({ id, value }: { readonly id: string; readonly value: Kept }): Promise<void> {
    await this.#meta.put(id, value);
    this.#kept = value.mark;
    this.#leap = value.leap;
  }

  /** Whether the disk says otherwise. A clock that was set back is noted together with the dates that it corrects. */
  #leapToKeep(): boolean {
    const { leap, setBack } = this.time;
    return leap !== this.#leap && setBack === null;
  }

  #row() {
    // `now` sees whether the clock has leapt.
    const mark = this.time.now();
    const value: Kept = { mark, logFrom: this.#logFrom, undated: this.#undated, leap: this.time.leap };
    return { id: TIME, value };
  }
}
