import type { Page } from '@playwright/test';
import { TIMING } from '../../src/state/test-ids.ts';
import { lookOf, RENDERED_PEOPLE, type Scene, standing } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase } from '../helpers/kiosk.ts';
import { traceMainThread } from '../helpers/main-thread.ts';

/** Decisions that are timed, and of them those during which the main thread is traced. */
const VISITS = 20;
const TRACED_VISITS = 5;
/** Time from a face's appearance to the decision on the screen, median, milliseconds: the limit. */
const DECISION_LIMIT = 1500;
/** Longest task of the page's main thread while it recognises, milliseconds: the limit. */
const TASK_LIMIT = 50;
/** One picture of an interface at 60 pictures a second, milliseconds, and the share of tasks that may take longer. */
const PICTURE = 1000 / 60;
const LATE_SHARE = 0.01;

const visitor = RENDERED_PEOPLE[0]!;

/**
 * Comes, stays long enough to be greeted, and is away for longer than a face may be and still be the same one
 * (`trackGap`): who comes then is looked at anew, even where the last greeting still stands.
 */
const visit: readonly Scene[] = [
  { seconds: 2.2, pictures: [] },
  { seconds: 2, pictures: [{ file: lookOf(visitor, 'glasses') }] },
];

/** Keeps how long each decision took, milliseconds. */
const recordDecisions = (page: Page) =>
  page.addInitScript((measureName) => {
    const decisions: number[] = [];
    Object.assign(window, { decisions });
    new PerformanceObserver((list) => {
      for (const { name, duration } of list.getEntries()) if (name === measureName) decisions.push(duration);
    }).observe({ type: 'measure' });
  }, TIMING.decision);

const decisionsOf = (page: Page) =>
  page.evaluate(() => (window as unknown as { decisions: number[] }).decisions);

const waitForDecisions = (page: Page, count: number) =>
  expect
    .poll(async () => (await decisionsOf(page)).length, { timeout: 480_000, intervals: [2000] })
    .toBeGreaterThanOrEqual(count);

test('decides within 1.5 s of a face appearing, and its interface keeps to 60 pictures a second', async ({
  openKiosk,
}) => {
  test.setTimeout(600_000);
  const bare = await openKiosk({
    camera: { kind: 'clip', scenes: standing(visitor, 'bare') },
    path: '#/staff/enrol',
  });
  await enrol(bare.page, visitor.name.ko);

  const kiosk = await openKiosk({
    camera: { kind: 'clip', scenes: visit },
    prepare: (context) => recordDecisions(context.pages()[0]!),
  });
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  const tasks = await traceMainThread(kiosk, () => waitForDecisions(page, TRACED_VISITS));
  await waitForDecisions(page, VISITS);

  const sorted = (await decisionsOf(page)).slice(0, VISITS).sort((a, b) => a - b);
  const median = (sorted[VISITS / 2 - 1]! + sorted[VISITS / 2]!) / 2;
  const longest = Math.max(...tasks.map(({ worked }) => worked));
  const late = tasks.filter(({ worked }) => worked > PICTURE).length;
  const waited = tasks.filter(({ wall, worked }) => wall > TASK_LIMIT && worked <= TASK_LIMIT).length;
  process.stdout.write(
    `    decision: median ${median.toFixed(0)} ms of ${VISITS}, worst ${sorted.at(-1)!.toFixed(0)} ms\n` +
      `    main thread: ${tasks.length} tasks, the longest worked ${longest.toFixed(1)} ms, ` +
      `${late} longer than a picture at 60 a second; ` +
      `${waited} took over ${TASK_LIMIT} ms by the clock, waiting for a core\n`,
  );
  expect(tasks.length).toBeGreaterThan(100);
  expect(longest).toBeLessThanOrEqual(TASK_LIMIT);
  expect(late / tasks.length).toBeLessThanOrEqual(LATE_SHARE);
  expect(median).toBeLessThanOrEqual(DECISION_LIMIT);
});
