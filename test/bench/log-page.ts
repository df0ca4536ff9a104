import type { GalleryEngine } from '../../src/gallery/contract/gallery.ts';
import { randomBytes } from '../../src/gallery/crypto/bytes.ts';
import { openGallery } from '../../src/gallery/gallery.ts';
import { chained } from '../../src/gallery/store/access-log.ts';
import { LOG_HEAD } from '../../src/gallery/store/log-table.ts';
import { openStoreOf } from '../../src/gallery/test-store.ts';

/** Runs in the browser, on the engine that the kiosk runs: what `log.ts` beside it measures. */
const NAME = 'bench-log';
/** A box as long as a real one that nothing opens: of old lines only the chain is looked at. */
const BOX_BYTES = 240;
const BATCH = 5_000;
const PIN = '482915';

let engine: GalleryEngine;

async function open(): Promise<void> {
  engine = await openGallery({ name: NAME, rounds: 1000 });
  if (engine.lock.state().kind === 'unset') await engine.lock.setPin(PIN);
  else await engine.lock.unlock(PIN);
}

/** @param count lines in all. @param readable the newest, which are real ones */
async function fill(count: number, readable: number): Promise<void> {
  await open();
  // The signature of where the log ends is written after the console is open.
  await new Promise((resolve) => setTimeout(resolve, 500));
  engine.close();
  const store = await openStoreOf(NAME);
  const { database, meta } = store.storage;
  const end = await store.log.end();
  if (!end) throw new Error('The log has no end.');
  let { seq, hash } = end;
  const at = new Date().toISOString();
  const box = randomBytes(BOX_BYTES);
  for (let left = count - readable; left > 0; left -= BATCH) {
    const lines = [];
    for (let i = 0; i < Math.min(BATCH, left); i++) {
      seq += 1;
      hash = await chained(hash, seq, at, box);
      lines.push({ seq, at, box, hash });
    }
    await database.log.bulkAdd(lines);
  }
  await meta.put(LOG_HEAD, { seq, hash });
  await store.commit(() => ({
    log: Array.from({ length: readable }, () => ({ actor: 'person', action: 'recognised' }) as const),
    at,
  }));
  database.close();
  await open();
}

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

/** Staff open the log. @returns milliseconds of each time */
async function look(times: number): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < times; i++)
    taken.push(
      await timed(async () => {
        const { intact, entries } = await engine.staff.log(120);
        if (!intact.ok || entries.length !== 120) throw new Error('The log was not read.');
      }),
    );
  return taken;
}

/** What follows in the background. */
const check = async (): Promise<number[]> => [
  await timed(async () => {
    const intact = await engine.staff.checkLog();
    if (!intact.ok) throw new Error(intact.reason);
  }),
];

const logBench = { fill, look, check };
declare global {
  interface Window {
    logBench: typeof logBench;
  }
}
window.logBench = logBench;
