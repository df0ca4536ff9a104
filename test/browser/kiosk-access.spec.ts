import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import {
  HANGUL_HEIGHT,
  KIOSK_RULES,
  millimetresPerPixel,
  PANEL_LOWER_EDGE,
} from '../../src/ui/theme/panel.ts';
import { type Gallery, openGallery, type Size } from '../helpers/harness.ts';
import { openLook, SIZES, TABLET_INCHES } from '../helpers/looks.ts';
import { MODES, type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';

/** The Korean kiosk rules and WCAG 2.2 AA, on every screen, computed from what the browser drew. */

const PORTRAIT: Size = { width: 1080, height: 1920 };
const LANDSCAPE: Size = { width: 1920, height: 1080 };
const names = Object.keys(SCREENS) as ScreenName[];
const modes = Object.keys(MODES) as ModeName[];
/** Screens that differ in what they are made of: enough to hold a palette or a layout. */
const DISTINCT: readonly ScreenName[] = [
  'attract',
  'hint',
  'page',
  'lookup-wrong',
  'out-of-order',
  'called',
  'settings',
  'forget',
];
/** Inches: the assumed panel. */
const INCHES = 32;

let portrait: Gallery;
let landscape: Gallery;
test.beforeAll(async ({ browser }) => {
  portrait = await openGallery(browser, PORTRAIT);
  landscape = await openGallery(browser, LANDSCAPE);
});
test.afterAll(async () => {
  expect([...portrait.errors, ...landscape.errors]).toEqual([]);
  await portrait.page.close();
  await landscape.page.close();
});

/** Rules of WCAG 2.0 to 2.2, A and AA, and axe's own best practices. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

async function violations(page: Page, rules?: string[]): Promise<string[]> {
  // One frame on one origin: the legacy mode runs there alone, without a page of its own for each run.
  const builder = new AxeBuilder({ page }).setLegacyMode();
  const { violations } = await (rules ? builder.withRules(rules) : builder.withTags(TAGS)).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

test('axe finds nothing on any screen, in any mode', async () => {
  for (const name of names) {
    await portrait.show(name, 'light', 'ko');
    expect.soft(await violations(portrait.page), `${name}, ko`).toEqual([]);
    await landscape.show(name, 'light', 'en');
    expect.soft(await violations(landscape.page), `${name}, en`).toEqual([]);
    for (const mode of DISTINCT.includes(name) ? modes.filter((one) => one !== 'light') : []) {
      await portrait.show(name, mode);
      expect
        .soft(await violations(portrait.page, ['color-contrast', 'target-size']), `${name}, ${mode}`)
        .toEqual([]);
    }
  }
});

test('axe finds nothing where the enrolment asks for glasses to be taken off', async ({ browser }) => {
  const { page, showTakeOff } = await openGallery(browser, PORTRAIT);
  for (const language of ['ko', 'en'] as const) {
    await showTakeOff(language);
    expect.soft(await violations(page), language).toEqual([]);
  }
  await page.close();
});

/** The smallest text that is drawn, and the smallest side of what can be touched, once there are both. CSS pixels. */
async function measure(page: Page) {
  const found = await page.waitForFunction(() => {
    const root = document.querySelector('dialog[open]') ?? document.body;
    const shown = (element: Element) => element.checkVisibility({ opacityProperty: true });
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const texts: { size: number; text: string }[] = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const parent = node.parentElement!;
      const text = node.textContent!.trim();
      if (!text || !shown(parent) || parent.closest('.visually-hidden, script, style')) continue;
      const size = Number.parseFloat(getComputedStyle(parent).fontSize);
      if (size > 0) texts.push({ size, text });
    }
    const sides = [...root.querySelectorAll<HTMLElement>('button, a[href], input')]
      .filter(shown)
      .map((one) => {
        const { width, height } = one.getBoundingClientRect();
        return {
          side: Math.min(width, height),
          text: one.textContent || one.dataset['testid'] || one.className,
        };
      });
    // A dialog that is only just opening shows nothing yet.
    if (texts.length === 0 || sides.length === 0) return null;
    const smallest = <T>(all: T[], size: (one: T) => number) => all.toSorted((a, b) => size(a) - size(b))[0]!;
    return { text: smallest(texts, ({ size }) => size), touch: smallest(sides, ({ side }) => side) };
  });
  return (await found.jsonValue())!;
}

