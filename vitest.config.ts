import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'training/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.mjs'],
    // One line a file; what a test writes to the console is shown where it fails.
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts'],
    // On two cores Vitest takes one; the browser tests beside it end first, and their core would stand idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    slowTestThreshold: 600_000,
    // Threads share what a process has loaded: a tenth less processor time than processes.
    pool: 'threads',
    // Networks run in some of them, and they step back for browser tests and for a training run on the same cores.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
