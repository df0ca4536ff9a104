import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { sessionConfig } from '../../src/state/session/model/config.ts';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { standing } from '../helpers/clip.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot } from '../helpers/kiosk.ts';
import { descendants, openHandles, threadTime } from '../helpers/processes.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { visionWorkers } from '../helpers/vision-workers.ts';
import { beforeWorker } from '../helpers/worker-source.ts';
import { countsFrames, leapsInTime, type SoakWindow, visitsAgainAndAgain } from './in-page.ts';
import { HOURS, QUICK, RECOGNITIONS } from './length.ts';

/**
 * Whether a kiosk that runs for long stays as it was: one customer is greeted, says that they are done, and asks to be looked at
 * again, until both limits are reached. Each frame goes through the real workers and networks; the waits between visits are leapt
 * over, with each timer that comes due in them.
 */

/** measurements in all; the first fifth is warming up */
const SAMPLES = QUICK ? 5 : 15;
/** growth from the second fifth to the last, shares */
const LIMITS = { flat: 0.02, slower: 0.05 };
/** when the customer comes back, milliseconds: 10,000 visits fill the eight hours, and one in 2,000 is a visit of its own */
const COMES_BACK = {
  apart: sessionConfig.goodbye + 400,
  longEvery: 2_000,
  longApart: sessionConfig.sameVisit + 1_000,
};
const RESULTS = join(import.meta.dirname, '../../test-results');

test.use({ disk: 'customer' });

/** Runs in each worker before its program: keeps what WebAssembly's memory is in. */
const KEEPS_MEMORIES = `
  self.memories = new Set();
  const Memory = WebAssembly.Memory;
  WebAssembly.Memory = class extends Memory {
    constructor(size) {
      super(size);
      self.memories.add(this);
    }
  };
  const noted = (made) => {
    for (const one of Object.values((made.instance ?? made).exports)) if (one instanceof Memory) self.memories.add(one);
    return made;
  };
  for (const name of ['instantiate', 'instantiateStreaming']) {
    const real = WebAssembly[name];
    WebAssembly[name] = (...args) => real.apply(WebAssembly, args).then(noted);
  }
`;

/** What must not grow. */
interface Amounts {
  /** bytes of the page's JavaScript, without `code` */
  readonly heap: number;
  readonly listeners: number;
  readonly nodes: number;
  readonly tensors: number;
  /** bytes of the workers' WebAssembly memory */
  readonly wasm: number;
  /** bytes of the page and its workers together, as the browser counts them, without `code` */
  readonly memory: number;
  /** open files and sockets of all of the browser's processes */
  readonly handles: number;
}

interface Sizes extends Amounts {
  /** bytes of what the engine compiled of the page's scripts: it compiles what is called often, for hours, and once */
  readonly code: number;
}

/** How far it is. */
interface Progress {
  readonly frames: number;
  readonly greeted: number;
  readonly unknown: number;
  /** milliseconds of the page's clock */
  readonly at: number;
}

/** The same with what was spent so far. */
interface Spent extends Progress {
  /** milliseconds of processor time of the workers */
  readonly workers: number;
  /** the same of the page's scripts */
  readonly scripts: number;
}

interface Sample extends Sizes {
  /** milliseconds of processor time: of the workers for a frame, of the page's scripts for a visit */
  readonly perFrame: number;
  readonly perVisit: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const browserProcesses = () => descendants(process.pid).filter(({ line }) => line.includes('--type='));

type Metrics = (name: string) => number;

async function metricsOf(session: CDPSession): Promise<Metrics> {
  const { metrics } = await session.send('Performance.getMetrics');
  return (name) => metrics.find((one) => one.name === name)?.value ?? Number.NaN;
}

const progressOf = (page: Page): Promise<Progress> =>
  page.evaluate(() => {
    const { visits, frames } = window as unknown as SoakWindow;
    return { frames: frames.count, greeted: visits.greeted, unknown: visits.unknown, at: performance.now() };
  });

/** Waits for as long as it goes on: a kiosk that greets nobody for two minutes stands still. */
async function reaches(page: Page, there: (progress: Progress) => boolean): Promise<void> {
  for (let greeted = -1; ; ) {
    await expect
      .poll(async () => (await progressOf(page)).greeted, { timeout: 120_000, intervals: [3_000] })
      .toBeGreaterThan(greeted);
    const progress = await progressOf(page);
    if (there(progress)) return;
    greeted = progress.greeted;
  }
}

async function spentOf(page: Page, session: CDPSession): Promise<Spent> {
  const metric = await metricsOf(session);
  const workers = threadTime(browserProcesses(), 'DedicatedWorker');
  return { ...(await progressOf(page)), workers, scripts: 1000 * metric('ScriptDuration') };
}

async function wasmBytes(page: Page): Promise<number> {
  let bytes = 0;
  for (const worker of visionWorkers(page))
    bytes += await worker.evaluate(() => {
      const { memories = [] } = self as unknown as { memories?: Iterable<WebAssembly.Memory> };
      return [...memories].reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    });
  return bytes;
}

/** As the protocol sends it: a row of numbers for each object. */
interface HeapSnapshot {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[]];
    };
  };
  readonly nodes: readonly number[];
}

