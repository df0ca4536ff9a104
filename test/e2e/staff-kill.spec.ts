import { expect, test } from '@playwright/test';
import { killAt } from '../kill/harness.ts';
import { lookAfterTornWrites } from '../kill/torn-log.ts';

/** `npm run verify:kill` takes 100 of them. */
const MOMENTS = 6;

test(`killed at ${MOMENTS} random moments, the gallery loses nothing confirmed and is never half-done`, async () => {
  test.setTimeout(300_000);
  const told: string[] = [];
  const { problems, moments } = await killAt(MOMENTS, (line) => told.push(line));
  expect(problems, told.join('\n')).toEqual([]);
  expect(moments).toEqual({ enrol: 2, import: 2, rekey: 2 });
});

test('a write that was torn in the browser’s log takes nothing with it, now or at the next start', async () => {
  test.setTimeout(120_000);
  for (const { people, damaged, log } of await lookAfterTornWrites(2))
    expect({ people: people.length, damaged, log }).toEqual({ people: 12, damaged: 0, log: 'intact' });
});
