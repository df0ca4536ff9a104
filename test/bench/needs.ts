import { join } from 'node:path';
import { PERSON } from '../../src/gallery/base/long-work.ts';
import { serveEngine } from '../helpers/engine-page.ts';
import { alone, type Figure, figure, ratio, type Subject } from './figure.ts';
import { inChromium } from './in-chromium.ts';
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
      return inChromium('needs', served, 'needsBench', async (page) => {
        say(`${count} people are restored, then get new keys`);
        const { restore, rekey } = await page.evaluate((people) => window.needsBench.measure(people), count);
        return [...figuresOf('restore', restore, count), ...figuresOf('new keys', rekey, count)];
      });
    },
  };
}

function figuresOf(name: string, { said, took, writing }: Held, count: number): readonly Figure[] {
  const size = count.toLocaleString('en');
  return [
    figure(`${size} people, ${name}: said before`, alone([said])),
    figure(`${size} people, ${name}: taken`, alone([took])),
    ratio(`${size} people, ${name}: taken / said`, [took], [said], 1),
    figure(`${size} people, ${name}: writing a person`, alone([writing / count]), PERSON.writing),
  ];
}
