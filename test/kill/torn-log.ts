import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serveEngine } from '../helpers/engine-page.ts';
import { KillableBrowser } from './browser.ts';
import type { Found } from './driver-page.ts';

/** LevelDB's log: blocks of this many bytes; a record's head is a checksum (4), a length (2) and a type (1). */
const BLOCK = 32_768;
const HEAD = 7;
const WHOLE_RECORD = 1;

/** Puts half of a record at the end of the database's log, as a browser does that is killed while it writes. */
function tear(profile: string): void {
  const folder = join(profile, 'Default/IndexedDB');
  const database = join(folder, readdirSync(folder).find((name) => name.endsWith('.leveldb'))!);
  const newest = readdirSync(database)
    .filter((name) => /^\d+\.log$/.test(name))
    .sort()
    .at(-1)!;
  const log = join(database, newest);
  const length = Math.min(1000, BLOCK - (statSync(log).size % BLOCK) - HEAD);
  const half = Buffer.alloc(HEAD + Math.max(0, length >> 1), 0x5a);
  half.writeUInt16LE(Math.max(1, length), 4);
  half[HEAD - 1] = WHOLE_RECORD;
  appendFileSync(log, half);
}

/** What is found at the starts after a write was torn: in the first, and in the one that reads what that one wrote. */
export async function lookAfterTornWrites(times: number): Promise<readonly Found[]> {
  const served = await serveEngine(join(import.meta.dirname, 'driver-page.ts'));
  const profile = mkdtempSync(join(tmpdir(), 'torn-'));
  const found: Found[] = [];
  let browser = await KillableBrowser.start(profile);
  const load = async () => {
    await browser.page.goto(served.address);
    await browser.page.waitForFunction(() => 'driver' in window);
  };
  const startAndLook = async () => {
    browser = await KillableBrowser.start(profile);
    await load();
    found.push(await browser.page.evaluate(() => window.driver.look('enrol')));
  };
  try {
    await load();
    await browser.page.evaluate(() => window.driver.prepare());
    for (let i = 0; i < times; i++) {
      await browser.kill();
      tear(profile);
      await startAndLook();
      // The next start has time to write.
      await browser.page.waitForTimeout(1000);
      await browser.kill();
      await startAndLook();
    }
  } finally {
    await browser.kill();
    await served.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
  return found;
}
