import type { BrowserContext } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { breakable, greets, noteTime } from './serves.ts';

/**
 * A GPU that is lost, once and for ever, on Chromium's software adapter. The worker is told that it is a quick piece of hardware, or
 * the kiosk would not take it; what is lost is a real device (`GPUDevice.destroy`).
 */

test.use({ disk: 'customer', expectedErrors: [/./] });

const FLAGS = [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--use-vulkan=swiftshader',
  '--enable-features=Vulkan',
];

/** Runs in the worker before its program. */
const DISGUISE = `
  const clock = performance.now.bind(performance);
  performance.now = () => clock() / 1000;
  Object.defineProperty(GPUAdapter.prototype, 'info', { get: () => ({ vendor: 'test', architecture: 'quick', device: '', description: 'a quick test GPU', isFallbackAdapter: false }) });
  const request = GPUAdapter.prototype.requestDevice;
  self.devices = [];
  GPUAdapter.prototype.requestDevice = async function (...args) {
    const device = await request.apply(this, args);
    self.devices.push(device);
    return device;
  };
`;

async function disguise(context: BrowserContext): Promise<void> {
  await breakable.prepare?.(context);
  await context.route(/assets\/worker-[^/]+\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${DISGUISE}\n${await response.text()}` });
  });
}

const destroy = () => {
  for (const device of (self as unknown as { devices: GPUDevice[] }).devices) device.destroy();
};

test('fault: GPU lost; the kiosk goes on without it, and health says so', async ({ openKiosk }) => {
  test.setTimeout(900_000);
  const kiosk = await openKiosk({ ...breakable, flags: FLAGS, prepare: disguise });
  const { page } = kiosk;
  await expectPhase(page, 'attract', 600_000);
  const gpu = await page.evaluate(() => localStorage.getItem('rounz-gpu'));
  test.skip(gpu === null, 'This Chromium has no WebGPU adapter, so there is no GPU to lose.');
  await page.workers().at(-1)!.evaluate(destroy);
  const took = await greets(kiosk, 300_000);
  noteTime('GPU lost', took);
  await goTo(page, '#/staff/health');
  await openConsole(page);
  await expect(page.getByTestId(TEST_IDS.healthBackend)).toContainText(/WebAssembly/);
  await expect(page.locator('[data-code="gpu-gone"]')).toBeVisible();
});
