import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { expect, test } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Fit, measureFit } from '../helpers/fit.ts';
import type { Gallery, Shot } from '../helpers/harness.ts';
import {
  fileOf,
  isBelow,
  isPictured,
  isWhole,
  languageOf,
  openLook,
  PICTURES,
  SHOTS,
  SIZES,
  type SizeName,
  takeOffFile,
} from '../helpers/looks.ts';
import { difference, toWebp } from '../helpers/picture.ts';

/**
 * Computes of every screen, in each language, size and mode (`SHOTS`), that nothing on it is cut, covered or out of sight, and
 * holds those of `isPictured` to their pictures in `test/kiosk/screens`. `npm run screens` takes the pictures anew: open and judge
 * them before they are committed. Half the size of the panel; fonts are the bundled ones.
 */

test.describe.configure({ mode: 'parallel' });
// The pictures have every pixel.
test.use({
  launchOptions: [async ({ launchOptions }, use) => use({ ...launchOptions, args: [] }), { scope: 'worker' }],
});

const retake = process.env['RETAKE_SCREENS'] === '1';
const sizes = Object.keys(SIZES) as SizeName[];
/** Shares of pixels that may differ: other Chromium versions draw edges of letters a little otherwise. */
const TOLERANCE = { share: 0.012, densest: 0.06 };

const shoot = async ({ page }: Gallery) => toWebp(await page.screenshot({ animations: 'disabled' }));

/** Holds what the page shows now to its picture. */
async function hold(gallery: Gallery, file: string): Promise<void> {
  const found = await shoot(gallery);
  const name = relative(PICTURES, file);
  if (retake) return writeFileSync(file, found);
  if (!existsSync(file)) throw new Error(`There is no picture ${name}. Take it with npm run screens.`);
  const { share, densest } = await difference(readFileSync(file), found);
  if (share <= TOLERANCE.share && densest <= TOLERANCE.densest) return;
  await test.info().attach(name.replaceAll(sep, '-'), { body: found });
  expect.soft({ share, densest }, `${name}: shares of pixels that differ`).toEqual({ share: 0, densest: 0 });
}

/** What somebody who stands there does not find without having scrolled, or finds cut or covered; nothing as a rule. */
function faultsOf({ missing, later, ...faults }: Fit, size: SizeName, shot: Shot): object[] {
  const ways = new Set<string>([TEST_IDS.key, TEST_IDS.agree, TEST_IDS.withoutFace]);
  const found = {
    missing: isBelow(size, shot) ? missing.filter((one) => !ways.has(one.split(':')[0]!)) : missing,
    later: isWhole(size, shot) ? later : [],
    ...faults,
  };
  return Object.values(found).some((one) => one.length > 0) ? [{ shot, ...found }] : [];
}

/** The shots in their order, cut after each one that is pictured. */
function betweenPictures(size: SizeName): Shot[][] {
  const parts: Shot[][] = [[]];
  for (const shot of SHOTS) {
    parts.at(-1)!.push(shot);
    if (isPictured(size, shot)) parts.push([]);
  }
  return parts;
}

for (const size of sizes)
  test(`screens at ${size}: nothing is out of sight, and they look as they were judged @long`, async ({
    browser,
  }) => {
    // A minute or less on idle cores.
    if (retake) {
      rmSync(join(PICTURES, size), { recursive: true, force: true });
      mkdirSync(join(PICTURES, size), { recursive: true });
    }
    const gallery = await openLook(browser, size);
    const faults: object[] = [];
    for (const shots of betweenPictures(size)) {
      const fits = await gallery.measureEach(shots, measureFit);
      faults.push(...fits.flatMap((fit, index) => faultsOf(fit, size, shots[index]!)));
      const last = shots.at(-1);
      if (last && isPictured(size, last)) await hold(gallery, fileOf(size, last));
    }
    expect.soft(faults).toEqual([]);
    await gallery.showTakeOff(languageOf(size));
    await hold(gallery, takeOffFile(size));
    expect(gallery.errors).toEqual([]);
    await gallery.page.close();
  });

test('pictures: there is one of each pictured screen, and no other', () => {
  const expected = sizes.flatMap((size) => [
    ...SHOTS.filter((shot) => isPictured(size, shot)).map((shot) => fileOf(size, shot)),
    takeOffFile(size),
  ]);
  const kept = readdirSync(PICTURES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  expect(kept.toSorted()).toEqual(expected.toSorted());
});

test('difference: a visible change is distinguished from none @long', async ({ browser }) => {
  const gallery = await openLook(browser, 'tablet');
  const { page, show } = gallery;
  await show('greeted', 'dark');
  const before = await shoot(gallery);
  expect(await difference(before, await shoot(gallery))).toEqual({ share: 0, densest: 0 });
  const changes = {
    'a sign is gone': '.kiosk__staff-entry .icon { visibility: hidden }',
    'a button is a little lower': '.panel__actions { translate: 0 0.75rem }',
    'words are fainter': '.panel__detail { opacity: 0.5 }',
    'a button lacks its ground': '.button--primary { background: transparent !important }',
    'words are larger': '.caption { font-size: 2.75rem }',
  };
  for (const [change, css] of Object.entries(changes)) {
    const style = await page.addStyleTag({ content: css });
    const { share, densest } = await difference(before, await shoot(gallery));
    expect
      .soft(share > TOLERANCE.share || densest > TOLERANCE.densest, `${change}: ${share}, ${densest}`)
      .toBe(true);
    await style.evaluate((element) => (element as HTMLElement).remove());
  }
  expect(await difference(before, await shoot(gallery))).toEqual({ share: 0, densest: 0 });
  await page.close();
});
