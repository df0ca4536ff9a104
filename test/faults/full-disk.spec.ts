import type { BrowserContext, Page } from '@playwright/test';
import { GALLERY_DATABASE } from '../../src/gallery/gallery.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import ko from '../../src/ui/i18n/ko.json' with { type: 'json' };
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import {
  enterPin,
  eraseAsAsked,
  goTo,
  lockScreen,
  openConsole,
  openPerson,
  STAFF_PIN,
} from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';
import { shoot } from './serves.ts';

test.use({ disk: 'customer', expectedErrors: [/[Qq]uota/] });

const YEAR = 366 * 86_400_000;

/** Bytes that the origin may still store once the disk is to be full: they are filled before anything is tried. */
const ROOM = 3 << 20;

/** Chromium's IndexedDB asks for its quota again after half a minute, and until then writes what it was allowed before. */
const QUOTA_KNOWN = 31_000;

const hasReserve = (page: Page): Promise<boolean> =>
  page.evaluate(async (name) => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
    return folder.getFileHandle('reserve').then(
      () => true,
      () => false,
    );
  }, GALLERY_DATABASE);

/** Lets no byte more be stored: the browser's quota is what lies there and what this fills. @returns bytes that were filled */
async function fillDisk(page: Page, quota: 'lowered' | 'as it is' = 'lowered'): Promise<number> {
  if (quota === 'lowered') {
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    const usage = await page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: usage + ROOM });
  }
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    let filled = 0;
    for (let size = 1 << 20; size >= 256; ) {
      const name = `ballast-${crypto.randomUUID()}`;
      const stream = await (await root.getFileHandle(name, { create: true })).createWritable();
      try {
        await stream.write(new Uint8Array(size));
        await stream.close();
        filled += size;
      } catch {
        await stream.abort().catch(() => {});
        await root.removeEntry(name).catch(() => {});
        size >>= 1;
      }
    }
    return filled;
  });
}

/** A locked console on a kiosk whose disk is full, with the reserve that it has made or without. */
async function fullKiosk(page: Page, reserve: 'kept' | 'taken away'): Promise<void> {
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked', { timeout: 90_000 });
  await expect(async () => {
    await page.clock.fastForward(61_000);
    expect(await hasReserve(page)).toBe(true);
  }).toPass({ timeout: 60_000 });
  if (reserve === 'taken away')
    await page.evaluate(async (name) => {
      const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle(name);
      await folder.removeEntry('reserve');
    }, GALLERY_DATABASE);
  expect(await fillDisk(page)).toBeGreaterThan(ROOM / 2);
  await new Promise((resolve) => setTimeout(resolve, QUOTA_KNOWN));
  // What was given back meanwhile.
  await fillDisk(page, 'as it is');
}

const opening = {
  camera: { kind: 'stage', scene: nobody },
  path: '#/staff/people',
  prepare: (context: BrowserContext) => context.clock.install(),
} as const;

test('full disk: with the reserve staff get in, a customer is erased, and the log says so', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk(opening);
  await fullKiosk(page, 'kept');
  await enterPin(page, STAFF_PIN);
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open', { timeout: 60_000 });
  await openPerson(page, CUSTOMER.person.name.ko);
  await eraseAsAsked(page);
  await expect(page.getByTestId(STAFF_IDS.personPage)).toHaveCount(0, { timeout: 60_000 });
  await shoot(page, 'quota full while withdrawing');
  expect(await hasReserve(page)).toBe(false);
  await goTo(page, '#/staff/log');
  await expect(
    page.getByTestId(STAFF_IDS.logLine).and(page.locator('[data-action="withdrawn"]')),
  ).toHaveCount(1, { timeout: 60_000 });
  await page.reload();
  await goTo(page, '#/staff/people');
  await openConsole(page);
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(0);
});

test('full disk: with the reserve the kiosk erases at the end of a consent', async ({ openKiosk }) => {
  const { page } = await openKiosk(opening);
  await fullKiosk(page, 'kept');
  await page.clock.fastForward(YEAR);
  await page.clock.fastForward(61_000);
  await expect(async () => {
    expect(await hasReserve(page)).toBe(false);
  }).toPass({ timeout: 60_000 });
  await openConsole(page);
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(0);
  await goTo(page, '#/staff/log');
  await expect(page.getByTestId(STAFF_IDS.logLine).and(page.locator('[data-action="expired"]'))).toHaveCount(
    1,
    { timeout: 60_000 },
  );
});

test('full disk: without the reserve nobody gets in, and the screen says why', async ({ openKiosk }) => {
  const { page } = await openKiosk(opening);
  await fullKiosk(page, 'taken away');
  await enterPin(page, STAFF_PIN);
  await expect(page.getByText(ko.staff.problem.full)).toBeVisible({ timeout: 60_000 });
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
  await shoot(page, 'quota full, without the reserve');
});
