import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { PERSON } from '../../src/gallery/base/long-work.ts';
import { serveEngine } from '../helpers/engine-page.ts';
import { type Figure, figure, ratio, type Subject } from './figure.ts';
import type { Held } from './needs-page.ts';

/** people of the gallery */
const PEOPLE = { full: 5_000, quick: 500 } as const;

/** Whether a restore and new keys take as long as the console says before, in Chromium, on the engine and disk of the kiosk. */
export function needs({ quick }: { readonly quick: boolean }): Subject {
  const count = quick ? PEOPLE.quick : PEOPLE.full;
  return {
    name: 'needs',
    async run(say) {
      const served = await serveEngine(join(import.meta.dirname, 'needs-page.ts'));
      const profile = mkdtempSync(join(tmpdir(), 'bench-needs-'));
      const executablePath = process.env['CHROMIUM_PATH'];
      const context = await chromium.launchPersistentContext(profile, {
        args: ['--no-sandbox', '--disable-gpu'],
        ...(executablePath ? { executablePath } : {}),
      });
      try {
        const page = context.pages()[0]!;
        await page.goto(served.address);
        await page.waitForFunction(() => window.needsBench !== undefined);
        say(`${count} people are restored, then get new keys`);
        const { restore, rekey } = await page.evaluate((people) => window.needsBench.measure(people), count);
        return [...figuresOf('restore', restore, count), ...figuresOf('new keys', rekey, count)];
      } finally {
        await context.close();
        await served.close();
        rmSync(profile, { recursive: true, force: true });
      }
    },
  };
}

function figuresOf(name: string, { said, took, writing }: Held, count: number): readonly Figure[] {
  const size = count.toLocaleString('en');
  const one = (values: number) => ({ values: [values], worked: null });
  return [
    figure(`${size} people, ${name}: said before`, one(said)),
    figure(`${size} people, ${name}: taken`, one(took)),
    ratio(`${size} people, ${name}: taken / said`, [took], [said], 1),
    figure(`${size} people, ${name}: writing a person`, one(writing / count), PERSON.writing),
  ];
}