/** Bytes of the objects that are reachable after a collection, and of compiled code; what is no JavaScript counts nowhere. */
async function heapOf(session: CDPSession): Promise<{ readonly heap: number; readonly code: number }> {
  const chunks: string[] = [];
  const keep = ({ chunk }: { readonly chunk: string }) => void chunks.push(chunk);
  session.on('HeapProfiler.addHeapSnapshotChunk', keep);
  await session.send('HeapProfiler.takeHeapSnapshot');
  session.off('HeapProfiler.addHeapSnapshotChunk', keep);
  const { snapshot, nodes } = JSON.parse(chunks.join('')) as HeapSnapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, size] = [fields.indexOf('type'), fields.indexOf('self_size')];
  const bytes = { heap: 0, code: 0 };
  for (let at = 0; at < nodes.length; at += fields.length) {
    const kind = types[0][nodes[at + type]!];
    if (kind !== 'native') bytes[kind === 'code' ? 'code' : 'heap'] += nodes[at + size]!;
  }
  return bytes;
}

/** Staff set the kiosk up for a shop with posted signs: nobody is asked, so that a visit has fewer frames. */
async function postSigns(page: Page): Promise<void> {
  const next = () => page.getByTestId(STAFF_IDS.setUpNext).click();
  const step = (name: string) =>
    expect(page.getByTestId(STAFF_IDS.setUp)).toHaveAttribute('data-step', name, { timeout: 60_000 });
  await openConsole(page);
  await next();
  await next();
  await step('shop');
  for (const name of ['shopName', 'operator', 'officer', 'contact'])
    await page
      .getByTestId(STAFF_IDS.setUpField)
      .and(page.locator(`[data-field="${name}"]`))
      .fill(name);
  await next();
  await page.getByTestId(STAFF_IDS.setUpAsking).and(page.locator('[data-asking="signs"]')).check();
  await page.getByTestId(STAFF_IDS.setUpSigns).check();
  await next();
  await step('test');
  await next();
  await goTo(page, '#/');
}

/** Live tensors as the staff's health view shows them. */
async function tensorsOf(page: Page): Promise<number> {
  await goTo(page, '#/staff/health');
  await openConsole(page);
  const shown = page.getByTestId(TEST_IDS.healthTensors);
  await expect(shown).toHaveText(/\d/);
  const tensors = Number(((await shown.textContent()) ?? '').replace(/\D/g, ''));
  await goTo(page, '#/');
  return tensors;
}

const pause = (page: Page, paused: boolean) =>
  page.evaluate((now) => {
    (window as unknown as SoakWindow).visits.pause = now;
  }, paused);

/** Measures on the same screen each time: between two visits. */
async function amountsOf(page: Page, session: CDPSession): Promise<Sizes> {
  await pause(page, true);
  await expect(kioskRoot(page).and(page.locator('[data-phase=attract]'))).toBeVisible({ timeout: 60_000 });
  await expect(page.getByTestId(TEST_IDS.tryAgain)).toBeVisible();
  const memory = await page.evaluate(async () => {
    const measure = (performance as { measureUserAgentSpecificMemory?: () => Promise<{ bytes: number }> })
      .measureUserAgentSpecificMemory;
    return measure ? (await measure.call(performance)).bytes : Number.NaN;
  });
  // What the first collection lets go of is there for the second one.
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  const metric = await metricsOf(session);
  const { heap, code } = await heapOf(session);
  const amounts = {
    heap,
    code,
    listeners: metric('JSEventListeners'),
    nodes: metric('Nodes'),
    wasm: await wasmBytes(page),
    memory: memory - code,
    handles: openHandles(browserProcesses()),
  };
  const tensors = await tensorsOf(page);
  await pause(page, false);
  return { ...amounts, tensors };
}

