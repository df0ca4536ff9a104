import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type BreakableWindow, breakableInPage } from '../faults/in-page.ts';
import { RENDERED_PEOPLE, standing } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';
import { countsFrames, type SoakWindow } from './in-page.ts';
import { FRAMES } from './length.ts';

/** Whoever stays is asked nothing more: a touch makes the kiosk look again, with embeddings. */
const lookAgainAlways = (page: Page) =>
  page.evaluate((testId) => {
    const touch = () => document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click();
    new MutationObserver(touch).observe(document.body, { subtree: true, childList: true });
    touch();
  }, TEST_IDS.tryAgain);

const framesSeen = (page: Page) => page.evaluate(() => (window as unknown as SoakWindow).frames.count);

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
    prepare: (context) => context.addInitScript(countsFrames),
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

/** Nodes and listeners of the document and of everything that is kept beside it. */
async function keptBy(page: Page): Promise<{ nodes: number; listeners: number }> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  // What the first collection lets go of is there for the second one.
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  await session.detach();
  const metric = (name: string) => metrics.find((one) => one.name === name)!.value;
  return { nodes: metric('Nodes'), listeners: metric('JSEventListeners') };
}

test('screens: those that were left are not kept, however often staff come and go and the camera is opened', async ({
  openKiosk,
}) => {
  test.slow();
  const { page } = await openKiosk({
    camera: { kind: 'stage', scene: nobody },
    prepare: (context) => context.addInitScript(breakableInPage),
  });
  await expectPhase(page, 'attract');
  const rounds: Awaited<ReturnType<typeof keptBy>>[] = [];
  for (let round = 0; round < 4; round++) {
    await tensors(page);
    await goTo(page, '#/');
    await expectPhase(page, 'attract');
    await page.evaluate(() => (window as unknown as BreakableWindow).broken.unplug('gone'));
    await expectPhase(page, 'out-of-order');
    await page.evaluate(() => (window as unknown as BreakableWindow).broken.plugIn());
    await expectPhase(page, 'attract');
    rounds.push(await keptBy(page));
  }
  const [, second, , last] = rounds;
  expect(last!.nodes, JSON.stringify(rounds)).toBeLessThanOrEqual(second!.nodes + 20);
  expect(last!.listeners, JSON.stringify(rounds)).toBeLessThanOrEqual(second!.listeners + 10);
});
