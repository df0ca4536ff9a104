import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { goTo, lockScreen, openConsole } from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const person = RENDERED_PEOPLE[0]!;
const bare = showing(person);

/** From the form to the consent: the screen is the customer's from here on. */
async function handOver(page: Page, name: string): Promise<void> {
  await page.getByTestId(TEST_IDS.enrolName).fill(name);
  await page.getByTestId(TEST_IDS.enrolStart).click();
  await page.getByTestId(STAFF_IDS.ofAge).click();
  await expect(page.getByTestId(STAFF_IDS.agree)).toBeVisible();
}

/** The PIN is asked, and nothing that lies behind it is on the page. */
async function expectLocked(page: Page): Promise<void> {
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
  await expect(page.getByTestId(STAFF_IDS.pin)).toBeVisible();
  for (const id of [TEST_IDS.staffTabPeople, TEST_IDS.enrolName, TEST_IDS.person])
    await expect(page.getByTestId(id)).toHaveCount(0);
}

test('hand-over: no way out of the customer’s screens leads into the staff console without the PIN @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: bare, path: '#/staff' });
  await openConsole(page);
  await goTo(page, '#/staff/enrol');
  await expect(page.getByTestId(TEST_IDS.enrolStart)).toBeEnabled({ timeout: 200_000 });

  await test.step('Cancel on the consent', async () => {
    await handOver(page, person.name.ko);
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
    await page.getByTestId(TEST_IDS.enrolCancel).click();
    await expectLocked(page);
  });

  await test.step('Finish after a no', async () => {
    await openConsole(page);
    await handOver(page, person.name.ko);
    await page.getByTestId(STAFF_IDS.refuse).click();
    await page.getByTestId(TEST_IDS.enrolCancel).click();
    await expectLocked(page);
  });

  await test.step('the browser’s Back', async () => {
    await openConsole(page);
    await handOver(page, person.name.ko);
    await page.goBack();
    await expectLocked(page);
  });

  await test.step('Cancel before the camera', async () => {
    await goTo(page, '#/staff/enrol');
    await openConsole(page);
    await handOver(page, person.name.ko);
    await page.getByTestId(STAFF_IDS.agree).click();
    await page.getByTestId(TEST_IDS.enrolCancel).click();
    await expectLocked(page);
  });
});
