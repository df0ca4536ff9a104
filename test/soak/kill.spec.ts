import { expect, test } from '@playwright/test';
import { killAt } from '../kill/harness.ts';
import { MOMENTS } from './length.ts';

test(`gallery: killed at ${MOMENTS} random moments, it loses nothing confirmed and is never half-done`, async () => {
  test.setTimeout(3_600_000);
  const told: string[] = [];
  const { problems, moments, interrupted, confirmed } = await killAt(MOMENTS, (line) => told.push(line));
  test.info().annotations.push({
    type: 'killed',
    description: `${JSON.stringify(moments)}, ${interrupted} in the middle of a change; ${confirmed} were confirmed`,
  });
  expect(problems, told.join('\n')).toEqual([]);
  expect(Object.values(moments).reduce((sum, count) => sum + count)).toBe(MOMENTS);
});
