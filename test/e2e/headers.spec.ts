import { expect, test } from '@playwright/test';
import { headers } from '../../scripts/lib/headers.mjs';

test('headers: every answer carries them, and the page is isolated', async ({ page }) => {
  const answer = await page.goto('./');
  for (const [name, value] of Object.entries(headers('shipped')))
    expect(answer?.headers()[name.toLowerCase()], name).toBe(value);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});

test('headers: the page may use no device but the camera, makes no script from text and starts no foreign worker', async ({
  page,
}) => {
  await page.goto('./');
  const allowed = await page.evaluate(() =>
    (
      document as unknown as { featurePolicy: { allowedFeatures(): string[] } }
    ).featurePolicy.allowedFeatures(),
  );
  expect(allowed).toContain('camera');
  for (const device of [
    'microphone',
    'geolocation',
    'serial',
    'hid',
    'usb',
    'bluetooth',
    'midi',
    'display-capture',
    'gyroscope',
  ])
    expect(allowed, device).not.toContain(device);
  const refusals = await page.evaluate(() =>
    [
      () => document.body.insertAdjacentHTML('beforeend', '<b>markup</b>'),
      () => new DOMParser().parseFromString('<b>markup</b>', 'text/html'),
      () => new Worker('blob:x'),
      () => new Worker('https://elsewhere.example/worker.js'),
    ].map((attempt) => {
      try {
        attempt();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
  expect(refusals).toEqual(['TypeError', 'TypeError', 'TypeError', 'TypeError']);
});
