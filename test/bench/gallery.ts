import { join } from 'node:path';
import { serveEngine } from '../helpers/engine-page.ts';
import { figure, type Subject } from './figure.ts';
import { inChromium, open } from './in-chromium.ts';
import { withProcessorTime } from './processor-time.ts';

/** Numbers of people, and limits in milliseconds. */
const PLAN = {
  people: 100_000,
  many: 1_000_000,
  starts: 5,
  searches: 50,
  changes: 20,
  limits: { ready: 1500, search: 20, change: 50, searchMany: 200 },
} as const;
const QUICK = { ...PLAN, people: 5_000, many: 50_000, starts: 2, changes: 5 } as const;

/** of the page's window */
const BENCH = 'bench';

/** The gallery at the size of a chain of shops, in Chromium, on the engine and the disk that the kiosk uses. */
export function gallery({ quick }: { readonly quick: boolean }): Subject {
  const plan = quick ? QUICK : PLAN;
  return {
    name: 'gallery',
    async run(say) {
      const served = await serveEngine(join(import.meta.dirname, 'gallery-page.ts'));
      return inChromium('gallery', served, BENCH, async (page, profile) => {
        page.on('console', (message) => say(message.text()));
        const fresh = () => open(page, served, BENCH);
        const measured = (measure: () => Promise<readonly number[]>) => withProcessorTime(profile, measure);
        const imported = await measured(() =>
          page.evaluate((count) => window.bench.fill(count), plan.people),
        );
        await fresh();
        const first = await measured(async () => [await page.evaluate(() => window.bench.start())]);
        const starts: { values: number[]; worked: number[] } = { values: [], worked: [] };
        for (let i = 0; i < plan.starts; i++) {
          await fresh();
          const { values, worked } = await measured(async () => [
            await page.evaluate(() => window.bench.start()),
          ]);
          starts.values.push(...values);
          if (worked !== null) starts.worked.push(worked);
        }
        const ready = { values: starts.values, worked: meanOf(starts.worked) };
        const searches = await measured(() =>
          page.evaluate((count) => window.bench.search(count), plan.searches),
        );
        const added = await measured(() => page.evaluate((count) => window.bench.add(count), plan.changes));
        const removed = await measured(() => page.evaluate(() => window.bench.remove()));
        const listed = await measured(() => page.evaluate(() => window.bench.list()));
        await fresh();
        await page.evaluate((rows) => window.bench.fillIndex(rows), plan.many);
        const many = await measured(() =>
          page.evaluate((count) => window.bench.searchIndex(count), plan.searches),
        );
        const { limits } = plan;
        const size = plan.people.toLocaleString('en');
        return [
          figure(`${size} people: imported from a backup`, imported),
          figure(`${size} people: ready at the first start after that`, first),
          figure(`${size} people: ready after the start`, ready, limits.ready),
          figure(`${size} people: one search and decision`, searches, limits.search),
          figure(`${size} people: one more enrolled, on the disk`, added, limits.change),
          figure(`${size} people: one withdrawn, on the disk`, removed, limits.change),
          figure(`${size} people: staff's list read and checked`, listed),
          figure(`${plan.many.toLocaleString('en')} templates: one search`, many, limits.searchMany),
        ];
      });
    },
  };
}

const meanOf = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
