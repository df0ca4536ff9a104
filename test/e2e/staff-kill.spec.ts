import { expect, test } from '@playwright/test';
import { killAt } from '../kill/harness.ts';

/** `npm run verify:kill` takes 100 of them. */
const MOMENTS = 6;

test(`killed at ${MOMENTS} random moments, the gallery loses nothing confirmed and is never half-done`, async () => {
  test.setTimeout(300_000);
  const told: string[] = [];
  const { problems, moments } = await killAt(MOMENTS, (line) => told.push(line));
  expect(problems, told.join('\n')).toEqual([]);
  expect(moments).toEqual({ enrol: 2, import: 2, rekey: 2 });
});
