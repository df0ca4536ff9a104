import { expect, type Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { SET_UP_CODE } from './set-up.ts';

/** What the tests' staff choose on the first run and open the console with. */
export const STAFF_PIN = '482915';
export const PASSPHRASE = 'twelve letters and more';

export const lockScreen = (page: Page) => page.getByTestId(STAFF_IDS.lockScreen);

/** Types a PIN and sends it. */
export async function enterPin(page: Page, pin: string): Promise<void> {
  await page.getByTestId(STAFF_IDS.pin).fill(pin);
  await page.getByTestId(STAFF_IDS.pinSubmit).click();
}

/** Enters the staff PIN again, where an act asks for it. */
export async function confirmPin(page: Page, pin = STAFF_PIN): Promise<void> {
  await expect(page.getByTestId(STAFF_IDS.askPin)).toBeVisible();
  await enterPin(page, pin);
  await expect(page.getByTestId(STAFF_IDS.askPin)).toHaveCount(0);
}

/** Enters the set-up code of the tests' kiosks, where the first run asks for one. */
export async function enterSetUpCode(page: Page): Promise<void> {
  const firstRun = page.getByTestId(STAFF_IDS.firstRun);
  await expect(firstRun).toHaveAttribute('data-step', /code|choose/);
  if ((await firstRun.getAttribute('data-step')) !== 'code') return;
  await enterPin(page, SET_UP_CODE);
  await expect(firstRun).toHaveAttribute('data-step', 'choose');
}

/** A PIN takes long to try, on purpose, milliseconds: the limit of the tests, where the benchmarks have none of their own. */
const OPENING_LIMIT = 120_000;

/** Opens the console wherever it stands: chooses the PIN on the first run, else enters it. */
export async function openConsole(page: Page): Promise<void> {
  await expect(lockScreen(page)).toHaveAttribute('data-lock', /first-run|locked|open/, { timeout: 180_000 });
  const state = await lockScreen(page).getAttribute('data-lock');
  if (state === 'open') return;
  if (state === 'first-run') {
    await enterSetUpCode(page);
    await enterPin(page, STAFF_PIN);
  }
  await enterPin(page, STAFF_PIN);
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open', { timeout: OPENING_LIMIT });
}

/** Staff come back once the customer's part of an enrolment is done, and enter their PIN. */
export async function comeBack(page: Page): Promise<void> {
  await expect(page.getByTestId(STAFF_IDS.pin)).toBeVisible({ timeout: 180_000 });
  await enterPin(page, STAFF_PIN);
}

/** The customer is of age and agrees to the consent that the screen asks for. */
export async function agreeToConsent(page: Page): Promise<void> {
  await page.getByTestId(STAFF_IDS.ofAge).click();
  await page.getByTestId(STAFF_IDS.agree).click();
}

/** Goes to another room or view; the console stays open as long as it is not left. */
export async function goTo(page: Page, hash: `#/${string}`): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
}

export const row = (page: Page, name: string) =>
  page.getByTestId(TEST_IDS.person).and(page.locator(`[data-name="${name}"]`));

/** Opens a person's page from the list. */
export async function openPerson(page: Page, name: string): Promise<void> {
  await row(page, name).getByTestId(STAFF_IDS.open).click();
  await expect(page.getByTestId(STAFF_IDS.personName)).toContainText(name);
}

/** On a person's page: erases them for good, as they asked; not the removal that can be undone. */
export async function eraseAsAsked(page: Page): Promise<void> {
  await page.getByTestId(TEST_IDS.personDelete).click();
  await page.locator(`[data-testid="${STAFF_IDS.removeWay}"][data-way="asked"]`).check();
  await page.getByTestId(TEST_IDS.confirmDelete).click();
}

/** Makes a backup under Manage, into that file. */
export async function makeBackup(page: Page, file: string): Promise<void> {
  await page.getByTestId(STAFF_IDS.backupPassphrase).fill(PASSPHRASE);
  await page.getByTestId(STAFF_IDS.backupAgain).fill(PASSPHRASE);
  const downloading = page.waitForEvent('download');
  await page.getByTestId(STAFF_IDS.backupMake).click();
  await confirmPin(page);
  await (await downloading).saveAs(file);
  await expect(page.getByTestId(STAFF_IDS.backupDone)).toBeVisible();
}

/** Shows what a restore of that file would change. */
export async function lookInto(page: Page, file: string, passphrase = PASSPHRASE): Promise<void> {
  await page.getByTestId(STAFF_IDS.restoreFile).setInputFiles(file);
  await page.getByTestId(STAFF_IDS.restorePassphrase).fill(passphrase);
  await page.getByTestId(STAFF_IDS.restorePreview).click();
}
