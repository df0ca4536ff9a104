import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { swayOf } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { breakable, customerStands, noteTime, shoot } from './serves.ts';

/** A camera that gives pictures and does not see: staff are told at the edge of the shopper's screen, and in health. */

test.use({ disk: 'customer', expectedErrors: [/./] });

async function told(page: Page, problem: string): Promise<void> {
  const from = performance.now();
  await expect(page.getByTestId(TEST_IDS.staffNotice)).toHaveAttribute('data-notice', problem, {
    timeout: 120_000,
  });
  noteTime(`told of a camera that is ${problem}`, performance.now() - from);
  await shoot(page, `told-${problem}`);
}

async function inHealth(page: Page, code: string): Promise<void> {
  await goTo(page, '#/staff/health');
  await openConsole(page);
  await expect(
    page.getByTestId(STAFF_IDS.healthWarning).and(page.locator(`[data-code="${code}"]`)),
  ).toBeVisible();
  await shoot(page, `health-${code}`);
  await goTo(page, '#/');
}

test('fault: camera black, far out of focus, and frozen; staff are told, and a frozen one is opened anew', async ({
  openKiosk,
}) => {
  test.setTimeout(600_000);
  const kiosk = await openKiosk(breakable);
  const { page } = kiosk;
  await expectPhase(page, 'attract');

  await kiosk.stand({ ...customerStands, light: 0 });
  await told(page, 'dark');
  await kiosk.stand({ ...customerStands, blur: 18 });
  await told(page, 'blurred');
  await inHealth(page, 'sight-blurred');

  // The same pixels again and again, drawn anew each time.
  const [still] = await swayOf(customerStands);
  await page.evaluate(
    (jpeg) => (window as unknown as { stage: { show(jpegs: string[]): Promise<void> } }).stage.show([jpeg]),
    still!.toString('base64'),
  );
  await told(page, 'frozen');
  await goTo(page, '#/staff/health');
  await openConsole(page);
  await expect(page.getByText(/same picture again and again. It is opened anew/).first()).toBeVisible();
});

for (const turn of [90, 180] as const)
  test(`fault: a stream turned by ${turn} degrees; staff are told`, async ({ openKiosk }) => {
    const kiosk = await openKiosk({ ...breakable, path: `?rotation=${turn}` });
    const { page } = kiosk;
    await expectPhase(page, 'attract');
    await kiosk.stand(customerStands);
    await told(page, 'turned');
    await inHealth(page, 'sight-turned');
  });
