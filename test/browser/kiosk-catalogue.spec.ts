import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import type { CatalogueFrame } from '@rounz/core/catalogue/catalogue.ts';
import jsQR from 'jsqr';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Gallery, openGallery, PANELS } from '../helpers/harness.ts';
import { rastered } from '../helpers/qr.ts';
import { pageOf } from '../kiosk/fake-customers.ts';

/** The ways through the shop's frames on a customer's page, by touch and by keys. */

const { frames } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../public/catalogue/catalogue.json'), 'utf8'),
) as { frames: CatalogueFrame[] };

let kiosk: Gallery;
test.beforeAll(async ({ browser }) => {
  kiosk = await openGallery(browser, PANELS.portrait);
});
test.afterAll(async () => {
  expect(kiosk.errors).toEqual([]);
  await kiosk.page.close();
});
test.beforeEach(() => kiosk.show('leaving'));

const shown = (page: Page) =>
  page
    .getByTestId(TEST_IDS.frame)
    .evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset['frame']).sort());
const idsOf = (fits: (frame: CatalogueFrame) => boolean) =>
  frames
    .filter(fits)
    .map(({ id }) => id)
    .sort();
const touch = (page: Page, id: string) => page.getByTestId(id).click();
const option = (page: Page, group: string, value: string) =>
  page.getByTestId(group).locator(`input[value="${value}"]`).check({ force: true });

test('filter: what is chosen is shown at once, counted, and taken back by one touch', async () => {
  const { page } = kiosk;
  await kiosk.show('page');
  await touch(page, TEST_IDS.frameFilter);
  await option(page, TEST_IDS.filterShape, 'square');
  const square = idsOf(({ shape }) => shape === 'square');
  await expect(page.getByTestId(TEST_IDS.filterDialog).getByTestId(TEST_IDS.framesFound)).toHaveAttribute(
    'data-found',
    String(square.length),
  );
  await option(page, TEST_IDS.filterColour, 'black');
  await touch(page, TEST_IDS.framesShow);
  await expect(page.getByTestId(TEST_IDS.filterDialog)).toHaveCount(0);
  expect(await shown(page)).toEqual(idsOf(({ shape, colour }) => shape === 'square' && colour === 'black'));
  await expect(page.getByTestId(TEST_IDS.frameFilter)).toContainText('2');
  // The focus is back where the dialog was opened.
  await expect(page.getByTestId(TEST_IDS.frameFilter)).toBeFocused();
  await touch(page, TEST_IDS.framesClear);
  expect(await shown(page)).toEqual(idsOf(() => true));
});

test('filter: what no frame has is said plainly, with a way back', async () => {
  const { page } = kiosk;
  await kiosk.show('page', 'light', 'en');
  await touch(page, TEST_IDS.frameFilter);
  await option(page, TEST_IDS.filterShape, 'round');
  await option(page, TEST_IDS.filterWidth, 'wide');
  const dialog = page.getByTestId(TEST_IDS.filterDialog);
  await expect(dialog.getByRole('status')).toContainText('No frame is like that');
  await expect(dialog.getByTestId(TEST_IDS.framesShow)).toHaveCount(0);
  await dialog.getByTestId(TEST_IDS.framesClear).click();
  await expect(dialog.getByTestId(TEST_IDS.framesFound)).toHaveAttribute('data-found', String(frames.length));
});

test('search: initial consonants and letters are touched, words are typed', async () => {
  const { page } = kiosk;
  await kiosk.show('page');
  await touch(page, TEST_IDS.frameSearch);
  for (const letter of ['ㅎ', 'ㄱ'])
    await page.locator(`[data-testid="letter"][data-key="${letter}"]`).click();
  await expect(page.getByTestId(TEST_IDS.searchWords)).toHaveValue('ㅎㄱ');
  // A touch of a letter leaves the focus in the field.
  await expect(page.getByTestId(TEST_IDS.searchWords)).toBeFocused();
  await touch(page, TEST_IDS.framesShow);
  expect(await shown(page)).toContain('hangang-round');
  await touch(page, TEST_IDS.framesClear);

  await kiosk.show('leaving');
  await kiosk.show('page', 'light', 'en');
  await page.getByTestId(TEST_IDS.frameSearch).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('titanium');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(TEST_IDS.searchDialog)).toHaveCount(0);
  expect(await shown(page)).toEqual(idsOf(({ detail }) => detail.en.includes('titanium')));
});

