import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { enlargementFor } from '../../src/ui/theme/panel.ts';
import { MODES, type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';
import { type Gallery, openGallery, type Shot, type Size } from './harness.ts';

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

/** Pixels of a picture for each CSS pixel; the text of a tablet is larger. */
const SCALES = { portrait: 1, landscape: 1, tablet: 0.7 } as const satisfies Readonly<
  Record<SizeName, number>
>;

const MODE_NAMES = Object.keys(MODES) as ModeName[];
const SCREEN_NAMES = Object.keys(SCREENS) as ScreenName[];

/** The language of a size's pictures. English words are the longest, and a lying screen has the least height. */
const LANGUAGES = { portrait: 'ko', landscape: 'en', tablet: 'ko' } as const satisfies Readonly<
  Record<SizeName, 'ko' | 'en'>
>;

/** Screens that are made of different parts: enough to see a palette. */
export const DISTINCT: readonly ScreenName[] = [
  'attract',
  'hint',
  'page',
  'lookup-wrong',
  'out-of-order',
  'called',
  'settings',
  'forget',
];

/**
 * What has to be computed of a screen in a mode, if not all: the dark palette sets colours alone (its test holds it to that), and high
 * contrast adds borders, which meet the longest words first.
 */
function isComputed({ name, mode, language }: Shot): boolean {
  if (mode !== 'dark' && mode !== 'contrast') return true;
  return DISTINCT.includes(name) || (mode === 'contrast' && language === 'en');
}

/** The screens in their modes and languages; what is computed is computed of each of them, at each size. */
export const SHOTS: readonly Shot[] = MODE_NAMES.flatMap((mode) =>
  SCREEN_NAMES.flatMap((name) => (['ko', 'en'] as const).map((language) => ({ name, mode, language }))),
).filter(isComputed);

/** Pictures of modes beside `light`: a palette on the standing panel, a layout wherever it changes most. */
const MODE_PICTURES: Readonly<
  Record<Exclude<ModeName, 'light'>, Partial<Record<SizeName, readonly ScreenName[]>>>
> = {
  dark: { portrait: DISTINCT },
  contrast: { portrait: DISTINCT },
  low: { portrait: ['attract', 'consent', 'greeted', 'page', 'unknown', 'lookup', 'called', 'settings'] },
  large: {
    portrait: [
      'attract',
      'consent',
      'page',
      'filter',
      'take',
      'page-consent-read',
      'unknown',
      'lookup',
      'called',
      'settings',
    ],
    landscape: ['page', 'lookup-wrong', 'settings'],
    tablet: ['consent', 'lookup-wrong'],
  },
};

/**
 * Screens that are pictured at a size beside the standing panel, which shows each of them: one of every layout, for what differs in
 * words alone differs there alike. What is computed is computed of all of them.
 */
const PICTURED: Readonly<Record<Exclude<SizeName, 'portrait'>, readonly ScreenName[]>> = {
  landscape: [
    'starting',
    'attract',
    'consent',
    'several',
    'hint',
    'greeted',
    'page',
    'page-new',
    'page-warning',
    'page-consent',
    'page-consent-read',
    'forget',
    'confirm-forget',
    'confirm-staff',
    'turn-offer',
    'turn-left',
    'unknown',
    'lookup',
    'lookup-wrong',
    'leaving',
    'out-of-order',
    'called',
    'settings',
  ],
  tablet: [
    'attract',
    'consent',
    'hint',
    'greeted',
    'page',
    'page-consent',
    'confirm-forget',
    'turn-left',
    'unknown',
    'lookup-wrong',
    'out-of-order',
    'called',
    'settings',
  ],
};

/** Whether a shot is held to a picture: each screen once, and each size and mode where it differs most. */
export const isPictured = (size: SizeName, { name, mode, language }: Shot): boolean =>
  language === LANGUAGES[size] &&
  (mode === 'light'
    ? size === 'portrait' || PICTURED[size].includes(name)
    : (MODE_PICTURES[mode][size]?.includes(name) ?? false));

export const fileOf = (size: SizeName, { name, mode }: Shot): string =>
  join(PICTURES, size, `${name}.${mode}.webp`);

/** The enrolment's camera, which asks for glasses to be taken off. */
export const takeOffFile = (size: SizeName): string => join(PICTURES, size, 'take-off.light.webp');

/** Of the enrolment's picture. */
export const languageOf = (size: SizeName): 'ko' | 'en' => LANGUAGES[size];

/** The kiosk's screens at one of the sizes; a tablet is told its inches, as its address would. */
export async function openLook(browser: Browser, size: SizeName): Promise<Gallery> {
  const gallery = await openGallery(browser, SIZES[size], SCALES[size]);
  if (size === 'tablet')
    await gallery.page.evaluate(
      (growth) => document.documentElement.style.setProperty('--panel', String(growth)),
      enlargementFor({ inches: TABLET_INCHES, ...SIZES.tablet }),
    );
  // The page's first screen is laid out before the page knows its size: another screen comes before those that are looked at.
  await gallery.show('leaving');
  return gallery;
}

/**
 * Screens on which, at twice the text size, the first button stands below the visible part: the text that explains it, or the
 * fields that its keypad fills, stand above it.
 */
const BELOW: Partial<Record<SizeName, readonly ScreenName[]>> = {
  portrait: ['lookup-wrong', 'confirm-other'],
  tablet: [
    'consent',
    'several',
    'lookup',
    'lookup-wrong',
    'confirm-forget',
    'confirm-checking',
    'confirm-other',
    'confirm-staff',
  ],
};
export const isBelow = (size: SizeName, { name, mode }: Shot): boolean =>
  mode === 'large' && (BELOW[size]?.includes(name) ?? false);

/** Whether every way on has to be in sight at once: on a kiosk's panel at the usual size of text. */
export const isWhole = (size: SizeName, { mode }: Shot): boolean => size !== 'tablet' && mode !== 'large';
