/**
 * The content security policy: our own origin alone. `wasm-unsafe-eval` compiles WASM and nothing else. Trusted Types: no text
 * becomes markup or script, and `src/vision/own-scripts.ts` alone says which addresses may be loaded as a script. The dev server
 * needs inline scripts, inline styles and its WebSocket, and does without Trusted Types.
 *
 * @param {'dev' | 'shipped'} mode
 */
function contentSecurityPolicy(mode) {
  const dev = mode === 'dev';
  /** @type {Record<string, string>} */
  const policy = {
    'default-src': "'self'",
    'script-src': `'self' 'wasm-unsafe-eval'${dev ? " 'unsafe-inline'" : ''}`,
    'worker-src': "'self'",
    'style-src': `'self'${dev ? " 'unsafe-inline'" : ''}`,
    'img-src': "'self' blob: data:",
    'media-src': "'self' blob:",
    'font-src': "'self' data:",
    'connect-src': `'self'${dev ? ' ws:' : ''}`,
    'object-src': "'none'",
    'base-uri': "'self'",
    'form-action': "'self'",
    'frame-src': "'none'",
    'frame-ancestors': "'none'",
    'manifest-src': "'self'",
    ...(dev ? {} : { 'trusted-types': 'default', 'require-trusted-types-for': "'script'" }),
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** What the page uses; sound is the voice's and the chime's. */
const USED = ['camera', 'autoplay', 'fullscreen', 'screen-wake-lock'];

/** Features for devices, other windows, payment and advertising, which the kiosk never uses; by their names in Chromium 156. */
const UNUSED = [
  'accelerometer',
  'bluetooth',
  'browsing-topics',
  'captured-surface-control',
  'clipboard-read',
  'clipboard-write',
  'compute-pressure',
  'digital-credentials-get',
  'display-capture',
  'encrypted-media',
  'gamepad',
  'geolocation',
  'gyroscope',
  'hid',
  'identity-credentials-get',
  'idle-detection',
  'keyboard-map',
  'local-fonts',
  'magnetometer',
  'microphone',
  'midi',
  'otp-credentials',
  'payment',
  'picture-in-picture',
  'publickey-credentials-create',
  'publickey-credentials-get',
  'serial',
  'speaker-selection',
  'storage-access',
  'sync-xhr',
  'usb',
  'window-management',
  'xr-spatial-tracking',
];

const permissionsPolicy = () =>
  [...USED.map((feature) => `${feature}=(self)`), ...UNUSED.map((feature) => `${feature}=()`)].join(', ');

/**
 * What every answer carries; `docs/operations.md` says the same for other servers, and a test holds the two together.
 *
 * @param {'dev' | 'shipped'} mode
 * @returns {Record<string, string>}
 */
export const headers = (mode) => ({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': contentSecurityPolicy(mode),
  'Permissions-Policy': permissionsPolicy(),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});

/**
 * Added by a server that other machines reach over https: from its first visit on a browser refuses plain http for that server.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const httpsHeaders = {
  'Strict-Transport-Security': 'max-age=31536000',
};
