import type { BrowserContext, Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { visionWorkers } from '../helpers/vision-workers.ts';
import { beforeWorker } from '../helpers/worker-source.ts';
import { breakable, greets, noteTime, shoot } from './serves.ts';

/**
 * A GPU that is lost, once and for ever, on Chromium's software adapter. The worker is told that it is a quick piece of hardware,
 * or the kiosk would not take it; what is lost is a real device (`GPUDevice.destroy`).
 */

test.use({ disk: 'customer', expectedErrors: [/./] });

const FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan',
];

/** Runs in the worker before its program: from the first device on the clock is slow, so that the GPU wins its race. */
const DISGUISE = `
  const clock = performance.now.bind(performance);
  let device = null;
  performance.now = () => (device === null ? clock() : device + (clock() - device) / 10_000);
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'test', architecture: 'quick', device: '', description: 'a quick test GPU', isFallbackAdapter: false }) });
  const request = GPUAdapter.prototype.requestDevice;
  self.devices = [];
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const made = await request.apply(this, args);
    self.devices.push(made);
    device ??= clock();
    return made;
  };
`;

/** The same browser, whose GPU is not there any more. */
const GONE = 'if (globalThis.GPU) GPU.prototype.requestAdapter = async () => null;';

/** Serves the worker with what `before` says in front of it. */
async function workerWith(context: BrowserContext, before: () => string): Promise<void> {
  await breakable.prepare?.(context);
  await beforeWorker(context, before);
}

const destroy = () => {
  for (const device of (self as unknown as { devices: GPUDevice[] }).devices) device.destroy();
};

/** Devices that the page's workers hold. */
async function devicesOf(page: Page): Promise<number> {
  const counts = visionWorkers(page).map((worker) =>
    worker.evaluate(() => (self as unknown as { devices?: GPUDevice[] }).devices?.length ?? 0),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function expectNoGpu(page: Page): Promise<void> {
  await goTo(page, '#/staff/health');
  await openConsole(page);
  await expect(page.getByTestId(TEST_IDS.healthBackend)).toContainText(/WebAssembly/);
  await expect(page.locator('[data-code="gpu-gone"]')).toBeVisible();
  await goTo(page, '#/');
  await expectPhase(page, 'attract');
}

test('fault: GPU lost, and not there any more after a new start; the kiosk goes on without it, and health says so', async ({
  openKiosk,
}) => {
  test.setTimeout(1_500_000);
  let before = DISGUISE;
  const kiosk = await openKiosk({
    ...breakable,
    flags: FLAGS,
    prepare: (context) => workerWith(context, () => before),
  });
  const { page } = kiosk;
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter()) != null);
  test.skip(!adapter, 'This Chromium has no WebGPU adapter, so there is no GPU to lose.');
  await expectPhase(page, 'attract', 900_000);
  expect(await page.evaluate(() => localStorage.getItem('rounz-gpu'))).toBe('seen');
  await expect.poll(() => devicesOf(page), { timeout: 60_000 }).toBeGreaterThan(0);
  for (const worker of visionWorkers(page)) await worker.evaluate(destroy);
  await shoot(page, 'GPU lost');
  noteTime('GPU lost', await greets(kiosk, 300_000));
  await expectNoGpu(page);
  before = GONE;
  const from = performance.now();
  await page.reload();
  await expectPhase(page, 'attract', 300_000);
  await shoot(page, 'GPU lost for ever');
  await greets(kiosk, 300_000);
  noteTime('GPU lost for ever, after a new start', performance.now() - from);
  await expectNoGpu(page);
});

/** Tomorrow at that hour by the local clock: a kiosk's clock that goes back is doubted. */
function tomorrowAt(hour: number): Date {
  const day = new Date();
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1, hour);
}

test('fault: GPU lost for ever; it is tried again by one reload a night, and the kiosk serves before and after', async ({
  openKiosk,
}) => {
  test.setTimeout(600_000);
  const kiosk = await openKiosk({
    ...breakable,
    prepare: async (context) => {
      await workerWith(context, () => GONE);
      await context.clock.install({ time: tomorrowAt(20) });
      // What the page has kept since it ran on a GPU.
      await context.addInitScript(() => localStorage.setItem('rounz-gpu', 'seen'));
    },
  });
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  noteTime('GPU lost for ever', await greets(kiosk, 120_000));
  await expectNoGpu(page);
  /** Why the page reloaded itself, each time; undefined while it does. */
  const reloads = (): Promise<string[] | undefined> =>
    page
      .evaluate(() => {
        const { last = [] }: { last?: { why: string }[] } = JSON.parse(
          sessionStorage.getItem('rounz-reloads') ?? '{}',
        );
        return last.map(({ why }) => why);
      })
      .catch(() => undefined);
  const once = ['The GPU is tried again.'];
  expect(await reloads()).toEqual([]);
  // Half past two at night.
  await page.clock.fastForward('06:30:00');
  await expect.poll(reloads, { timeout: 120_000 }).toEqual(once);
  noteTime('GPU lost for ever, after the reload of the night', await greets(kiosk, 120_000));
  await page.clock.fastForward('01:00:00');
  await greets(kiosk, 120_000);
  expect(await reloads()).toEqual(once);
  await expectNoGpu(page);
});
