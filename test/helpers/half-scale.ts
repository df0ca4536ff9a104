/**
 * Chromium paints a screen at half of its scale: a quarter of the pixels, in the same layout. Playwright's `deviceScaleFactor` alone
 * changes what a page is told, not what is painted.
 */
export const HALF_SCALE = '--force-device-scale-factor=0.5';
