import { defineConfig } from '@playwright/test';
import { HALF_SCALE, NO_ADDRESS_BAR } from './test/helpers/flags.ts';

/** `npm test` names a free one. */
const PORT = Number(process.env['TEST_PORT'] ?? 4188);
/** The kiosk's screens with fakes behind them, `test/kiosk/harness.html`; `test/helpers/harness.ts` reads it. */
const HARNESS_PORT = PORT + 1;
process.env['HARNESS_URL'] = `http://localhost:${HARNESS_PORT}/test/kiosk/harness.html`;

const KIOSK = ['e2e/**/*.spec.ts', 'browser/**/*.spec.ts'];

/** In the names of tests that `npm test` leaves to `npm test -- --all`: with them, a developer would wait longer than seven minutes. */
const LONG = /@long/;

/** Tests of the built kiosk in a real Chromium; `npm test` builds first, `npm run build` does it by hand. */
export default defineConfig({
  testDir: 'test',
  projects: [
    { name: 'kiosk', testMatch: KIOSK, grepInvert: LONG },
    // `npm test -- --all`
    { name: 'long', testMatch: KIOSK, grep: LONG },
    // `npm run faults`
    {
      name: 'faults',
      testMatch: ['faults/**/*.spec.ts', 'soak/kill.spec.ts'],
      testIgnore: ['faults/storm.spec.ts', 'faults/gpu.spec.ts'],
    },
    { name: 'faults-alone', testMatch: 'faults/gpu.spec.ts' },
    // `npm run faults -- --storm MINUTES`
    { name: 'storm', testMatch: 'faults/storm.spec.ts' },
    // `npm run soak`
    { name: 'soak', testMatch: ['soak/**/*.spec.ts', 'browser/golden.spec.ts'] },
  ],
  outputDir: 'test-results/playwright',
  // A kiosk waits for its customers more than it computes, and no test here measures time.
  workers: 3,
  fullyParallel: false,
  retries: 0,
  timeout: 900_000,
  // As long as a start or a PIN takes where other work keeps both cores.
  expect: { timeout: 180_000 },
  use: {
    baseURL: `http://localhost:${PORT}/`,
    launchOptions: {
      args: [HALF_SCALE, NO_ADDRESS_BAR],
      ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
    },
  },
  webServer: [
    {
      command: `node node_modules/vite/bin/vite.js preview --port ${PORT} --strictPort`,
      url: `http://localhost:${PORT}/`,
      reuseExistingServer: false,
      timeout: 60_000,
    },
    {
      command: `node node_modules/vite/bin/vite.js --port ${HARNESS_PORT} --strictPort`,
      url: process.env['HARNESS_URL'],
      // React's checks for developers cost a sixth of a screen's time.
      env: { NODE_ENV: 'production' },
      reuseExistingServer: false,
      timeout: 60_000,
    },
  ],
});
