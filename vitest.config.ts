import { availableParallelism } from 'node:os';
import { configDefaults, defineConfig } from 'vitest/config';
import { APART } from './test/helpers/apart.ts';

const TESTS = ['src/**/*.test.ts', 'training/**/*.test.ts', 'test/**/*.test.ts', 'scripts/**/*.test.mjs'];

/** With its threads, WASM gives Node a `Worker`, which the gallery would take for a browser's: it shares no thread with networks. */
const GALLERY = ['src/gallery/**/*.test.ts'];

export default defineConfig({
  test: {
    // One line a file; what a test writes to the console is shown where it fails.
    silent: 'passed-only',
    setupFiles: ['test/helpers/quiet.ts', 'test/helpers/leave-nothing.ts'],
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
      {
        extends: true,
        test: {
          name: 'rest',
          include: TESTS,
          exclude: [...configDefaults.exclude, ...GALLERY, ...APART],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'gallery',
          include: GALLERY,
          exclude: [...configDefaults.exclude, ...APART],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: [...APART] } },
    ],
  },
});
