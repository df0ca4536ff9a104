import { expect, test } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import {
  HANGUL_HEIGHT,
  KIOSK_RULES,
  millimetresPerPixel,
  PANEL_LOWER_EDGE,
} from '../../src/ui/theme/panel.ts';
import { violations } from '../helpers/axe.ts';
import { type Gallery, openGallery, PANELS, type Shot } from '../helpers/harness.ts';
import { DISTINCT, openLook, SIZES, TABLET_INCHES } from '../helpers/looks.ts';
import { measureSurvey, type Survey } from '../helpers/survey.ts';
import { MODES, type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';

/** The Korean kiosk rules and WCAG 2.2 AA, on every screen, computed from what the browser drew. */

type Language = 'ko' | 'en';
const names = Object.keys(SCREENS) as ScreenName[];
const modes = Object.keys(MODES) as ModeName[];
/** Inches: the assumed panel. */
const INCHES = 32;
/** Pixels that are painted for each CSS pixel: none of them is looked at. */
const SCALE = 0.5;
/** The language in which an orientation is looked through by all of axe's rules. */
const AXE_LANGUAGE = { portrait: 'ko', landscape: 'en' } as const;
const LOOKS: readonly (readonly [ModeName, Language])[] = [
  ['light', 'ko'],
  ['light', 'en'],
  ['large', 'ko'],
  ['large', 'en'],
  ['low', 'ko'],
];

interface Seen extends Survey {
  readonly name: ScreenName;
  readonly mode: ModeName;
  /** screen, mode and language, for a message */
  readonly where: string;
  /** what axe found, where it was asked */
  readonly axe: readonly string[];
}

/** Shows each screen once in each of `LOOKS` and measures all of it there. */
async function surveyAll(gallery: Gallery, axeLanguage: Language): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const name of names) {
    const shots = LOOKS.map(([mode, language]): Shot => ({ name, mode, language }));
    const isForAxe = ({ mode, language }: Shot) => mode === 'light' && language === axeLanguage;
    const add = async (some: readonly Shot[]) => {
      const surveys = await gallery.measureEach(some, measureSurvey);
      const axe = some.some(isForAxe) ? await violations(gallery.page) : [];
      for (const [index, { mode, language }] of some.entries())
        seen.push({ ...surveys[index]!, name, mode, axe, where: `${name}, ${mode}, ${language}` });
    };
    await add(shots.filter(isForAxe));
    await add(shots.filter((shot) => !isForAxe(shot)));
  }
  return seen;
}

/** Holds all screens to something by one expectation: Playwright searches all steps of a test for each that is added. */
function holdAll(seen: readonly Seen[], isWrong: (one: Seen) => unknown): void {
  const wrong = seen.flatMap((one) => {
    const found = isWrong(one);
    return found ? [{ where: one.where, found }] : [];
  });
  expect(wrong).toEqual([]);
}

for (const orientation of ['portrait', 'landscape'] as const)
  test.describe(orientation === 'portrait' ? orientation : `${orientation} @long`, () => {
    const size = PANELS[orientation];
    const millimetres = millimetresPerPixel({ inches: INCHES, ...size });
    let seen: readonly Seen[];
    test.beforeAll(async ({ browser }) => {
      const gallery = await openGallery(browser, size, SCALE);
      seen = await surveyAll(gallery, AXE_LANGUAGE[orientation]);
      expect(gallery.errors).toEqual([]);
      await gallery.page.close();
    });

    test('axe: finds nothing on any screen', () => {
      holdAll(seen, ({ axe }) => axe.length > 0 && axe);
    });

    test('text: is 12 mm high everywhere, and 24 mm when enlarged', () => {
      holdAll(seen, ({ text, mode }) => {
        const least = KIOSK_RULES.textHeight.usual * (mode === 'large' ? 2 : 1);
        return text.size * HANGUL_HEIGHT * millimetres < least && text;
      });
    });

    test('touch: what is touched is 20 mm wide and high everywhere', () => {
      holdAll(seen, ({ touch }) => touch.side * millimetres < KIOSK_RULES.touchSide && touch);
    });

    test('words: nothing is cut off sideways, at any size of text', () => {
      holdAll(seen, ({ wide }) => wide.length > 0 && wide);
    });

    test('panel: at the usual size every way on is in sight, without scrolling', () => {
      holdAll(seen, ({ hidden, mode }) => mode === 'light' && hidden > 1 && hidden);
    });

    // A landscape panel at that height is within reach already.
    test('position: when lowered, nothing that is touched is higher than 120 cm', () => {
      holdAll(seen, ({ top, mode }) => {
        const highest = PANEL_LOWER_EDGE + ((size.height - top) * millimetres) / 10;
        return (mode === 'low' || orientation === 'landscape') && highest > KIOSK_RULES.reach && highest;
      });
    });

    test('screen: each has a person to call, another language, settings and captions', () => {
      const needed = [TEST_IDS.staffCall, TEST_IDS.language, TEST_IDS.settings, TEST_IDS.caption];
      holdAll(seen, ({ drawn, caption }) => {
        const absent = needed.filter((id) => !drawn.includes(id));
        return (absent.length > 0 || caption === '') && { absent, caption };
      });
    });

    test('camera: no screen has it on without saying so', () => {
      holdAll(seen, ({ name, drawn, cameraOn }) => {
        const right = cameraOn === String(!('dark' in SCREENS[name]));
        return !(right && drawn.includes(TEST_IDS.cameraPill)) && { drawn, cameraOn };
      });
    });
  });

