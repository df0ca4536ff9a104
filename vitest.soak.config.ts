import { defineConfig } from 'vitest/config';

/** `npm run soak`: many steps, and processes that are killed. */
export default defineConfig({
  test: { include: ['training/**/*.soak.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
