import type { Progress } from '../contract/backup.ts';
import type { AccessLog } from '../contract/log.ts';
import {
  EMPTY_LOG,
  headSchema,
  type LogHead,
  type LogLine,
  type NextLines,
  nextLines,
  readLog,
} from './access-log.ts';
import type { GalleryDatabase } from './database.ts';
import type { MetaTable } from './meta-table.ts';

/** id of the value that says where the log ends */
export const LOG_HEAD = 'log-head';

/** The access log in the database, and the sealed note of where it ends. */
export class LogTable {
  readonly #database: GalleryDatabase;
  readonly #meta: MetaTable;

  constructor(database: GalleryDatabase, meta: MetaTable) {
    this.#database = database;
    this.#meta = meta;
  }

  /** The next lines; nothing is written yet. @param staff the public key */
  async next(lines: readonly LogLine[], staff: CryptoKey, at: string): Promise<NextLines> {
    return nextLines(await this.#head(), lines, staff, at);
  }

  /** Reads both at one moment: nothing may be written meanwhile. */
  async stored(): Promise<StoredLog> {
    const [head, lines] = await Promise.all([
      this.#meta.get(LOG_HEAD, headSchema).catch(() => null),
      this.#database.log.orderBy('seq').toArray(),
    ]);
    return { lines, head: head ?? (lines.length === 0 ? EMPTY_LOG : null) };
  }

  /**
   * The end of the log. A next line can be written whatever was done to the log, because a tampered log must keep nobody from
   * withdrawing; whoever reads it is told.
   */
  async #head(): Promise<LogHead> {
    const head = await this.#meta.get(LOG_HEAD, headSchema).catch(() => null);
    const last = await this.#database.log.orderBy('seq').last();
    // Without the note of its end the chain begins anew, and stays broken at that line.
    const { seq, hash } = head ?? EMPTY_LOG;
    return { seq: Math.max(seq, last?.seq ?? 0), hash };
  }
}

/** The log as it is stored. */
export interface StoredLog {
  readonly lines: readonly unknown[];
  readonly head: LogHead | null;
}

/** @param staff the private key. @param newest lines that are read; all of them where absent */
export const openLog = (
  { lines, head }: StoredLog,
  staff: CryptoKey,
  newest?: number,
  onProgress?: Progress,
): Promise<AccessLog> => readLog(lines, head, staff, newest, onProgress);
