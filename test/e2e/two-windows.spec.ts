import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot } from '../helpers/kiosk.ts';
import { openConsole } from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const bare = showing(RENDERED_PEOPLE[0]!);

test('two windows: the second says that the kiosk is open elsewhere, and goes on once the first is closed @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: bare, path: '?lang=en#/staff' });
  await openConsole(page);
  const second = await page.context().newPage();
  await second.goto(page.url().replace(/#.*/, ''));
  await expectPhase(second, 'out-of-order');
  await expect(kioskRoot(second)).toHaveAttribute('data-reason', 'other-window');
  await expect(second.getByRole('main')).toContainText('Close the other window');
  await page.close();
  await second.getByTestId(TEST_IDS.retry).click();
  await expect(kioskRoot(second)).not.toHaveAttribute('data-reason', 'other-window');
  await second.goto(second.url().replace(/#.*|$/, '#/staff'));
  await openConsole(second);
});

test('clock: one that is ahead makes staff confirm the date, and nobody is erased before @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: bare, path: '?lang=en#/staff' });
  await openConsole(page);
  const notice = page.getByTestId(STAFF_IDS.clock);
  await expect(notice).toHaveCount(0);
  await page.clock.setSystemTime(new Date(Date.now() + 400 * 86_400_000));
  await page.goto(page.url().replace(/#.*/, '#/staff/log'));
  await openConsole(page);
  await page.goto(page.url().replace(/#.*/, '#/staff'));
  await openConsole(page);
  await expect(notice).toHaveAttribute('data-reason', 'ahead');
  await notice.getByTestId(STAFF_IDS.clockConfirm).click();
  await page.getByTestId(TEST_IDS.confirmDelete).click();
  await expect(notice).toHaveCount(0);
});
