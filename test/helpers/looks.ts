import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { enlargementFor } from '../../src/ui/theme/panel.ts';
import { MODES, type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';
import { type Gallery, openGallery, type Size } from './harness.ts';

/** Where the judged pictures are kept. */
export const PICTURES = join(import.meta.dirname, '../kiosk/screens');

/** Of the tablet: its text is enlarged by the kiosk rules. */
export const TABLET_INCHES = 10.9;

/** CSS pixels: half of the panels'. */
export const SIZES = {
  portrait: { width: 540, height: 960 },
  landscape: { width: 960, height: 540 },
  tablet: { width: 820, height: 1180 },
} as const satisfies Readonly<Record<string, Size>>;

export type SizeName = keyof typeof SIZES;

/** One screen, as it is looked at. */
export interface Shot {
  readonly name: ScreenName;
  readonly mode: ModeName;
  readonly language: 'ko' | 'en';
}

/**
 * Pixels of a picture for each CSS pixel: what a mode changes is seen on a smaller one, and there are many; a tablet's text is
 * larger.
 */
const SCALES = {
  portrait: { light: 1, others: 0.6 },
  landscape: { light: 1, others: 0.6 },
  tablet: { light: 0.7, others: 0.45 },
} as const satisfies Readonly<Record<SizeName, { light: number; others: number }>>;

export const scaleOf = (size: SizeName, mode: ModeName): number =>
  mode === 'light' ? SCALES[size].light : SCALES[size].others;

/** Every screen in each mode and language; each of them at each size. */
export const SHOTS: readonly Shot[] = (Object.keys(MODES) as ModeName[]).flatMap((mode) =>
  (Object.keys(SCREENS) as ScreenName[]).flatMap((name) =>
    (['ko', 'en'] as const).map((language) => ({ name, mode, language })),
  ),
);

export const fileOf = (size: SizeName, { name, mode, language }: Shot): string =>
  join(PICTURES, size, `${name}.${mode}.${language}.webp`);

/** The enrolment's camera, which asks for glasses to be taken off. */
export const takeOffFile = (size: SizeName, language: 'ko' | 'en'): string =>
  join(PICTURES, size, `take-off.light.${language}.webp`);

/** The kiosk's screens at one of the sizes; a tablet is told its inches, as its address would. */
export async function openLook(browser: Browser, size: SizeName, scale = 1): Promise<Gallery> {
  const gallery = await openGallery(browser, SIZES[size], scale);
  if (size === 'tablet')
    await gallery.page.evaluate(
      (growth) => document.documentElement.style.setProperty('--panel', String(growth)),
      enlargementFor({ inches: TABLET_INCHES, ...SIZES.tablet }),
    );
  // What is drawn first was laid out before the page knew its size: every screen begins from another one.
  await gallery.show('leaving');
  return gallery;
}

/**
 * Where the first way on lies below what has to be read before it, or is typed before it, in text of twice the size: a face is
 * not asked for before it is said what for, and a keypad stands below its fields.
 */
const BELOW: Partial<Record<SizeName, readonly ScreenName[]>> = {
  portrait: ['lookup-wrong'],
  tablet: ['consent', 'several', 'lookup', 'lookup-wrong'],
};
export const isBelow = (size: SizeName, { name, mode }: Shot): boolean =>
  mode === 'large' && (BELOW[size]?.includes(name) ?? false);

/** Whether every way on has to be in sight at once: on a kiosk's panel at the usual size of text. */
export const isWhole = (size: SizeName, { mode }: Shot): boolean => size !== 'tablet' && mode !== 'large';