test.describe('beside the survey', () => {
  let portrait: Gallery;
  test.beforeAll(async ({ browser }) => {
    portrait = await openGallery(browser, PANELS.portrait, SCALE);
  });
  test.afterAll(async () => {
    expect(portrait.errors).toEqual([]);
    await portrait.page.close();
  });

  test('palette: contrast and sizes of targets hold in every mode', async () => {
    for (const name of DISTINCT)
      for (const mode of modes.filter((one) => one !== 'light')) {
        await portrait.show(name, mode);
        const found = await violations(portrait.page, {
          type: 'rule',
          values: ['color-contrast', 'target-size'],
        });
        expect.soft(found, `${name}, ${mode}`).toEqual([]);
      }
  });

  test('font: a syllable is as high as the theme assumes', async () => {
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

  test('enlargement: drawings, buttons and pictures grow with the words', async () => {
    const measured = ['.button .icon', '.panel .button', '.camera-pill', '.wordmark', '.shelf__picture'];
    const heights = () =>
      portrait.page.evaluate(
        (all) => all.map((one) => document.querySelector(one)?.getBoundingClientRect().height ?? null),
        measured,
      );
    for (const name of ['attract', 'page'] as const) {
      await portrait.show(name, 'light');
      const rest = await heights();
      await portrait.show(name, 'large');
      const large = await heights();
      for (const [index, selector] of measured.entries()) {
        const [before, after] = [rest[index], large[index]];
        if (before && after) expect.soft(after / before, `${name}: ${selector}`).toBeGreaterThanOrEqual(1.4);
      }
      expect(rest.filter((height) => height !== null).length).toBeGreaterThanOrEqual(3);
    }
  });

  test('enrolment: axe finds nothing where it asks for glasses to be taken off', async () => {
    for (const language of ['ko', 'en'] as const) {
      await portrait.showTakeOff(language);
      expect.soft(await violations(portrait.page), language).toEqual([]);
    }
  });
});

test('enrolment: the steps of the customer have the shopper’s sizes, and all of them grow', async ({
  browser,
}) => {
  const { page, showTakeOff, errors } = await openGallery(browser, PANELS.portrait, SCALE);
  const millimetres = millimetresPerPixel({ inches: INCHES, ...PANELS.portrait });
  const smallest = () =>
    page.evaluate(() => {
      const root = document.querySelector('[data-testid="staff"]')!;
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      const sizes: number[] = [];
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement!;
        if (!node.textContent!.trim() || parent.closest('.visually-hidden')) continue;
        if (parent.checkVisibility()) sizes.push(Number.parseFloat(getComputedStyle(parent).fontSize));
      }
      const sides = [...root.querySelectorAll('button, a[href]')].map((one) => {
        const { width, height } = one.getBoundingClientRect();
        return Math.min(width, height);
      });
      return { text: Math.min(...sizes), touch: Math.min(...sides), wide: root.scrollWidth > innerWidth };
    });
  for (const language of ['ko', 'en'] as const) {
    await showTakeOff(language);
    for (const times of [1, 1.5, 2]) {
      const { text, touch, wide } = await smallest();
      const where = `${language}, ${times}`;
      expect
        .soft(text * HANGUL_HEIGHT * millimetres, `${where}: text`)
        .toBeGreaterThanOrEqual(KIOSK_RULES.textHeight.usual * times);
      expect.soft(touch * millimetres, `${where}: touch`).toBeGreaterThanOrEqual(KIOSK_RULES.touchSide);
      expect.soft(wide, where).toBe(false);
      await page.getByTestId(STAFF_IDS.textSize).click();
    }
  }
  expect(errors).toEqual([]);
  await page.context().close();
});

test('tablet: the larger text size enlarges further what the kiosk rules have enlarged already', async ({
  browser,
}) => {
  const tablet = await openLook(browser, 'tablet');
  const millimetres = millimetresPerPixel({ inches: TABLET_INCHES, ...SIZES.tablet });
  const heights: number[] = [];
  for (const mode of ['light', 'large'] as const) {
    const [seen] = await tablet.measureEach([{ name: 'attract', mode, language: 'en' }], measureSurvey);
    heights.push(seen!.text.size * HANGUL_HEIGHT * millimetres);
  }
  const [rest, large] = heights;
  expect(rest).toBeGreaterThanOrEqual(KIOSK_RULES.textHeight.small - 0.01);
  expect(large! / rest!).toBeGreaterThan(1.3);
  // As many words go into a line as on a kiosk's panel.
  expect(large! / rest!).toBeLessThan(1.45);
  await tablet.page.close();
});
