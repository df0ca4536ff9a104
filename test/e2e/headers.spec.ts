import { expect, test } from '@playwright/test';
import { headers } from '../../scripts/lib/headers.ts';

test('every answer carries the headers, and the page is isolated', async ({ page }) => {
  const answer = await page.goto('./');
  for (const [name, value] of Object.entries(headers('shipped')))
    expect(answer?.headers()[name.toLowerCase()], name).toBe(value);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