test.describe('sizes, in millimetres on the assumed panel', () => {
  test('a syllable is as high as the theme believes', async () => {
    await portrait.show('attract');
    const share = await portrait.page.evaluate(() => {
      const context = document.createElement('canvas').getContext('2d')!;
      context.font = '400 100px "Pretendard Variable"';
      const { actualBoundingBoxAscent: up, actualBoundingBoxDescent: down } = context.measureText('한');
      return (up + down) / 100;
    });
    expect(share).toBeGreaterThanOrEqual(HANGUL_HEIGHT - 0.005);
    expect(share).toBeLessThan(HANGUL_HEIGHT + 0.03);
  });

  for (const [orientation, size] of [
    ['portrait', PORTRAIT],
    ['landscape', LANDSCAPE],
  ] as const)
    test(`text of 12 mm and touch of 20 mm, everywhere, ${orientation}; text of 24 mm when enlarged`, async () => {
      const gallery = orientation === 'portrait' ? portrait : landscape;
      const millimetres = millimetresPerPixel({ inches: INCHES, ...size });
      for (const name of names)
        for (const [mode, least] of [
          ['light', KIOSK_RULES.textHeight.usual],
          ['large', 2 * KIOSK_RULES.textHeight.usual],
        ] as const) {
          await gallery.show(name, mode);
          const { text, touch } = await measure(gallery.page);
          const where = `${name}, ${mode}`;
          expect
            .soft(text.size * HANGUL_HEIGHT * millimetres, `${where}: ${text.text}`)
            .toBeGreaterThanOrEqual(least);
          expect
            .soft(touch.side * millimetres, `${where}: ${touch.text}`)
            .toBeGreaterThanOrEqual(KIOSK_RULES.touchSide);
        }
    });

  test('nothing is cut off sideways, at any size of text', async () => {
    for (const gallery of [portrait, landscape])
      for (const name of names)
        for (const mode of ['light', 'large'] as const) {
          await gallery.show(name, mode, 'en');
          const wide = await gallery.page.evaluate(() =>
            [...document.querySelectorAll<HTMLElement>('.panel, .toolbar, .caption, dialog[open]')]
              .filter((element) => element.scrollWidth > element.clientWidth + 1)
              .map(({ className }) => className),
          );
          expect.soft(wide, `${name}, ${mode}`).toEqual([]);
        }
  });

  test('at the usual size every way on is in sight: no panel has to be scrolled', async () => {
    for (const [orientation, gallery] of [
      ['portrait', portrait],
      ['landscape', landscape],
    ] as const)
      for (const name of names)
        for (const language of ['ko', 'en'] as const) {
          await gallery.show(name, 'light', language);
          const hidden = await gallery.page.evaluate(() => {
            const { scrollHeight, clientHeight } = document.querySelector('.panel')!;
            return Math.max(0, scrollHeight - clientHeight);
          });
          expect.soft(hidden, `${name}, ${orientation}, ${language}`).toBeLessThanOrEqual(1);
        }
  });

  test('a tablet enlarges for whoever asks what the rules have enlarged already', async ({ browser }) => {
    const tablet = await openLook(browser, 'tablet');
    const millimetres = millimetresPerPixel({ inches: TABLET_INCHES, ...SIZES.tablet });
    const heights: number[] = [];
    for (const mode of ['light', 'large'] as const) {
      await tablet.show('attract', mode, 'en');
      heights.push((await measure(tablet.page)).text.size * HANGUL_HEIGHT * millimetres);
    }
    const [rest, large] = heights;
    expect(rest).toBeGreaterThanOrEqual(KIOSK_RULES.textHeight.small - 0.01);
    expect(large! / rest!).toBeGreaterThan(1.3);
    // As many words go into a line as on a kiosk's panel.
    expect(large! / rest!).toBeLessThan(1.45);
    await tablet.page.close();
  });

  test('in the low position nothing that is touched is higher than 120 cm', async () => {
    const millimetres = millimetresPerPixel({ inches: INCHES, ...PORTRAIT });
    for (const name of names) {
      await portrait.show(name, 'low');
      const tops = await portrait.page.evaluate(() => {
        const root = document.querySelector('dialog[open]') ?? document;
        return [...root.querySelectorAll<HTMLElement>('button, a[href], input')]
          .filter((element) => element.checkVisibility())
          .map((element) => element.getBoundingClientRect().top);
      });
      const highest = PANEL_LOWER_EDGE + ((PORTRAIT.height - Math.min(...tops)) * millimetres) / 10;
      expect.soft(highest, name).toBeLessThanOrEqual(KIOSK_RULES.reach);
    }
  });

  test('a lying panel that hangs as low is within reach as it is', () => {
    const height = (LANDSCAPE.height * millimetresPerPixel({ inches: INCHES, ...LANDSCAPE })) / 10;
    expect(PANEL_LOWER_EDGE + height).toBeLessThanOrEqual(KIOSK_RULES.reach);
  });
});

