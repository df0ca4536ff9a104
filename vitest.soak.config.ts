import { defineConfig } from 'vitest/config';

/** `npm run soak`: many steps and visits, and processes that are killed. */
export default defineConfig({
  test: {
    include: ['training/**/*.soak.ts', 'test/soak/**/*.soak.ts'],
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts'],
    slowTestThreshold: 3_600_000,
    testTimeout: 1_800_000,
    hookTimeout: 600_000,
  },
});