test('search: is forgotten with the page', async () => {
  const { page } = kiosk;
  await kiosk.show('found');
  await expect(page.getByTestId(TEST_IDS.framesFound)).toBeVisible();
  await kiosk.show('leaving');
  await kiosk.show('page');
  await expect(page.getByTestId(TEST_IDS.framesFound)).toHaveCount(0);
  expect(await shown(page)).toEqual(idsOf(() => true));
});

test('list to take along: the drawn code holds the shop’s address and article numbers, and nothing else', async () => {
  const { page } = kiosk;
  await kiosk.show('page');
  await touch(page, TEST_IDS.frameTake);
  const svg = await page.getByTestId(TEST_IDS.takeCode).evaluate((code) => code.outerHTML);
  const { data, size } = rastered(svg);
  const { savedFrames, name, id } = pageOf();
  const read = jsQR(data, size, size)?.data ?? '';
  expect(read).toBe(`https://shop.example.com/frames?frames=${savedFrames.toReversed().join(',')}`);
  for (const own of [name, id]) expect(decodeURIComponent(read)).not.toContain(own);
  await touch(page, TEST_IDS.takeClose);
  await expect(page.getByTestId(TEST_IDS.takeDialog)).toHaveCount(0);
});

test('list to take along: is offered only where there is a list', async () => {
  const { page } = kiosk;
  await kiosk.show('page-new');
  await expect(page.getByTestId(TEST_IDS.frameSearch)).toBeVisible();
  await expect(page.getByTestId(TEST_IDS.frameTake)).toHaveCount(0);
});

test('width of the face: is looked at only after a touch, told in words, and leads to such frames', async () => {
  const { page } = kiosk;
  await kiosk.show('page', 'light', 'en');
  await touch(page, TEST_IDS.frameFit);
  const told = page.getByTestId(TEST_IDS.fit);
  await expect(told).toHaveAttribute('data-state', 'ask');
  await expect(told).not.toContainText(/\d/);
  await touch(page, TEST_IDS.fitLook);
  await expect(told).toHaveAttribute('data-width', 'medium');
  await expect(told).toContainText('medium width');
  // No figure is promised.
  await expect(told).not.toContainText(/\d/);
  await touch(page, TEST_IDS.fitShow);
  expect(await shown(page)).toEqual(idsOf(({ width }) => width !== undefined && width >= 130 && width < 140));
});

test('warning before the end: what lies over it closes, so that it can be answered', async () => {
  const { page } = kiosk;
  await kiosk.show('take');
  await expect(page.getByTestId(TEST_IDS.takeDialog)).toBeVisible();
  await page.evaluate(() => {
    const { session } = (window as unknown as { harness: { kiosk: { session: { store: never } } } }).harness
      .kiosk;
    const store = session.store as {
      getState: () => { phase: object };
      setState: (state: object) => void;
    };
    store.setState({ phase: { ...store.getState().phase, warning: true } });
  });
  await expect(page.getByTestId(TEST_IDS.takeDialog)).toHaveCount(0);
  await expect(page.getByTestId(TEST_IDS.extend)).toBeVisible();
});

test('catalogue: a broken one leaves a page that says so and can be ended', async ({ browser }) => {
  const broken = await openGallery(browser, PANELS.portrait, 1, (context) =>
    context.route('**/catalogue/catalogue.json', (route) =>
      route.fulfill({ json: { format: 1, frames: [{ id: 'a1' }] } }),
    ),
  );
  await broken.show('page');
  await expect(broken.page.locator('.frames')).toContainText('지금은 안경을 보여 드릴 수 없습니다');
  await expect(broken.page.getByTestId(TEST_IDS.frameSearch)).toHaveCount(0);
  await expect(broken.page.getByTestId(TEST_IDS.forget)).toBeVisible();
  await broken.page.getByTestId(TEST_IDS.done).click();
  await expect(broken.page.getByTestId(TEST_IDS.kiosk)).toHaveAttribute('data-phase', 'leaving');
  expect(broken.errors).toEqual([]);
  await broken.page.context().close();
});
