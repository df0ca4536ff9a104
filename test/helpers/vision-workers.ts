import type { Page, Worker } from '@playwright/test';

/**
 * The workers of the recogniser, in the order of their start. The threads of WebAssembly are workers of the page, too, and wait in
 * a way that never answers a script.
 */
export const visionWorkers = (page: Page): readonly Worker[] =>
  page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(new URL(worker.url()).pathname));
