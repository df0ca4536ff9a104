import {
  EMPTY_LOG,
  headSchema,
  type LogHead,
  type LogLine,
  type NextLines,
  nextLines,
} from './access-log.ts';
import type { GalleryDatabase } from './database.ts';
import { type Checkpoint, checkpointSchema } from './log-checkpoint.ts';
import type { MetaTable } from './meta-table.ts';

/** id of the value that says where the log ends */
export const LOG_HEAD = 'log-head';
/** id of staff's newest signature */
export const CHECKPOINT = 'log-checkpoint';

/** The access log in the database, the sealed note of where it ends, and staff's newest checkpoint. */
export class LogTable {
  readonly #database: GalleryDatabase;
  readonly #meta: MetaTable;

  constructor(database: GalleryDatabase, meta: MetaTable) {
    this.#database = database;
    this.#meta = meta;
  }

  /** The next lines, and the end before them; nothing is written yet. @param staff the public key */
  async next(
    lines: readonly LogLine[],
    staff: CryptoKey,
    at: string,
  ): Promise<NextLines & { readonly before: LogHead }> {
    const before = await this.#end();
    return { ...(await nextLines(before, lines, staff, at)), before };
  }

  /** Where the log ends; null where the note of it is gone or damaged. */
  async head(): Promise<LogHead | null> {
    const head = await this.#meta.get(LOG_HEAD, headSchema).catch(() => null);
    return head ?? ((await this.#database.log.count()) === 0 ? EMPTY_LOG : null);
  }

  /** Number of the last line that is there; 0: none. */
  async lastSeq(): Promise<number> {
    return (await this.#database.log.orderBy('seq').last())?.seq ?? 0;
  }

  /** Lines with numbers above `after`, unchecked, oldest first. @param most how many, from the oldest on */
  lines(after: number, most = Number.POSITIVE_INFINITY): Promise<readonly unknown[]> {
    const found = this.#database.log.where('seq').above(after);
    return Number.isFinite(most) ? found.limit(most).toArray() : found.toArray();
  }

  /** The hash that stands in that line, unchecked; null where there is no such line. */
  async hashOf(seq: number): Promise<string | null> {
    if (seq === 0) return EMPTY_LOG.hash;
    const hash: unknown = (await this.#database.log.get(seq))?.hash;
    return typeof hash === 'string' ? hash : null;
  }

  /** @returns null where there is none. @throws Error where it is damaged */
  checkpoint(): Promise<Checkpoint | null> {
    return this.#meta.get(CHECKPOINT, checkpointSchema);
  }

  /** The last number that was given to a line. */
  async lastGiven(): Promise<number> {
    return (await this.#end()).seq;
  }

  /** Keeps a checkpoint and removes the lines up to its base, both or neither. */
  async keep(checkpoint: Checkpoint): Promise<void> {
    const row = await this.#meta.row(CHECKPOINT, checkpoint);
    const { log, meta } = this.#database;
    await this.#database.transaction('rw', log, meta, async () => {
      await meta.put(row);
      await log.where('seq').belowOrEqual(checkpoint.base.seq).delete();
    });
  }

  /**
   * Where the next line is chained to. It can be written whatever was done to the log, because a tampered log must keep nobody
   * from withdrawing; whoever reads it is told.
   */
  async #end(): Promise<LogHead> {
    const head = await this.#meta.get(LOG_HEAD, headSchema).catch(() => null);
    // Without the note of its end the chain begins anew, and stays broken at that line.
    const { seq, hash } = head ?? EMPTY_LOG;
    return { seq: Math.max(seq, await this.lastSeq()), hash };
  }
}
