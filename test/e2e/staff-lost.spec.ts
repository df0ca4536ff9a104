import { GALLERY_DATABASE } from '../../src/gallery/gallery.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE, standing } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol } from '../helpers/kiosk.ts';
import { goTo, lockScreen, openConsole } from '../helpers/staff.ts';

const person = RENDERED_PEOPLE[0]!;
const bare = { kind: 'clip', scenes: standing(person, 'bare') } as const;
// The page from which the data is cleared has no icon.
test.use({ expectedErrors: [/404/] });

test('lost gallery: staff are told that the browser lost it, and are shown the backup', async ({
  openKiosk,
}) => {
  test.setTimeout(300_000);
  const { page } = await openKiosk({ camera: bare, path: '?lang=en#/staff/enrol' });
  await enrol(page, person.name.ko);

  // As a browser does that clears a site's data for want of room, or whose storage broke.
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
  await page.goto(new URL('?lang=en#/staff', start).href);

  const notice = page.getByTestId(STAFF_IDS.lost);
  await test.step('before a PIN is chosen', async () => {
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'first-run', { timeout: 60_000 });
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
