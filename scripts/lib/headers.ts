/**
 * Nothing but our own origin. `wasm-unsafe-eval` compiles WASM and nothing else. The dev server needs inline scripts and
 * styles and its socket.
 */
function contentSecurityPolicy(mode: 'dev' | 'shipped'): string {
  const dev = mode === 'dev';
  const policy: Record<string, string> = {
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
  };
  return Object.entries(policy)
    .map(([directive, sources]) => `${directive} ${sources}`)
    .join('; ');
}

/** What every answer carries; `docs/operations.md` says the same for other servers, and a test holds the two together. */
export const headers = (mode: 'dev' | 'shipped'): Record<string, string> => ({
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': contentSecurityPolicy(mode),
  'Permissions-Policy': 'camera=(self), microphone=(), geolocation=(), display-capture=(), usb=()',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
});
