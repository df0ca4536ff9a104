import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, type Page, test } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { serveEngine } from '../helpers/engine-page.ts';
import { NO_ADDRESS_BAR } from '../helpers/flags.ts';
import { enrol, KioskMachine } from '../helpers/kiosk.ts';
import { spellings, whereIn } from '../helpers/profile-bytes.ts';
import { eraseAsAsked, goTo, openPerson } from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

/** Who withdraws; no browser has these words of its own. */
const NAME = '곽두팔 Quartermain';
const CONTROL = 'Zebulon-control';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'forgotten-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));

const bytes = (hex: readonly string[]) => hex.map((one) => Buffer.from(one, 'hex'));

/** Runs work in a browser on that disk, and closes it: what it held back is then written. */
async function onDisk<T>(address: string, work: (page: Page) => Promise<T>): Promise<T> {
  const executablePath = process.env['CHROMIUM_PATH'];
  const context = await chromium.launchPersistentContext(folder, {
    args: ['--no-sandbox', '--disable-gpu', NO_ADDRESS_BAR],
    ...(executablePath ? { executablePath } : {}),
  });
  const page = context.pages()[0]!;
  await page.goto(address);
  await page.waitForFunction(() => 'forgotten' in window);
  const result = await work(page);
  await context.close();
  return result;
}

test('withdrawal: no byte of the profile has the name, the template or the keys @long', async () => {
  const served = await serveEngine(join(import.meta.dirname, '../helpers/gallery-page.ts'));
  try {
    const { id, secrets } = await onDisk(served.address, async (page) => {
      await page.evaluate((text) => window.forgotten.plant(text), CONTROL);
      const enrolled = await page.evaluate((name) => window.forgotten.enrol(name), NAME);
      return {
        id: enrolled,
        secrets: await page.evaluate((of) => window.forgotten.secretsOf(of), enrolled),
      };
    });

    // The search can fail: it finds what was planted, wherever and however it was written, and the person's keys and record.
    for (const control of ['small', 'large', 'file'])
      expect(whereIn(folder, spellings(`${CONTROL}-${control}`)), control).not.toEqual([]);
    expect(whereIn(folder, bytes(secrets.keyFiles))).not.toEqual([]);
    expect(whereIn(folder, bytes(secrets.sealed))).not.toEqual([]);
    // Even before the withdrawal neither name nor template is stored in plain.
    expect(whereIn(folder, [...spellings(NAME), ...bytes(secrets.template)])).toEqual([]);

    await onDisk(served.address, (page) => page.evaluate((of) => window.forgotten.withdraw(of), id));
    expect(whereIn(folder, spellings(`${CONTROL}-small`))).not.toEqual([]);
    expect(whereIn(folder, [...spellings(NAME), ...bytes(secrets.template)])).toEqual([]);
    // IndexedDB's log may still hold the sealed record; what opened it is gone.
    expect(whereIn(folder, bytes(secrets.keyFiles))).toEqual([]);
  } finally {
    await served.close();
  }
});

test('withdrawal: the same through the screens, with a face in front of the camera @long', async ({
  baseURL,
}) => {
  const machine = new KioskMachine(baseURL!, folder);
  const person = RENDERED_PEOPLE.find(({ id }) => id === 'seo-jiwoo')!;
  try {
    const { page, close } = await machine.open({
      camera: showing(person),
      path: '#/staff/enrol',
      prepare: async (context) => context.addInitScript(keepEmbeddings),
    });
    await enrol(page, NAME);
    await goTo(page, '#/staff');
    await openPerson(page, NAME);
    await page.getByTestId(STAFF_IDS.note).fill(`${NAME} likes round frames`);
    await page.getByTestId(STAFF_IDS.noteSave).click();
    await eraseAsAsked(page);
    await expect(page.getByTestId(STAFF_IDS.personPage)).toHaveCount(0);
    const embeddings = await page.evaluate(() => (window as unknown as { embeddings: string[] }).embeddings);
    expect(embeddings.length).toBeGreaterThan(2);
    await close();
    expect(whereIn(folder, [...spellings(NAME), ...bytes(embeddings)])).toEqual([]);
  } finally {
    await machine.dispose();
  }
});

/** Runs in the page: keeps the first bytes of each embedding that the vision worker sends, hex. */
function keepEmbeddings(): void {
  const embeddings: string[] = [];
  Object.assign(window, { embeddings });
  const search = (value: unknown, depth: number): void => {
    if (value instanceof Float32Array && value.length === 512) {
      const start = new Uint8Array(value.buffer as ArrayBuffer, value.byteOffset, 64);
      embeddings.push(Array.from(start, (byte) => byte.toString(16).padStart(2, '0')).join(''));
    } else if (typeof value === 'object' && value !== null && depth < 6)
      for (const inner of Object.values(value)) search(inner, depth + 1);
  };
  const Native = Worker;
  window.Worker = class extends Native {
    constructor(...args: ConstructorParameters<typeof Native>) {
      super(...args);
      this.addEventListener('message', ({ data }) => search(data, 0));
    }
  };
}
