import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'training/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // One line a file; what a test writes to the console is shown where it fails.
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts'],
    slowTestThreshold: 600_000,
    // Networks run in some of them, and they step back for browser tests and for a training run on the same cores.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
