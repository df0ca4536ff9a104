import type { CDPSession, Page, Route } from '@playwright/test';
import { GALLERY_DATABASE } from '../../src/gallery/gallery.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot, type OpenKiosk } from '../helpers/kiosk.ts';
import { agreeToConsent, comeBack, goTo, openConsole } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';
import { breakable, customerStands, greets, noteTime, OTHERS, shoot, stands } from './serves.ts';

/** The disk: full, removed, damaged; and a model's files. */

test.use({ disk: 'customer', expectedErrors: [/./] });

const [other] = OTHERS;
const otherStands = stands(other);

const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** Limits what the browser lets this origin store; null: as before. Bytes. The limit belongs to the session that set it. */
async function limitQuota(page: Page, quotaSize: number | null): Promise<void> {
  const opened = sessions.get(page) ?? page.context().newCDPSession(page);
  sessions.set(page, opened);
  const session = await opened;
  const { origin } = new URL(page.url());
  await session.send(
    'Storage.overrideQuotaForOrigin',
    quotaSize === null ? { origin } : { origin, quotaSize },
  );
}

const stored = (page: Page): Promise<number> =>
  page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);

test('fault: quota full while enrolling; it says so, and the same pictures are saved once there is room', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk({ ...breakable, path: '#/staff/enrol' });
  const { page } = kiosk;
  await openConsole(page);
  await page.getByTestId(TEST_IDS.enrolName).fill(other.name.ko);
  await page.getByTestId(TEST_IDS.enrolStart).click({ timeout: 90_000 });
  await limitQuota(page, Math.floor((await stored(page)) / 2));
  await kiosk.stand(otherStands);
  await agreeToConsent(page);
  await comeBack(page);
  const enrolment = page.getByTestId(TEST_IDS.enrolment);
  await expect(enrolment).toHaveAttribute('data-phase', /failed|saved/, { timeout: 60_000 });
  test.info().annotations.push({
    type: 'full disk while enrolling',
    description: (await enrolment.getAttribute('data-phase')) ?? '',
  });
  await shoot(page, 'quota full while enrolling');
  await limitQuota(page, null);
  if ((await enrolment.getAttribute('data-phase')) === 'failed') {
    await enrolment.getByRole('button').first().click();
    await expect(enrolment).toHaveAttribute('data-phase', 'saved', { timeout: 60_000 });
  }
  await goTo(page, '#/staff/people');
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(2);
});

test('fault: IndexedDB removed while the kiosk runs; nobody is confused, and staff are told of the loss', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk(breakable);
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  await page.evaluate(
    (name) =>
      new Promise((resolve) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = resolve;
      }),
    GALLERY_DATABASE,
  );
  // The next write finds out: a greeting is a line in the log. The gallery is then opened anew, empty.
  await kiosk.stand(customerStands);
  await expectPhase(page, /greeted|page/);
  await kiosk.stand(nobody);
  await expectPhase(page, 'attract');
  await page.waitForTimeout(5_000);
  await kiosk.stand(customerStands);
  await expectPhase(page, 'unknown');
  await shoot(page, 'IndexedDB removed');
  await goTo(page, '#/staff');
  await expect(page.getByTestId(STAFF_IDS.lost)).toBeVisible({ timeout: 60_000 });
  await shoot(page, 'IndexedDB removed, as staff are told');
});

/** Flips a byte in each file of keys. */
async function damageKeys(page: Page): Promise<number> {
  return page.evaluate(async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    let damaged = 0;
    for await (const [file, handle] of folder as unknown as AsyncIterable<[string, FileSystemFileHandle]>) {
      if (!/key/i.test(file)) continue;
      const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
      bytes[bytes.length >> 1]! ^= 1;
      const stream = await handle.createWritable();
      await stream.write(bytes);
      await stream.close();
      damaged += 1;
    }
    return damaged;
  }, GALLERY_DATABASE);
}

test('fault: a key shard corrupt; the kiosk opens, says whose records are damaged, and takes new people', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk(breakable);
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  expect(await damageKeys(page)).toBeGreaterThan(0);
  await page.reload();
  await expectPhase(page, /attract|out-of-order/);
  await shoot(page, 'key shard corrupt');
  await goTo(page, '#/staff/people');
  await openConsole(page);
  await expect(page.getByTestId(TEST_IDS.damaged)).toHaveCount(1);
  await shoot(page, 'key shard corrupt, as staff are told');
  await kiosk.stand(otherStands);
  await goTo(page, '#/staff/enrol');
  await enrol(page, other.name.ko);
});

/** A kiosk one of whose model files is answered otherwise until it is laid again. */
async function withShard(
  openKiosk: (options: typeof breakable) => Promise<OpenKiosk>,
  answer: (route: Route) => Promise<void>,
) {
  const shard = /models\/(?!detector)[^/]+\/weights-00\.bin$/;
  const kiosk = await openKiosk({
    ...breakable,
    prepare: async (context) => {
      await breakable.prepare?.(context);
      await context.route(shard, answer);
    },
  });
  return { kiosk, lay: () => kiosk.context.unroute(shard) };
}

const missing = (route: Route) => route.fulfill({ status: 404, body: 'gone' });

/** One byte in the middle is another one. */
async function corrupt(route: Route): Promise<void> {
  const response = await route.fetch();
  const body = await response.body();
  body[body.length >> 1]! ^= 1;
  await route.fulfill({ response, body });
}

for (const [name, answer, reason] of [
  ['missing', missing, 'model-missing'],
  ['corrupt', corrupt, 'model-corrupt'],
] as const)
  test(`fault: a model shard ${name}; the kiosk starts by itself once it is whole`, async ({ openKiosk }) => {
    const { kiosk, lay } = await withShard(openKiosk, answer);
    const { page } = kiosk;
    await expectPhase(page, 'out-of-order');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', reason);
    await shoot(page, `model shard ${name}`);
    await lay();
    const took = await greets(kiosk, 120_000);
    noteTime(`a model shard ${name}`, took);
  });

test('fault: two windows; the second says so, and goes on by itself once the first is closed', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk(breakable);
  await expectPhase(kiosk.page, 'attract');
  const second = await kiosk.context.newPage();
  await second.goto(kiosk.page.url());
  await expectPhase(second, 'out-of-order');
  await expect(kioskRoot(second)).toHaveAttribute('data-reason', 'other-window');
  await shoot(second, 'two windows');
  // Longer than all quick retries: a broken gallery would have had the page reloaded by now.
  await second.waitForTimeout(75_000);
  expect(await second.evaluate(() => sessionStorage.getItem('rounz-reloads'))).toBeNull();
  const from = performance.now();
  await kiosk.page.close();
  await expectPhase(second, 'attract', 120_000);
  noteTime('two windows, the first one closed', performance.now() - from);
});
