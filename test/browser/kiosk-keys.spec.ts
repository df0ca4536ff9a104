import { expect, type Page, test } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Gallery, openGallery, PANELS } from '../helpers/harness.ts';
import type { ScreenName } from '../kiosk/screens.ts';

/** The kiosk by keys alone: Tab and Enter, or a tactile keypad's arrows. */

let kiosk: Gallery;
test.beforeAll(async ({ browser }) => {
  kiosk = await openGallery(browser, PANELS.portrait);
});
test.afterAll(async () => {
  expect(kiosk.errors).toEqual([]);
  await kiosk.page.close();
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const { dataset } = document.activeElement as HTMLElement;
    return dataset['testid']
      ? [dataset['testid'], dataset['key'] ?? dataset['frame']].filter(Boolean).join(' ')
      : null;
  });

/** What gets the focus from the top of the screen and round again, by one key. */
async function order(page: Page, key: string): Promise<string[]> {
  await page.evaluate(() => {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute('tabindex');
  });
  const met: string[] = [];
  for (let step = 0; step < 40; step++) {
    await page.keyboard.press(key);
    const here = await focused(page);
    if (here === null || met.includes(here)) break;
    met.push(here);
  }
  return met;
}

const FOOT = [TEST_IDS.staffCall, TEST_IDS.settings, TEST_IDS.language];
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'clear', '0', 'erase'].map(
  (key) => `${TEST_IDS.key} ${key}`,
);
const ORDERS: Partial<Record<ScreenName, readonly string[]>> = {
  awaited: [TEST_IDS.staffEntry, TEST_IDS.withoutFace, ...FOOT],
  done: [TEST_IDS.staffEntry, TEST_IDS.tryAgain, TEST_IDS.withoutFace, ...FOOT],
  looking: [TEST_IDS.staffEntry, TEST_IDS.withoutFace, ...FOOT],
  attract: [TEST_IDS.staffEntry, TEST_IDS.withoutFace, ...FOOT],
  greeted: [TEST_IDS.staffEntry, TEST_IDS.openPage, TEST_IDS.notMe, ...FOOT],
  unknown: [
    TEST_IDS.staffEntry,
    TEST_IDS.join,
    TEST_IDS.withoutFace,
    TEST_IDS.tryAgain,
    TEST_IDS.done,
    ...FOOT,
  ],
  lookup: [
    TEST_IDS.staffEntry,
    TEST_IDS.lookupTelephone,
    TEST_IDS.lookupPin,
    ...KEYS,
    TEST_IDS.lookupFind,
    TEST_IDS.lookupBack,
    ...FOOT,
  ],
  consent: [TEST_IDS.staffEntry, TEST_IDS.agree, TEST_IDS.withoutFace, TEST_IDS.done, ...FOOT],
  'out-of-order': [TEST_IDS.staffEntry, TEST_IDS.withoutFace, TEST_IDS.retry, ...FOOT],
};

for (const [name, expected] of Object.entries(ORDERS))
  test(`focus: goes through ${name} from top to bottom`, async () => {
    await kiosk.show(name as ScreenName);
    expect(await order(kiosk.page, 'Tab')).toEqual(expected);
    await kiosk.show('leaving');
    await kiosk.show(name as ScreenName);
    // Two switches, or a tactile keypad: arrows and Enter.
    expect(await order(kiosk.page, 'ArrowDown')).toEqual(expected);
  });

test('focus: a page leads through its frames to its end', async () => {
  await kiosk.show('page');
  const met = await order(kiosk.page, 'Tab');
  const frames = met.filter((one) => one.startsWith(`${TEST_IDS.frame} `));
  expect(frames).toHaveLength(8);
  expect(met.slice(-6)).toEqual([TEST_IDS.done, TEST_IDS.notMe, TEST_IDS.forget, ...FOOT]);
});

test('focus: a dialog keeps it inside, closes by Escape and gives it back', async () => {
  await kiosk.show('attract');
  const { page } = kiosk;
  await page.getByTestId(TEST_IDS.settings).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(TEST_IDS.settingsDialog)).toBeVisible();
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Tab');
    const outside = await page.evaluate(
      () => document.activeElement !== document.body && !document.activeElement!.closest('dialog'),
    );
    expect(outside).toBe(false);
  }
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(TEST_IDS.settingsDialog)).toHaveCount(0);
  expect(await focused(page)).toBe(TEST_IDS.settings);
});
