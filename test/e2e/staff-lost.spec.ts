import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { GALLERY_DATABASE } from '../../src/gallery/gallery.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase } from '../helpers/kiosk.ts';
import {
  confirmPin,
  enterPin,
  enterSetUpCode,
  goTo,
  lockScreen,
  lookInto,
  makeBackup,
  openConsole,
  PASSPHRASE,
  row,
  STAFF_PIN,
} from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const person = RENDERED_PEOPLE[0]!;
const bare = showing(person);
// The page from which the data is cleared has no icon.
test.use({ expectedErrors: [/404/] });

/** What a browser does that clears a site's data for want of room, or whose storage broke. The kiosk is then opened at its door. */
async function lose(page: Page): Promise<void> {
  const start = page.url();
  await page.goto(new URL('catalogue/catalogue.json', start).href);
  await page.evaluate(async (name) => {
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    await (await navigator.storage.getDirectory()).removeEntry(name, { recursive: true });
  }, GALLERY_DATABASE);
  // With the model that the tests' address names: none has to be chosen by measurement.
  await page.goto(new URL(`${new URL(start).search}#/staff`, start).href);
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'first-run');
}

test('lost gallery: staff are told that the browser lost it, and are shown the backup @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: bare, path: '?lang=en#/staff/enrol' });
  await enrol(page, person.name.ko);

  await lose(page);
  const notice = page.getByTestId(STAFF_IDS.lost);
  await test.step('before a PIN is chosen', async () => {
    await expect(notice).toContainText('The record of 1 person');
  });

  await test.step('in the list of people and in the health view, with the way to the backup', async () => {
    await openConsole(page);
    await expect(notice).toContainText('1 person was enrolled');
    await goTo(page, '#/staff/health');
    await expect(page.getByTestId(TEST_IDS.healthStorage)).toContainText(/[Pp]rotected/);
    await expect(page.getByTestId(TEST_IDS.staff)).toContainText('1 person was enrolled');
    await goTo(page, '#/staff');
    await notice.getByRole('link').click();
    await expect(page.getByTestId(STAFF_IDS.restoreFile)).toBeAttached();
  });

  await test.step('until they go on without it', async () => {
    await goTo(page, '#/staff');
    await page.getByTestId(STAFF_IDS.lostDismiss).click();
    await page.getByTestId(TEST_IDS.confirmDelete).click();
    await expect(notice).toHaveCount(0);
    await goTo(page, '#/staff/log');
    await expect(
      page.getByTestId(STAFF_IDS.logLine).and(page.locator('[data-action="loss-acknowledged"]')),
    ).toHaveCount(1);
  });
});

const NEW_PIN = '731946';

for (const proof of ['set-up code', 'backup'] as const)
  test(`lost gallery: by the ${proof} staff choose a new PIN, restore, and the customer is greeted again @long`, async ({
    openKiosk,
  }) => {
    const folder = mkdtempSync(join(tmpdir(), 'lost-'));
    const file = join(folder, 'gallery.rounz');
    const { page } = await openKiosk({ camera: bare, path: '?lang=en#/staff/enrol' });
    await enrol(page, person.name.ko);
    await goTo(page, '#/staff/manage');
    await makeBackup(page, file);
    await lose(page);
    const firstRun = page.getByTestId(STAFF_IDS.firstRun);

    await test.step('without a proof nobody chooses a PIN', async () => {
      await expect(firstRun).toHaveAttribute('data-step', 'code');
      await expect(page.getByTestId(STAFF_IDS.lost)).toContainText('1 person');
    });

    await test.step('with it staff choose a new one', async () => {
      if (proof === 'backup') {
        await page.getByTestId(STAFF_IDS.byBackup).click();
        await page.getByTestId(STAFF_IDS.restoreFile).setInputFiles(file);
        await page.getByTestId(STAFF_IDS.restorePassphrase).fill(PASSPHRASE);
        await page.getByTestId(STAFF_IDS.backupProof).click();
      } else await enterSetUpCode(page);
      await expect(firstRun).toHaveAttribute('data-step', 'choose');
      await enterPin(page, NEW_PIN);
      await expect(firstRun).toHaveAttribute('data-step', 'repeat');
      await enterPin(page, NEW_PIN);
      await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
    });

    await test.step('the notice leads to the backup, which brings the people back', async () => {
      await page.getByTestId(STAFF_IDS.lost).getByRole('link').click();
      await lookInto(page, file);
      await expect(page.getByTestId(STAFF_IDS.restoreCounts)).toHaveAttribute('data-added', '1');
      await page.getByTestId(STAFF_IDS.restoreStart).click();
      await confirmPin(page, NEW_PIN);
      await expect(page.getByTestId(STAFF_IDS.restoreDone)).toBeVisible();
      await goTo(page, '#/staff');
      await expect(row(page, person.name.ko)).toHaveCount(1);
      await expect(page.getByTestId(STAFF_IDS.lost)).toHaveCount(0);
    });

    await test.step('the customer is greeted, and the PIN of before opens nothing', async () => {
      await goTo(page, '#/');
      await expectPhase(page, /greeted|page/);
      await goTo(page, '#/staff');
      await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
      await enterPin(page, STAFF_PIN);
      await expect(page.locator('#staff-pin-problem')).not.toBeEmpty();
      await enterPin(page, NEW_PIN);
      await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
    });
    rmSync(folder, { recursive: true, force: true });
  });
