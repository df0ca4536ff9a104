import { Dexie } from 'dexie';

/**
 * Chromium keeps all databases of an origin in one LevelDB, whose log it goes on with at each start. Where a write was cut off
 * (a killed browser, the power), the half of it stays in the log; what is written behind it makes the log fail its checksum at
 * the start after that, and then Chromium removes every database of the origin. A new log has no such place: LevelDB begins
 * one when so many bytes were written, its write buffer of 4 MiB and some more (docs/decisions/010-a-new-log-at-each-start.md).
 */
const RENEWAL = { bytes: 60_000, rows: 75 } as const;

/** Only Chromium behaves so. */
const isChromium = (): boolean => typeof navigator !== 'undefined' && 'userAgentData' in navigator;

/** Makes the browser begin a new log. To be called at each start, before anything worth keeping is written. */
export async function renewLog(name: string): Promise<void> {
  if (!isChromium()) return;
  const database = new Dexie(`${name}-renewal`, { chromeTransactionDurability: 'relaxed' });
  database.version(1).stores({ filler: '' });
  try {
    const filler = database.table<Uint8Array, number>('filler');
    // Larger values would be kept beside the log, and values that compress well would not fill it.
    const bytes = crypto.getRandomValues(new Uint8Array(RENEWAL.bytes));
    const keys = Array.from({ length: RENEWAL.rows }, (_, key) => key);
    await filler.bulkPut(
      keys.map(() => bytes),
      keys,
    );
    await filler.clear();
  } finally {
    database.close();
  }
}
