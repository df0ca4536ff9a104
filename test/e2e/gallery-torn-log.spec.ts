import { expect, test } from '@playwright/test';
import { lookAfterTornWrites } from '../kill/torn-log.ts';

test('gallery: a write that was torn in the browser’s log takes nothing with it, now or at the next start @long', async () => {
  for (const { people, damaged, log } of await lookAfterTornWrites(2))
    expect({ people: people.length, damaged, log }).toEqual({ people: 12, damaged: 0, log: 'intact' });
});
