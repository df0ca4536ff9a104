import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { serveEngine } from '../helpers/engine-page.ts';
import { figure, type Subject } from './figure.ts';

/** Sizes and the limits of the issue, milliseconds. */
const PLAN = {
  people: 100_000,
  many: 1_000_000,
  starts: 5,
  searches: 50,
  changes: 20,
  limits: { ready: 2000, search: 20, change: 50, searchMany: 200 },
} as const;
const QUICK = { ...PLAN, people: 5_000, many: 50_000, starts: 2, changes: 5 } as const;

/** The gallery at the size of a chain of shops, in Chromium, on the engine and the disk that the kiosk uses. */
export function gallery({ quick }: { readonly quick: boolean }): Subject {
  const plan = quick ? QUICK : PLAN;
  return {
    name: 'gallery',
    async run(say) {
      const served = await serveEngine(join(import.meta.dirname, 'gallery-page.ts'));
      const profile = mkdtempSync(join(tmpdir(), 'bench-'));
      const executablePath = process.env['CHROMIUM_PATH'];
      const context = await chromium.launchPersistentContext(profile, {
        args: ['--no-sandbox', '--disable-gpu'],
        ...(executablePath ? { executablePath } : {}),
      });
      const page = context.pages()[0]!;
      page.on('console', (message) => say(message.text()));
      const fresh = async (): Promise<Page> => {
        await page.goto(served.address);
        await page.waitForFunction(() => 'bench' in window);
        return page;
      };
      try {
        await fresh();
        await page.evaluate((count) => window.bench.fill(count), plan.people);
        const starts: number[] = [];
        for (let i = 0; i < plan.starts; i++)
          starts.push(await (await fresh()).evaluate(() => window.bench.start()));
        const searches = await page.evaluate((count) => window.bench.search(count), plan.searches);
        const { added, removed } = await page.evaluate((count) => window.bench.change(count), plan.changes);
        const many = await (await fresh()).evaluate(
          ([rows, count]) => window.bench.searchIndex(rows, count),
          [plan.many, plan.searches] as const,
        );
        const { limits } = plan;
        const size = plan.people.toLocaleString('en');
        return [
          figure(`${size} people: ready after the start`, starts, limits.ready),
          figure(`${size} people: one search and decision`, searches, limits.search),
          figure(`${size} people: one more enrolled, on the disk`, added, limits.change),
          figure(`${size} people: one withdrawn, on the disk`, removed, limits.change),
          figure(`${plan.many.toLocaleString('en')} templates: one search`, many, limits.searchMany),
        ];
      } finally {
        await context.close();
        await served.close();
        rmSync(profile, { recursive: true, force: true });
      }
    },
  };
}
