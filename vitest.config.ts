import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';

/** Pure modules: they keep nothing and stub nothing, so that their tests can share what a thread has loaded. */
const PURE = ['src/core/**/*.test.ts', 'src/state/**/*.test.ts', 'src/ui/**/*.test.ts'];

export default defineConfig({
  test: {
    // One line a file; what a test writes to the console is shown where it fails.
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts'],
    // Threads share what a process has loaded: a tenth less processor time than processes.
    pool: 'threads',
    // On two cores Vitest takes one by itself; browser tests beside it wait for their kiosks, and a core would stand idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    slowTestThreshold: 600_000,
    // Networks run in some of them, and they step back for browser tests and for a training run on the same cores.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // What is polled comes when it comes; by itself Vitest gives it a second.
    expect: { poll: { timeout: 240_000, interval: 10 } },
    projects: [
      { extends: true, test: { name: 'pure', include: PURE, isolate: false } },
      {
        extends: true,
        test: {
          name: 'apart',
          include: [
            'src/**/*.test.ts',
            'training/**/*.test.ts',
            'test/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          exclude: [...configDefaults.exclude, ...PURE],
        },
      },
    ],
  },
});
