import type { CDPSession, Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { nobody } from '../helpers/stage.ts';

/** What the device is asked for: a screen that stays awake and whole, and to be installed. */

const stage = { kind: 'stage', scene: nobody } as const;

interface Awake {
  readonly asked: number;
  readonly held: number;
}

/** Runs in the page: keeps the wake locks that were asked for, and lets the test hide the page and take a lock away. */
function watchWakeLock(): void {
  const locks: WakeLockSentinel[] = [];
  const request = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (type) => {
    const lock = await request(type);
    locks.push(lock);
    return lock;
  };
  let visibility: DocumentVisibilityState = 'visible';
  Object.defineProperty(document, 'visibilityState', { get: () => visibility });
  Object.assign(window, {
    awake: () => ({ asked: locks.length, held: locks.filter(({ released }) => !released).length }),
    takeLock: () => Promise.all(locks.map((lock) => lock.release())),
    setVisibility: (next: DocumentVisibilityState) => {
      visibility = next;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  });
}

interface WatchedWindow {
  readonly awake: () => Awake;
  readonly takeLock: () => Promise<unknown>;
  readonly setVisibility: (next: DocumentVisibilityState) => void;
}

const awake = (page: Page) => page.evaluate(() => (window as unknown as WatchedWindow).awake());
const takeLock = (page: Page) => page.evaluate(() => (window as unknown as WatchedWindow).takeLock());
const setVisibility = (page: Page, next: DocumentVisibilityState) =>
  page.evaluate((to) => (window as unknown as WatchedWindow).setVisibility(to), next);

test('wake lock: it is held, and asked for again when it is lost @long', async ({ openKiosk }) => {
  const { page } = await openKiosk({
    camera: stage,
    prepare: (context) => context.addInitScript(watchWakeLock),
  });
  await expect.poll(() => awake(page)).toEqual({ asked: 1, held: 1 });

  await test.step('a hidden page loses it and gets it back when it is seen again', async () => {
    await setVisibility(page, 'hidden');
    await takeLock(page);
    await expect.poll(() => awake(page)).toEqual({ asked: 1, held: 0 });
    await setVisibility(page, 'visible');
    await expect.poll(() => awake(page)).toEqual({ asked: 2, held: 1 });
  });

  await test.step('the system takes it while the page is seen', async () => {
    await takeLock(page);
    await expect.poll(() => awake(page)).toEqual({ asked: 3, held: 1 });
  });
});

const whole = (page: Page) => page.evaluate(() => document.fullscreenElement === document.documentElement);

test('full screen: it begins with the first touch, and again after it was left @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: stage });
  await expect(page.getByTestId(TEST_IDS.headline)).toBeVisible();
  expect(await whole(page)).toBe(false);
  await page.getByTestId(TEST_IDS.headline).tap();
  await expect.poll(() => whole(page)).toBe(true);
  await page.evaluate(() => document.exitFullscreen());
  await expect.poll(() => whole(page)).toBe(false);
  await page.getByTestId(TEST_IDS.language).tap();
  await expect.poll(() => whole(page)).toBe(true);
});

/** Answers of Chromium's own examination of a page that would be installed. */
interface Examination {
  readonly errors: readonly string[];
  readonly manifest: Readonly<Record<string, unknown>>;
}

async function examine(session: CDPSession): Promise<Examination> {
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  const { errors, data } = await session.send('Page.getAppManifest');
  return {
    errors: [
      ...installabilityErrors.map(({ errorId }) => errorId),
      ...errors.map(({ message }) => `manifest: ${message}`),
    ],
    manifest: JSON.parse(data ?? '{}'),
  };
}

test('installation: Chromium reports no obstacle @long', async ({ openKiosk }) => {
  const { page, context } = await openKiosk({ camera: stage, keepsItself: true });
  await expectPhase(page, 'attract');
  await page.waitForFunction(async () => Boolean((await navigator.serviceWorker.ready).active));
  const session = await context.newCDPSession(page);
  const { errors, manifest } = await examine(session);
  expect(errors).toEqual([]);
  expect(manifest).toMatchObject({ display: 'fullscreen', start_url: './', scope: './', lang: 'ko' });
  for (const { src, sizes, type } of manifest['icons'] as { src: string; sizes: string; type: string }[]) {
    const icon = await page.request.get(src);
    expect(icon.headers()['content-type'], src).toContain(type);
    if (type !== 'image/png') continue;
    // PNG: width and height as big-endian words after the header.
    const bytes = await icon.body();
    expect(`${bytes.readUInt32BE(16)}x${bytes.readUInt32BE(20)}`, src).toBe(sizes);
  }

  await test.step('the examination can fail: without its manifest the page is refused', async () => {
    await page.evaluate(() => document.querySelector('link[rel="manifest"]')?.remove());
    // Chromium hears of the missing link a moment later.
    await expect
      .poll(async () => {
        const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
        return installabilityErrors.map(({ errorId }) => errorId);
      })
      .toContain('no-manifest');
  });
});
