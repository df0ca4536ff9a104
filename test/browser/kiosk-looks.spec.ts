import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from '@playwright/test';
import { enlargementFor } from '../../src/ui/theme/panel.ts';
import { type Gallery, openGallery } from '../helpers/harness.ts';
import { fileOf, PICTURES, SHOTS, type Shot, SIZES, TABLET_INCHES, takeOffFile } from '../helpers/looks.ts';
import { difference, toWebp } from '../helpers/picture.ts';

/**
 * Holds every screen in each language, orientation and mode to its picture in `test/kiosk/screens`. `npm run screens` takes
 * the pictures anew: open and judge them before they are committed. Half the size of the panel; fonts are the bundled ones.
 */

const retake = process.env['RETAKE_SCREENS'] === '1';
/** Share of pixels that may differ: other Chromium versions draw edges of letters a little otherwise. */
const TOLERANCE = 0.012;

/** Holds what the page shows now to its picture. */
async function hold({ page }: Gallery, file: string): Promise<void> {
  const found = await toWebp(await page.screenshot({ animations: 'disabled' }));
  const name = relative(PICTURES, file);
  if (retake) return writeFileSync(file, found);
  if (!existsSync(file)) throw new Error(`There is no picture ${name}. Take it with npm run screens.`);
  const share = await difference(readFileSync(file), found);
  if (share > TOLERANCE) await test.info().attach(name.replaceAll(sep, '-'), { body: found });
  expect.soft(share, `${name}: share of pixels that differ`).toBeLessThanOrEqual(TOLERANCE);
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
    for (const shot of shots) {
      await gallery.show(shot.name, shot.mode, shot.language);
      await hold(gallery, fileOf(size, shot));
    }
    for (const language of ['ko', 'en'] as const) {
      await gallery.showTakeOff(language);
      await hold(gallery, takeOffFile(size, language));
    }
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
