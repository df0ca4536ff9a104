import { afterAll, vi } from 'vitest';

/** Vitest's set-up: the next file of the same thread finds clocks, globals and methods as they were. */
afterAll(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
