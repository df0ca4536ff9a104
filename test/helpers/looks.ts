import { join } from 'node:path';
import { type ModeName, SCREENS, type ScreenName } from '../kiosk/screens.ts';
import type { Size } from './harness.ts';

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

const names = Object.keys(SCREENS) as ScreenName[];
/** Screens that differ in what they are made of: enough to hold a mode. */
const CORE = ['attract', 'greeted', 'page', 'unknown', 'lookup', 'settings', 'page-warning', 'hint'] as const;

/** One screen, as it is looked at. */
export interface Shot {
  readonly name: ScreenName;
  readonly mode: ModeName;
  readonly language: 'ko' | 'en';
}

const light = (language: 'ko' | 'en', of: readonly ScreenName[] = names): Shot[] =>
  of.map((name) => ({ name, mode: 'light', language }));
const inMode = (mode: ModeName, language: 'ko' | 'en' = 'ko'): Shot[] =>
  CORE.map((name) => ({ name, mode, language }));

export const SHOTS: Readonly<Record<keyof typeof SIZES, readonly Shot[]>> = {
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

export const fileOf = (size: keyof typeof SIZES, { name, mode, language }: Shot): string =>
  join(PICTURES, size, `${name}.${mode}.${language}.webp`);

/** The enrolment's camera, which asks for glasses to be taken off. */
export const takeOffFile = (size: keyof typeof SIZES, language: 'ko' | 'en'): string =>
  join(PICTURES, size, `take-off.light.${language}.webp`);
