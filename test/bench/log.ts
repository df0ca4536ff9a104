import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { serveEngine } from '../helpers/engine-page.ts';
import { figure, type Subject } from './figure.ts';
import { processorTime } from './processor-time.ts';

/** A year at 500 lines a day, of which the newest can be read; milliseconds. */
const PLAN = { lines: 182_500, readable: 500, looks: 5, limit: 1_000 } as const;
const QUICK = { ...PLAN, lines: 20_000, looks: 3 } as const;

/** The access log of a busy year, in Chromium, on the engine and the disk that the kiosk uses. */
export function log({ quick }: { readonly quick: boolean }): Subject {
  const plan = quick ? QUICK : PLAN;
  return {
    name: 'log',
    async run(say) {
      const served = await serveEngine(join(import.meta.dirname, 'log-page.ts'));
      const profile = mkdtempSync(join(tmpdir(), 'bench-log-'));
      const executablePath = process.env['CHROMIUM_PATH'];
      const context = await chromium.launchPersistentContext(profile, {
        args: ['--no-sandbox', '--disable-gpu'],
        ...(executablePath ? { executablePath } : {}),
      });
      try {
        const page = context.pages()[0]!;
        await page.goto(served.address);
        await page.waitForFunction(() => window.logBench !== undefined);
        say(`${plan.lines} lines are written`);
        await page.evaluate(({ lines, readable }) => window.logBench.fill(lines, readable), plan);
        const before = processorTime(profile);
        const looks = await page.evaluate((times) => window.logBench.look(times), plan.looks);
        const after = processorTime(profile);
        const worked = before === null || after === null ? null : (after - before) / plan.looks;
        const check = await page.evaluate(() => window.logBench.check());
        const size = plan.lines.toLocaleString('en');
        return [
          figure(`${size} lines: staff open the log`, { values: looks, worked }, plan.limit),
          figure(`${size} lines: the whole is checked behind it`, { values: check, worked: null }),
        ];
      } finally {
        await context.close();
        await served.close();
        rmSync(profile, { recursive: true, force: true });
      }
    },
  };
}
