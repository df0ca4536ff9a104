import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { laterBy } from '../helpers/calendar.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { breakable, greets, noteTime, shoot } from './serves.ts';

/** Clocks that are wrong, and a kiosk that slept. */

test.use({ disk: 'customer', expectedErrors: [/./] });

const DAY = 86_400_000;
/** From today to the next 29 February, at noon. */
function toLeapDay(): number {
  const now = new Date();
  let year = now.getUTCFullYear();
  const leap = (one: number) => new Date(Date.UTC(one, 1, 29, 12)).getUTCDate() === 29;
  while (!leap(year) || Date.UTC(year, 1, 29, 12) < now.getTime()) year += 1;
  return Date.UTC(year, 1, 29, 12) - now.getTime();
}

const clocks = [
  { name: 'a day back', by: -DAY, warns: 'clock-behind' },
  { name: 'ten years ahead', by: 3_653 * DAY, warns: 'clock-ahead' },
  { name: 'a leap day', by: toLeapDay(), warns: null },
] as const;

for (const { name, by, warns } of clocks)
  test(`fault: clock ${name}; the customer is still known`, async ({ openKiosk }) => {
    const kiosk = await openKiosk({
      ...breakable,
      prepare: async (context) => {
        await breakable.prepare?.(context);
        await context.addInitScript(laterBy, by);
      },
    });
    await expectPhase(kiosk.page, 'attract');
    await shoot(kiosk.page, `clock ${name}`);
    noteTime(`clock ${name}`, await greets(kiosk, 60_000));
    if (warns === null) return;
    await goTo(kiosk.page, '#/staff/health');
    await openConsole(kiosk.page);
    await expect(
      kiosk.page.getByTestId(STAFF_IDS.healthWarning).and(kiosk.page.locator(`[data-code="${warns}"]`)),
    ).toBeVisible();
  });

test('fault: asleep for eight hours; the customer is greeted as if nothing had been, and nothing is restarted', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk({
    ...breakable,
    prepare: async (context) => {
      await breakable.prepare?.(context);
      await context.clock.install();
    },
  });
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  await page.clock.fastForward('08:00:00');
  await shoot(page, 'asleep for eight hours');
  const took = await greets(kiosk, 60_000);
  noteTime('asleep for eight hours', took);
  // The page did not reload itself.
  expect(await page.evaluate(() => sessionStorage.getItem('rounz-reloads'))).toBeNull();
});
