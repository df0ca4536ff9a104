import { join } from 'node:path';
import { serveEngine } from '../helpers/engine-page.ts';
import { alone, figure, type Subject } from './figure.ts';
import { inChromium } from './in-chromium.ts';
import { withProcessorTime } from './processor-time.ts';

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
      return inChromium('log', served, 'logBench', async (page, profile) => {
        say(`${plan.lines} lines are written`);
        await page.evaluate(({ lines, readable }) => window.logBench.fill(lines, readable), plan);
        const looks = await withProcessorTime(profile, () =>
          page.evaluate((times) => window.logBench.look(times), plan.looks),
        );
        const check = await page.evaluate(() => window.logBench.check());
        const size = plan.lines.toLocaleString('en');
        return [
          figure(`${size} lines: staff open the log`, looks, plan.limit),
          figure(`${size} lines: the whole is checked behind it`, alone(check)),
        ];
      });
    },
  };
}