const focused = (page: Page) =>
  page.evaluate(() => {
    const { dataset } = document.activeElement as HTMLElement;
    return dataset['testid']
      ? [dataset['testid'], dataset['key'] ?? dataset['frame']].filter(Boolean).join(' ')
      : null;
  });

/** What is met on the way from the top of the screen and round again, by one key. */
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

test.describe('by keys alone', () => {
  for (const [name, expected] of Object.entries(ORDERS))
    test(`the focus goes through ${name} from top to bottom`, async () => {
      await portrait.show(name as ScreenName);
      expect(await order(portrait.page, 'Tab')).toEqual(expected);
      await portrait.show('leaving');
      await portrait.show(name as ScreenName);
      // Two switches, or a tactile keypad: arrows and Enter.
      expect(await order(portrait.page, 'ArrowDown')).toEqual(expected);
    });

  test('a page leads through its frames to its end', async () => {
    await portrait.show('page');
    const met = await order(portrait.page, 'Tab');
    const frames = met.filter((one) => one.startsWith(`${TEST_IDS.frame} `));
    expect(frames).toHaveLength(8);
    expect(met.slice(-6)).toEqual([TEST_IDS.done, TEST_IDS.notMe, TEST_IDS.forget, ...FOOT]);
  });

  test('a dialog keeps the focus inside, closes by Escape and gives it back', async () => {
    await portrait.show('attract');
    const { page } = portrait;
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
});

test('a page asks once whoever agreed to an older text; no is no, and yes is kept', async () => {
  const { page } = portrait;
  const notice = page.getByTestId(TEST_IDS.consentRenewal);
  await portrait.show('page');
  await expect(notice).toHaveCount(0);

  await portrait.show('page-consent');
  await page.getByTestId(TEST_IDS.consentRead).click();
  await page.getByTestId(TEST_IDS.consentRefuse).click();
  await expect(notice).toContainText('바뀐 것은 없습니다');
  await expect(page.getByTestId(TEST_IDS.consentRead)).toHaveCount(0);

  await portrait.show('leaving');
  await portrait.show('page-consent');
  await page.getByTestId(TEST_IDS.consentRead).click();
  await page.getByTestId(TEST_IDS.consentAgree).click();
  await expect(notice).toHaveCount(0);
  await expect(page.getByTestId(TEST_IDS.greetingName)).toBeVisible();
});

test('every screen has a person to call, another language and captions', async () => {
  for (const name of names) {
    await portrait.show(name);
    for (const id of [TEST_IDS.staffCall, TEST_IDS.language, TEST_IDS.settings])
      await expect(portrait.page.getByTestId(id), `${name}: ${id}`).toBeVisible();
    await expect(portrait.page.getByTestId(TEST_IDS.caption), name).not.toBeEmpty();
  }
});

test('no screen shows a camera that is on without saying so', async () => {
  for (const name of names) {
    await portrait.show(name);
    const pill = portrait.page.getByTestId(TEST_IDS.cameraPill);
    await expect(pill, name).toBeVisible();
    const off = 'dark' in SCREENS[name];
    await expect(pill, name).toHaveAttribute('data-on', String(!off));
  }
});

test('only transforms and opacity move, and nothing does for whoever wants calm', async ({ browser }) => {
  const { page, show } = await openGallery(browser, PORTRAIT);
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
    // What had begun before may come to its end; what goes on for ever would fail.
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
  await page.close();
});

test('what a web page allows and a kiosk does not is refused', async () => {
  await portrait.show('attract');
  const refused = await portrait.page.evaluate(() => {
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
