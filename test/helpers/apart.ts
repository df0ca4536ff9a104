/**
 * Tests that put a module in another's place or load modules anew. Each has a thread of its own; the others share what a thread
 * has loaded, and import tfjs once instead of a hundred times. `test/lint/apart.test.ts` keeps the list whole.
 */
export const APART: readonly string[] = [
  'src/gallery/index/live-index.test.ts',
  'src/gallery/quiet.test.ts',
  'training/backend/ladder.test.ts',
];
