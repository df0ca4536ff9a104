import { expect, test } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Gallery, openGallery, PANELS } from '../helpers/harness.ts';

/** What the screens do and refuse to do, without a recogniser. */

let kiosk: Gallery;
test.beforeAll(async ({ browser }) => {
  kiosk = await openGallery(browser, PANELS.portrait);
});
test.afterAll(async () => {
  expect(kiosk.errors).toEqual([]);
  await kiosk.page.close();
});

test('consent: a page asks a customer with an older consent once; no is kept, and yes asks for a PIN', async () => {
  const { page } = kiosk;
  const notice = page.getByTestId(TEST_IDS.consentRenewal);
  await kiosk.show('page');
  await expect(notice).toHaveCount(0);

  await kiosk.show('page-consent');
  await page.getByTestId(TEST_IDS.consentRead).click();
  await page.getByTestId(TEST_IDS.consentRefuse).click();
  await expect(notice).toContainText('바뀐 것은 없습니다');
  await expect(page.getByTestId(TEST_IDS.consentRead)).toHaveCount(0);

  await kiosk.show('leaving');
  await kiosk.show('page-consent');
  await page.getByTestId(TEST_IDS.consentRead).click();
  await page.getByTestId(TEST_IDS.consentAgree).click();
  await expect(page.getByTestId(TEST_IDS.confirmForm)).toBeVisible();
  await expect(page.getByTestId(TEST_IDS.kiosk)).toHaveAttribute('data-phase', 'confirm');
  await page.getByTestId(TEST_IDS.confirmBack).click();
  await expect(notice).toBeVisible();
  await expect(page.getByTestId(TEST_IDS.greetingName)).toBeVisible();
});

test('motion: only transforms and opacity are animated, and nothing is in calm mode', async () => {
  const { page, show } = kiosk;
  const running = () =>
    page.evaluate(() =>
      document.getAnimations().flatMap((animation) => {
        const effect = animation.effect as KeyframeEffect;
        const moved = effect.getKeyframes().flatMap((frame) => Object.keys(frame));
        const longest = Number(effect.getComputedTiming().endTime);
        return longest > 10
          ? moved.filter((name) => !['offset', 'computedOffset', 'easing', 'composite'].includes(name))
          : [];
      }),
    );
  const set = (motion: 'moving' | 'still') =>
    page.evaluate((how) => {
      document.documentElement.dataset['motion'] = how;
    }, motion);
  for (const name of ['attract', 'looking', 'page', 'unknown', 'called'] as const) {
    await show(name);
    await set('still');
    // An animation that began before may come to its end; one without an end fails here.
    await expect.poll(running, { message: `${name}, by the kiosk's own setting` }).toEqual([]);
    await set('moving');
    const moved = await running();
    expect(new Set(moved), name).toEqual(
      new Set(moved.filter((one) => one === 'transform' || one === 'opacity')),
    );
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(running, { message: `${name}, by the system's setting` }).toEqual([]);
    await page.emulateMedia({ reducedMotion: null });
  }
});

test('browser habits: context menu, dragging, zoom and the like are refused', async () => {
  await kiosk.show('attract');
  const refused = await kiosk.page.evaluate(() => {
    const ask = (event: Event) => !document.querySelector('h1')!.dispatchEvent(event);
    const init = { bubbles: true, cancelable: true };
    return {
      menu: ask(new MouseEvent('contextmenu', init)),
      drag: ask(new DragEvent('dragstart', init)),
      zoom: ask(new WheelEvent('wheel', { ...init, ctrlKey: true })),
      print: ask(new KeyboardEvent('keydown', { ...init, key: 'p', ctrlKey: true })),
      back: ask(new KeyboardEvent('keydown', { ...init, key: 'ArrowLeft', altKey: true })),
      scroll: ask(new WheelEvent('wheel', init)),
      selection: getComputedStyle(document.querySelector('h1')!).userSelect,
      touch: getComputedStyle(document.querySelector('main')!).touchAction,
    };
  });
  expect(refused).toEqual({
    menu: true,
    drag: true,
    zoom: true,
    print: true,
    back: true,
    scroll: false,
    selection: 'none',
    touch: 'pan-y',
  });
});

test('shortcuts: developer tools, address bar, reload and history are held back in the staff’s rooms, too', async () => {
  const { page } = kiosk;
  for (const hash of ['#/', '#/staff', '#/staff/enrol']) {
    await page.evaluate((to) => {
      location.hash = to;
    }, hash);
    const room = page.locator(hash === '#/' ? 'main.kiosk' : '.staff');
    await expect(room).toBeVisible();
    const passed = await page.evaluate(() => {
      const init = { bubbles: true, cancelable: true };
      const strokes: Readonly<Record<string, KeyboardEventInit>> = {
        F12: { key: 'F12' },
        F5: { key: 'F5' },
        'Ctrl+Shift+I': { key: 'I', ctrlKey: true, shiftKey: true },
        'Ctrl+L': { key: 'l', ctrlKey: true },
        'Ctrl+R': { key: 'r', ctrlKey: true },
        'Alt+Left': { key: 'ArrowLeft', altKey: true },
        'Ctrl+C': { key: 'c', ctrlKey: true },
        digit: { key: '4' },
      };
      return Object.entries(strokes)
        .filter(([, stroke]) =>
          document.body.dispatchEvent(new KeyboardEvent('keydown', { ...init, ...stroke })),
        )
        .map(([name]) => name);
    });
    expect(passed, hash).toEqual(['Ctrl+C', 'digit']);
  }
});
