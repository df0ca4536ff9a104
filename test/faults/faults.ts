import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect } from '../helpers/fixtures.ts';
import { kioskRoot, type OpenKiosk } from '../helpers/kiosk.ts';
import type { StageWindow } from '../helpers/stage.ts';
import { visionWorkers } from '../helpers/vision-workers.ts';
import type { BreakableWindow } from './in-page.ts';

/** Something that happens to a running kiosk. */
export interface Fault {
  readonly name: string;
  /** Breaks it; resolves when it is broken. */
  readonly inject: (kiosk: OpenKiosk) => Promise<void>;
  /** What the shopper sees meanwhile; absent: nothing of it. */
  readonly seen?: (page: Page) => Promise<void>;
  /** What somebody or something else does before the kiosk can serve again; absent: nothing is needed. */
  readonly mend?: (kiosk: OpenKiosk) => Promise<void>;
  /** milliseconds from the mending (or the fault) until somebody is greeted again, at most; on a busy machine */
  readonly within: number;
  /** whether a random storm may bring it */
  readonly storm: boolean;
}

type Broken = BreakableWindow['broken'];

const inPage = (page: Page, work: (broken: Broken) => void): Promise<void> =>
  page.evaluate(`(${work.toString()})(window.broken)`);

const showsReason = (reason: string) => async (page: Page) => {
  await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'out-of-order', { timeout: 60_000 });
  await expect(kioskRoot(page)).toHaveAttribute('data-reason', reason);
};

/** The worker of the recogniser that was started last. */
function visionWorker(page: Page) {
  const worker = visionWorkers(page).at(-1);
  if (!worker) throw new Error('The page has no worker of the recogniser.');
  return worker;
}

/** Sends a command of the DevTools protocol to the browser. */
async function command(page: Page, method: string, params: Record<string, unknown> = {}): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send(method as never, params as never);
  await session.detach();
}

const camera = {
  unplugged: {
    name: 'camera unplugged and back',
    inject: ({ page }) => inPage(page, (broken) => broken.unplug('gone')),
    seen: showsReason('no-camera'),
    mend: ({ page }) => inPage(page, (broken) => broken.plugIn()),
    within: 30_000,
    storm: true,
  },
  refused: {
    name: 'permission withdrawn while looking',
    inject: ({ page }) => inPage(page, (broken) => broken.unplug('refused')),
    seen: showsReason('permission-refused'),
    // The browser does not say that the permission is back: the kiosk asks again each minute.
    mend: ({ page }) =>
      inPage(page, (broken) => {
        broken.camera = 'there';
      }),
    within: 90_000,
    storm: true,
  },
  unanswered: {
    name: 'camera that never answers',
    inject: ({ page }) => inPage(page, (broken) => broken.unplug('silent')),
    // First it is lost; then nothing is heard for a minute.
    seen: (page) => expect(kioskRoot(page)).toHaveAttribute('data-reason', 'in-use', { timeout: 120_000 }),
    mend: ({ page }) => inPage(page, (broken) => broken.plugIn()),
    within: 60_000,
    storm: false,
  },
  halted: {
    name: 'frames stop',
    inject: ({ page }) => page.evaluate(() => (window as unknown as StageWindow).stage.halt(true)),
    seen: showsReason('lost'),
    mend: ({ page }) => page.evaluate(() => (window as unknown as StageWindow).stage.halt(false)),
    within: 60_000,
    storm: true,
  },
} satisfies Record<string, Fault>;

const worker = {
  crashed: {
    name: 'worker crashed',
    inject: async ({ page }) => {
      await visionWorker(page).evaluate(() => {
        setTimeout(() => {
          throw new Error('injected: the worker breaks down');
        });
      });
    },
    within: 60_000,
    storm: true,
  },
  silent: {
    name: 'worker silent',
    inject: async ({ page }) => {
      await visionWorker(page).evaluate(() => {
        setTimeout(() => {
          for (;;);
        });
      });
    },
    within: 120_000,
    storm: true,
  },
  outOfMemory: {
    name: 'WASM out of memory',
    inject: async ({ page }) => {
      // As with a heap that cannot grow, the module's next allocation aborts it.
      await visionWorker(page).evaluate(() => {
        WebAssembly.Memory.prototype.grow = () => {
          throw new RangeError('injected: WebAssembly.Memory.grow(): Maximum memory size exceeded');
        };
        const hold: WebAssembly.Memory[] = [];
        try {
          for (;;) hold.push(new WebAssembly.Memory({ initial: 65_536 }));
        } catch {
          setTimeout(() => {
            throw new WebAssembly.RuntimeError('injected: Aborted(OOM)');
          });
        }
      });
    },
    within: 90_000,
    storm: false,
  },
} satisfies Record<string, Fault>;

const page = {
  screen: {
    name: 'React error',
    inject: async ({ page }) => {
      await inPage(page, (broken) => broken.breakScreen());
      await page.evaluate(() => {
        location.hash = '#/staff';
      });
      await expect(page.getByTestId(TEST_IDS.staff)).toBeVisible();
      await page.evaluate(() => {
        location.hash = '#/';
      });
    },
    seen: (page) => expect(page.getByTestId(TEST_IDS.crash)).toBeVisible({ timeout: 30_000 }),
    mend: ({ page }) => inPage(page, (broken) => broken.mendScreen()),
    within: 60_000,
    storm: true,
  },
  uncaught: {
    name: 'errors that nobody catches, again and again',
    inject: async ({ page }) => {
      await page.evaluate(() => sessionStorage.removeItem('rounz-reloads'));
      await inPage(page, (broken) => broken.throwErrors(6));
    },
    // Nobody is there, so the page is reloaded, once it is old enough.
    mend: async ({ page }) => {
      const reloads = () => page.evaluate(() => sessionStorage.getItem('rounz-reloads')).catch(() => null);
      await expect.poll(reloads, { timeout: 120_000 }).toContain('page: ');
    },
    within: 120_000,
    storm: true,
  },
  frozen: {
    name: 'tab frozen and thawed',
    inject: async ({ page }) => {
      await command(page, 'Page.setWebLifecycleState', { state: 'frozen' });
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    },
    mend: ({ page }) => command(page, 'Page.setWebLifecycleState', { state: 'active' }),
    within: 60_000,
    storm: true,
  },
  reloaded: {
    name: 'page reloaded at any moment',
    inject: async ({ page }) => void (await page.reload()),
    within: 120_000,
    storm: true,
  },
} satisfies Record<string, Fault>;

const storage = {
  closed: {
    name: 'IndexedDB closed',
    inject: async ({ page }) => {
      // Somebody asks for a newer version and gives up: the kiosk's connection ends, and its data stays.
      await page.evaluate(async () => {
        await new Promise<void>((resolve) => {
          const request = indexedDB.open('rounz-gallery', 9_999);
          request.onupgradeneeded = () => request.transaction?.abort();
          request.onerror = () => resolve();
          request.onsuccess = () => {
            request.result.close();
            resolve();
          };
        });
      });
    },
    within: 60_000,
    storm: true,
  },
} satisfies Record<string, Fault>;

/** Those that a kiosk survives with everything that it had. */
export const FAULTS = { ...camera, ...worker, ...page, ...storage } as const;
