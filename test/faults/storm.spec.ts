import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole, row } from '../helpers/staff.ts';
import { FAULTS, type Fault } from './faults.ts';
import { breakable, customerId, customerStands, greets, survive } from './serves.ts';

/** `npm run faults -- --storm MINUTES`: one kiosk, a random fault every minute, and the customer is known to the end. */

const MINUTES = Number(process.env['STORM_MINUTES'] ?? 5);
const MINUTE = 60_000;
const STORMY = Object.values<Fault>(FAULTS).filter(({ storm }) => storm);

test.use({ disk: 'customer', expectedErrors: [/./] });

test(`storm: ${MINUTES} minutes of random faults, and the kiosk still greets the right person`, async ({
  openKiosk,
}) => {
  test.setTimeout((MINUTES + 15) * MINUTE);
  const kiosk = await openKiosk(breakable);
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  await kiosk.stand(customerStands);
  await expectPhase(page, /greeted|page/);
  const id = await customerId(page);
  await greets(kiosk, MINUTE);

  const end = performance.now() + MINUTES * MINUTE;
  const counts = new Map<string, number>();
  let longest = 0;
  while (performance.now() < end) {
    const from = performance.now();
    const fault = STORMY[Math.floor(Math.random() * STORMY.length)]!;
    const took = await survive(kiosk, fault);
    expect.soft(took, fault.name).toBeLessThan(fault.within);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    longest = Math.max(longest, took);
    await page.waitForTimeout(Math.max(0, MINUTE - (performance.now() - from)));
  }
  test.info().annotations.push({
    type: 'storm',
    description: `${JSON.stringify(Object.fromEntries(counts))}; longest until it served again: ${(longest / 1000).toFixed(1)} s`,
  });

  await test.step('the same person is greeted at the end', async () => {
    await kiosk.stand(customerStands);
    await expectPhase(page, /greeted|page/);
    expect(await customerId(page)).toBe(id);
  });
  await test.step('the gallery, its log and the consent are what was confirmed', async () => {
    await goTo(page, '#/staff/people');
    await openConsole(page);
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(1);
    await expect(row(page, CUSTOMER.person.name.ko)).toHaveAttribute('data-person', id ?? '');
    await expect(page.getByTestId(STAFF_IDS.consentOutdated)).toHaveCount(0);
    await expect(page.getByTestId(TEST_IDS.damaged)).toHaveCount(0);
    await goTo(page, '#/staff/log');
    await expect(page.getByTestId(STAFF_IDS.logChain)).toHaveAttribute('data-intact', 'true');
  });
});
