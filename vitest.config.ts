import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'training/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // One line a file; what a test writes to the console is shown where it fails.
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts'],
    slowTestThreshold: 600_000,
    // Networks run in some of them; two cores may be shared with a training run.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
