import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { enlargementFor } from '../../src/ui/theme/panel.ts';
import { type Gallery, openGallery } from '../helpers/harness.ts';
import { fileOf, PICTURES, SHOTS, type Shot, SIZES, TABLET_INCHES } from '../helpers/looks.ts';
import { difference, toWebp } from '../helpers/picture.ts';

/**
 * Holds every screen in each language, orientation and mode to its picture in `test/kiosk/screens`. `npm run screens` takes
 * the pictures anew: open and judge them before they are committed. Half the size of the panel; fonts are the bundled ones.
 */

const retake = process.env['RETAKE_SCREENS'] === '1';
/** Share of pixels that may differ: other Chromium versions draw edges of letters a little otherwise. */
const TOLERANCE = 0.012;

async function hold(gallery: Gallery, size: keyof typeof SIZES, shot: Shot): Promise<void> {
  const { name, mode, language } = shot;
  await gallery.show(name, mode, language);
  const found = await toWebp(await gallery.page.screenshot({ animations: 'disabled' }));
  const file = fileOf(size, shot);
  if (retake) return writeFileSync(file, found);
  if (!existsSync(file)) throw new Error(`There is no picture ${file}. Take it with npm run screens.`);
  const share = await difference(readFileSync(file), found);
  if (share > TOLERANCE)
    await test.info().attach(`${size}-${name}.${mode}.${language}.webp`, { body: found });
  expect
    .soft(share, `${size}, ${name}, ${mode}, ${language}: share of pixels that differ`)
    .toBeLessThanOrEqual(TOLERANCE);
}

for (const [size, shots] of Object.entries(SHOTS) as [keyof typeof SIZES, readonly Shot[]][])
  test(`the screens look as they were judged: ${size}`, async ({ browser }) => {
    if (retake) {
      rmSync(join(PICTURES, size), { recursive: true, force: true });
      mkdirSync(join(PICTURES, size), { recursive: true });
    }
    const gallery = await openGallery(browser, SIZES[size]);
    if (size === 'tablet')
      await gallery.page.evaluate(
        (growth) => document.documentElement.style.setProperty('--panel', String(growth)),
        enlargementFor({ inches: TABLET_INCHES, ...SIZES.tablet }),
      );
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
