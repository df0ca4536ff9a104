import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import type { RenderedPerson } from '../helpers/clip.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, type OpenKiosk } from '../helpers/kiosk.ts';
import { eraseAsAsked, goTo, openConsole, openPerson, row } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';
import { FAULTS, type Fault } from './faults.ts';
import { breakable, customerId, customerStands, greets, OTHERS, stands, survive } from './serves.ts';

/**
 * `npm run faults -- --storm MINUTES`: one kiosk and a random fault every minute. Meanwhile two people are enrolled and one of
 * them is withdrawn. At the end the customer is known, and gallery, log and consents hold what was confirmed.
 */

const MINUTES = Number(process.env['STORM_MINUTES'] ?? 5);
const MINUTE = 60_000;
/** Each fault's own limit is its own test's; a fault may come into the mending of another one here. */
const SERVES_WITHIN = 5 * MINUTE;
const STORMY = Object.values<Fault>(FAULTS).filter(({ storm }) => storm);
const [stays, goes] = OTHERS;

test.use({ disk: 'customer', expectedErrors: [/./] });

async function enrolNow({ page, stand }: OpenKiosk, person: RenderedPerson): Promise<void> {
  await goTo(page, '#/staff/enrol');
  await stand(stands(person));
  await enrol(page, person.name.ko);
  await stand(nobody);
  await goTo(page, '#/');
  await expectPhase(page, 'attract');
}

async function withdrawNow({ page }: OpenKiosk, person: RenderedPerson): Promise<void> {
  await goTo(page, '#/staff/people');
  await openConsole(page);
  await openPerson(page, person.name.ko);
  await eraseAsAsked(page);
  await expect(row(page, person.name.ko)).toHaveCount(0);
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(2);
  await goTo(page, '#/');
  await expectPhase(page, 'attract');
}

/** How many lines of the whole log say that. */
async function logged(page: Page, action: string): Promise<number> {
  const more = page.locator('.log > button', { hasText: /\d/ });
  while ((await more.count()) > 0) await more.click();
  return page
    .getByTestId(STAFF_IDS.logLine)
    .and(page.locator(`[data-action="${action}"]`))
    .count();
}

test(`storm: ${MINUTES} minutes of random faults, and the kiosk still greets the right person`, async ({
  openKiosk,
}) => {
  test.setTimeout((MINUTES + 30) * MINUTE);
  const kiosk = await openKiosk(breakable);
  const { page } = kiosk;
  await expectPhase(page, 'attract');
  await kiosk.stand(customerStands);
  await expectPhase(page, /greeted|page/);
  const id = await customerId(page);
  await kiosk.stand(nobody);
  await greets(kiosk, SERVES_WITHIN);

  const began = performance.now();
  const passed = () => (performance.now() - began) / (MINUTES * MINUTE);
  const changes = [
    { from: 0.25, make: () => enrolNow(kiosk, stays) },
    { from: 0.5, make: () => enrolNow(kiosk, goes) },
    { from: 0.75, make: () => withdrawNow(kiosk, goes) },
  ];
  const counts = new Map<string, number>();
  let longest = 0;
  while (passed() < 1 || changes.length > 0) {
    const from = performance.now();
    const fault = STORMY[Math.floor(Math.random() * STORMY.length)]!;
    const took = await survive(kiosk, fault, SERVES_WITHIN);
    counts.set(fault.name, (counts.get(fault.name) ?? 0) + 1);
    longest = Math.max(longest, took);
    if (changes[0] && passed() >= changes[0].from) await changes.shift()!.make();
    await page.waitForTimeout(Math.max(0, MINUTE - (performance.now() - from)));
  }
  const told = `${JSON.stringify(Object.fromEntries(counts))}; longest until it served again: ${(longest / 1000).toFixed(1)} s`;
  test.info().annotations.push({ type: 'storm', description: told });
  process.stdout.write(`${told}\n`);

  await test.step('the same person is greeted at the end', async () => {
    await kiosk.stand(customerStands);
    await expectPhase(page, /greeted|page/, SERVES_WITHIN);
    expect(await customerId(page)).toBe(id);
    await kiosk.stand(nobody);
    await expectPhase(page, 'attract');
  });
  await test.step('who was enrolled meanwhile is greeted, and who was withdrawn is a stranger', async () => {
    await kiosk.stand(stands(stays));
    await expectPhase(page, /greeted|page/, SERVES_WITHIN);
    await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(stays.name.ko);
    await kiosk.stand(nobody);
    await expectPhase(page, 'attract');
    await kiosk.stand(stands(goes));
    await expectPhase(page, 'unknown');
  });
  await test.step('the gallery, its log and the consents are what was confirmed', async () => {
    await goTo(page, '#/staff/people');
    await openConsole(page);
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(2);
    await expect(row(page, CUSTOMER.person.name.ko)).toHaveAttribute('data-person', id ?? '');
    await expect(row(page, stays.name.ko)).toHaveCount(1);
    await expect(page.getByTestId(STAFF_IDS.consentOutdated)).toHaveCount(0);
    await expect(page.getByTestId(TEST_IDS.damaged)).toHaveCount(0);
    await goTo(page, '#/staff/log');
    await expect(page.getByTestId(STAFF_IDS.logChain)).toHaveAttribute('data-intact', 'true');
    expect(await logged(page, 'enrolled')).toBe(3);
    expect((await logged(page, 'withdrawn')) + (await logged(page, 'deleted'))).toBe(1);
  });
});
