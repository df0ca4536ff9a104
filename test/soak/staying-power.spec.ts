import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { TIMING } from '../../src/state/session/timing.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { standing } from '../helpers/clip.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { descendants, openHandles } from '../helpers/processes.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { HOURS, QUICK, RECOGNITIONS } from './length.ts';

/**
 * Whether a kiosk that runs for long stays as it was: one customer is greeted, says that they are done, and is greeted again, until
 * both limits are reached. Its page lives in accelerated time; the recogniser's worker does not.
 */

/** how much faster time passes in the page */
const PACE = 5;
/** measurements in all; the first fifth is warming up */
const SAMPLES = QUICK ? 5 : 40;
/** growth from the second fifth to the last, shares */
const LIMITS = { flat: 0.02, slower: 0.05 };

test.use({ disk: 'customer' });

/** Runs in the page before the kiosk: its clock and its timers run faster. */
function accelerate(pace: number): void {
  const now = performance.now.bind(performance);
  performance.now = () => now() * pace;
  const began = Date.now();
  const RealDate = Date;
  const fast = () => began + (RealDate.now() - began) * pace;
  globalThis.Date = class extends RealDate {
    constructor(...args: [] | [number | string | Date]) {
      if (args.length === 0) super(fast());
      else super(args[0]);
    }
    static override now = fast;
  } as DateConstructor;
  const after = globalThis.setTimeout.bind(globalThis);
  globalThis.setTimeout = ((task: TimerHandler, ms = 0, ...rest: unknown[]) =>
    after(task, ms / pace, ...rest)) as typeof setTimeout;
}

interface Visits {
  readonly visits: { count: number; readonly times: number[] };
}

/** Runs in the page: the customer, who is done as soon as they are greeted, and wants to be greeted again. */
function visitAgainAndAgain([kiosk, done, tryAgain, measure]: readonly string[]): void {
  const visits = { count: 0, times: [] as number[] };
  Object.assign(window, { visits });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.name === measure) visits.times.push(entry.duration);
  }).observe({ type: 'measure' });
  let before = '';
  setInterval(() => {
    const root = document.querySelector<HTMLElement>(`[data-testid="${kiosk}"]`);
    const phase = root?.dataset['phase'] ?? '';
    if (phase === 'greeted' && before !== 'greeted') visits.count += 1;
    before = phase;
    if (phase === 'greeted' || phase === 'page')
      root?.querySelector<HTMLElement>(`[data-testid="${done}"]`)?.click();
    else if (phase === 'unknown') root?.querySelector<HTMLElement>(`[data-testid="${tryAgain}"]`)?.click();
    else if (phase === 'attract')
      root?.querySelector('h1')?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
  }, 50);
}

/** What must not grow. */
interface Sample {
  readonly heap: number;
  readonly listeners: number;
  readonly nodes: number;
  readonly tensors: number;
  /** bytes of the page and its workers, WASM included */
  readonly memory: number;
  /** open files and sockets of all of the browser's processes */
  readonly handles: number;
  /** median of the decisions since the sample before, milliseconds of the page */
  readonly decision: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function take(page: Page, session: CDPSession): Promise<Sample> {
  await session.send('HeapProfiler.collectGarbage');
  const { metrics } = await session.send('Performance.getMetrics');
  const metric = (name: string) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  const memory = await page.evaluate(async () => {
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return measure ? (await measure.call(performance)).bytes : Number.NaN;
  });
  await goTo(page, '#/staff/health');
  await openConsole(page);
  const shown = page.getByTestId(TEST_IDS.healthTensors);
  await expect(shown).toHaveText(/\d/);
  const tensors = Number(((await shown.textContent()) ?? '').replace(/\D/g, ''));
  await goTo(page, '#/');
  const times = await page.evaluate(() => (window as unknown as Visits).visits.times.splice(0));
  return {
    heap: metric('JSHeapUsedSize'),
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    tensors,
    memory,
    handles: openHandles(descendants(process.pid).filter(({ line }) => line.includes('--type='))),
    decision: median(times),
  };
}

test(`staying power: ${RECOGNITIONS} recognitions and ${HOURS} hours leave the kiosk as it was`, async ({
  openKiosk,
}) => {
  test.setTimeout(6 * 3_600_000);
  const { page, context } = await openKiosk({
    camera: { kind: 'clip', scenes: standing(CUSTOMER.person, 'bare') },
    prepare: (one) => one.addInitScript(accelerate, PACE),
  });
  await expectPhase(page, /greeted|page/);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  await page.evaluate(visitAgainAndAgain, [
    TEST_IDS.kiosk,
    TEST_IDS.done,
    TEST_IDS.tryAgain,
    TIMING.decision,
  ]);

  const samples: Sample[] = [];
  const progress = () =>
    page.evaluate(() => ({ count: (window as unknown as Visits).visits.count, at: performance.now() }));
  const began = (await progress()).at;
  for (let sample = 1; sample <= SAMPLES; sample++) {
    const share = sample / SAMPLES;
    await expect
      .poll(
        async () => {
          const { count, at } = await progress();
          return Math.min(count / RECOGNITIONS, (at - began) / (HOURS * 3_600_000)) >= share;
        },
        { timeout: 3 * 3_600_000, intervals: [1_000] },
      )
      .toBe(true);
    samples.push(await take(page, session));
    // What was measured survives a run that is broken off.
    writeFileSync(
      join(import.meta.dirname, '../../test-results/staying-power.json'),
      JSON.stringify(samples, null, 1),
    );
  }
  const fifth = SAMPLES / 5;
  const growth = (name: keyof Sample): number => {
    const of = (from: number) => median(samples.slice(from, from + fifth).map((one) => one[name]));
    return of(SAMPLES - fifth) / of(fifth) - 1;
  };
  const { count } = await progress();
  const found = Object.fromEntries(
    (Object.keys(samples[0]!) as (keyof Sample)[]).map((name) => [name, growth(name)] as const),
  );
  test
    .info()
    .annotations.push({ type: 'growth', description: `${count} recognitions: ${JSON.stringify(found)}` });
  if (QUICK) return;
  const { decision, ...flat } = found;
  for (const [name, share] of Object.entries(flat))
    if (Number.isFinite(share)) expect.soft(share, name).toBeLessThanOrEqual(LIMITS.flat);
  expect.soft(decision, 'time to a decision').toBeLessThanOrEqual(LIMITS.slower);
});
