/**
 * Chromium paints a screen at half of its scale: a quarter of the pixels, in the same layout. Playwright's `deviceScaleFactor` alone
 * changes what a page is told, not what is painted.
 */
export const HALF_SCALE = '--force-device-scale-factor=0.5';

/** What Playwright 1.65 turns off by itself: Chromium heeds the last flag of this kind alone. */
const BY_PLAYWRIGHT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
];

/**
 * Each window of Chromium 156 loads two pages for what drops down from its address bar, which no test opens: half of what a browser's
 * start costs.
 */
export const NO_ADDRESS_BAR = `--disable-features=${[
  ...BY_PLAYWRIGHT,
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
].join(',')}`;
