import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE, standing } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { openConsole } from '../helpers/staff.ts';
import { FRAMES } from './length.ts';

/** Counts the frames that the page hands to the vision worker. */
const countFrames = (page: Page) =>
  page.addInitScript(() => {
    const counter = { frames: 0 };
    Object.assign(window, { counter });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...args: Parameters<typeof post>) {
      const transfer = (Array.isArray(args[1]) ? args[1] : args[1]?.transfer) ?? [];
      if (transfer.some((one) => one instanceof ImageBitmap)) counter.frames++;
      return Reflect.apply(post, this, args);
    } as typeof post;
  });

/** Whoever stays is asked nothing more: a touch makes the kiosk look again, with embeddings. */
const lookAgainAlways = (page: Page) =>
  page.evaluate((testId) => {
    const touch = () => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click();
    new MutationObserver(touch).observe(document.body, { subtree: true, childList: true });
    touch();
  }, TEST_IDS.tryAgain);

const framesSeen = (page: Page) =>
  page.evaluate(() => (window as unknown as { counter: { frames: number } }).counter.frames);

/** Live tensors as the staff's health view shows them, once two looks in a row agree. */
async function tensors(page: Page): Promise<number> {
  await page.evaluate(() => {
    location.hash = '#/staff/health';
  });
  await openConsole(page);
  const count = page.getByTestId(TEST_IDS.healthTensors);
  await expect(count).toHaveText(/\d/);
  return Number(((await count.textContent()) ?? '').replace(/\D/g, ''));
}

test(`tensors: their count is flat over ${FRAMES} frames of recognition`, async ({ openKiosk }) => {
  test.setTimeout(600_000);
  const { page } = await openKiosk({
    camera: { kind: 'clip', scenes: standing(RENDERED_PEOPLE[0]!, 'bare') },
    prepare: async (context) => countFrames(context.pages()[0]!),
  });
  await expectPhase(page, 'unknown');
  const before = await tensors(page);
  const start = await framesSeen(page);
  await page.evaluate(() => {
    location.hash = '#/';
  });
  await lookAgainAlways(page);
  await expect
    .poll(async () => (await framesSeen(page)) - start, { timeout: 540_000, intervals: [500] })
    .toBeGreaterThanOrEqual(FRAMES);
  expect(await tensors(page)).toBe(before);
});