/** Share by which the last fifth lies above the second. */
function growth(samples: readonly Sample[], name: keyof Sample): number {
  const fifth = samples.length / 5;
  const of = (from: number) => median(samples.slice(from, from + fifth).map((one) => one[name]));
  return of(samples.length - fifth) / of(fifth) - 1;
}

test(`staying power: ${RECOGNITIONS} recognitions and ${HOURS} hours leave the kiosk as it was`, async ({
  openKiosk,
}) => {
  test.setTimeout(6 * 3_600_000);
  const { page, context } = await openKiosk({
    camera: { kind: 'clip', scenes: standing(CUSTOMER.person, 'bare'), size: 0.5 },
    path: '#/staff/setup',
    // Memory is measured at once, and not when the browser collects next.
    flags: ['--enable-blink-features=ForceEagerMeasureMemory'],
    prepare: async (one) => {
      await one.addInitScript(leapsInTime);
      await one.addInitScript(countsFrames);
      await beforeWorker(one, () => KEEPS_MEMORIES);
    },
  });
  await postSigns(page);
  // With a small picture and screen: half of the processor's time would go into pixels.
  await page.setViewportSize({ width: 480, height: 800 });
  await expectPhase(page, /greeted|page/);
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const { kiosk, done, tryAgain } = TEST_IDS;
  await page.evaluate(visitsAgainAndAgain, { kiosk, done, tryAgain, ...COMES_BACK });

  const samples: Sample[] = [];
  const began = (await progressOf(page)).at;
  const shareOf = ({ greeted, at }: Progress) =>
    Math.min(greeted / RECOGNITIONS, (at - began) / (HOURS * 3_600_000));
  for (let sample = 1; sample <= SAMPLES; sample++) {
    const before = await spentOf(page, session);
    await reaches(page, (progress) => shareOf(progress) >= sample / SAMPLES);
    const now = await spentOf(page, session);
    samples.push({
      ...(await amountsOf(page, session)),
      perFrame: (now.workers - before.workers) / (now.frames - before.frames),
      perVisit: (now.scripts - before.scripts) / (now.greeted - before.greeted),
    });
    // What was measured survives a run that is broken off.
    mkdirSync(RESULTS, { recursive: true });
    const hours = (now.at - began) / 3_600_000;
    const told = { ...now, hours, ...samples.at(-1) };
    writeFileSync(join(RESULTS, 'staying-power.json'), JSON.stringify({ ...told, samples }, null, 1));
    process.stdout.write(`${new Date().toISOString()} ${JSON.stringify(told)}\n`);
  }
  const names = Object.keys(samples[0]!) as (keyof Sample)[];
  const found = Object.fromEntries(names.map((name) => [name, growth(samples, name)] as const));
  process.stdout.write(`growth: ${JSON.stringify(found)}\n`);
  const { unknown } = await progressOf(page);
  test.info().annotations.push({ type: 'growth', description: JSON.stringify(found) });
  expect(unknown, 'times that the customer was not known').toBe(0);
  // Nothing measured would not grow either.
  expect(samples.at(-1)!.wasm, 'memory of WebAssembly').toBeGreaterThan(0);
  if (QUICK) return;
  // Compiled code is told, and bounded by the program.
  const { perFrame, perVisit, code: _, ...flat } = found;
  for (const [name, share] of Object.entries(flat))
    if (Number.isFinite(share)) expect.soft(share, name).toBeLessThanOrEqual(LIMITS.flat);
  for (const [name, share] of Object.entries({ perFrame, perVisit }))
    if (Number.isFinite(share)) expect.soft(share, name).toBeLessThanOrEqual(LIMITS.slower);
});
