import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Gallery, openGallery, type Size } from '../helpers/harness.ts';
import { difference, toWebp } from '../helpers/picture.ts';
import { type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';

/**
 * Holds every screen in each language, orientation and mode to its picture in `test/kiosk/screens`. `npm run screens` takes
 * the pictures anew: open and judge them before they are committed. Half the size of the panel; fonts are the bundled ones.
 */

const PICTURES = join(import.meta.dirname, '../kiosk/screens');
const retake = process.env['RETAKE_SCREENS'] === '1';
/** Share of pixels that may differ: other Chromium versions draw edges of letters a little otherwise. */
const TOLERANCE = 0.012;

const SIZES = {
  portrait: { width: 540, height: 960 },
  landscape: { width: 960, height: 540 },
  // 10.9 inches; its text is enlarged by the panel's rule
  tablet: { width: 820, height: 1180 },
} as const satisfies Readonly<Record<string, Size>>;

const names = Object.keys(SCREENS) as ScreenName[];
/** Screens that differ in what they are made of: enough to hold a mode. */
const CORE = ['attract', 'greeted', 'page', 'unknown', 'lookup', 'settings', 'page-warning', 'hint'] as const;

interface Shot {
  readonly name: ScreenName;
  readonly mode: ModeName;
  readonly language: 'ko' | 'en';
}

const light = (language: 'ko' | 'en', of: readonly ScreenName[] = names): Shot[] =>
  of.map((name) => ({ name, mode: 'light', language }));
const inMode = (mode: ModeName, language: 'ko' | 'en' = 'ko'): Shot[] =>
  CORE.map((name) => ({ name, mode, language }));

const SETS: Readonly<Record<keyof typeof SIZES, readonly Shot[]>> = {
  portrait: [
    ...light('ko'),
    ...light('en'),
    ...inMode('dark'),
    ...inMode('contrast'),
    ...inMode('large'),
    ...inMode('low'),
    ...inMode('dark', 'en'),
  ],
  landscape: [...light('ko'), ...light('en'), ...inMode('dark'), ...inMode('large', 'en')],
  tablet: light('ko', CORE),
};

async function hold(gallery: Gallery, size: string, { name, mode, language }: Shot): Promise<void> {
  await gallery.show(name, mode, language);
  const found = await toWebp(await gallery.page.screenshot({ animations: 'disabled' }));
  const file = join(PICTURES, size, `${name}.${mode}.${language}.webp`);
  if (retake) return writeFileSync(file, found);
  if (!existsSync(file)) throw new Error(`There is no picture ${file}. Take it with npm run screens.`);
  const share = await difference(readFileSync(file), found);
  if (share > TOLERANCE)
    await test.info().attach(`${size}-${name}.${mode}.${language}.webp`, { body: found });
  expect
    .soft(share, `${size}, ${name}, ${mode}, ${language}: share of pixels that differ`)
    .toBeLessThanOrEqual(TOLERANCE);
}

for (const [size, shots] of Object.entries(SETS) as [keyof typeof SIZES, readonly Shot[]][])
  test(`the screens look as they were judged: ${size}`, async ({ browser }) => {
    if (retake) {
      rmSync(join(PICTURES, size), { recursive: true, force: true });
      mkdirSync(join(PICTURES, size), { recursive: true });
    }
    const gallery = await openGallery(browser, SIZES[size]);
    if (size === 'tablet')
      await gallery.page.evaluate(() => document.documentElement.style.setProperty('--panel', '1.72'));
    for (const shot of shots) await hold(gallery, size, shot);
    expect(gallery.errors).toEqual([]);
    await gallery.page.close();
  });

test('a picture that is another is told from one that is the same', async () => {
  const [one, other] = ['attract', 'looking'].map((name) =>
    readFileSync(join(PICTURES, 'portrait', `${name}.light.ko.webp`)),
  );
  expect(await difference(one!, one!)).toBe(0);
  expect(await difference(one!, other!)).toBeGreaterThan(TOLERANCE);
});
