import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol } from '../helpers/kiosk.ts';
import {
  confirmPin,
  enterPin,
  enterSetUpCode,
  goTo,
  lockScreen,
  openConsole,
  STAFF_PIN,
} from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const person = RENDERED_PEOPLE[0]!;
const bare = showing(person);
const VIEWS = ['#/staff', '#/staff/enrol', '#/staff/manage', '#/staff/log', '#/staff/health'] as const;

test('lock: the first run chooses a PIN, and without it nothing of staff’s is reached', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: bare, path: '#/staff' });
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'first-run');
  for (const [pin, again, told] of [
    ['123456', '123456', 'weak'],
    ['482915', '482916', 'differs'],
  ] as const) {
    await enterSetUpCode(page);
    await enterPin(page, pin);
    await enterPin(page, again);
    await expect(lockScreen(page)).toHaveAttribute('data-attempt', told);
  }
  await goTo(page, '#/staff/enrol');
  await enrol(page, person.name.ko);

  await test.step('the lock button, leaving the console and a reload each lock it', async () => {
    await page.getByTestId(STAFF_IDS.lock).click();
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
    await openConsole(page);
    await page.getByTestId(TEST_IDS.staffClose).click();
    await expect(lockScreen(page)).toHaveCount(0);
    await goTo(page, '#/staff');
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
    await openConsole(page);
    await page.reload();
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
  });

  await test.step('while it is locked no view shows anything', async () => {
    for (const view of VIEWS) {
      await page.evaluate((to) => {
        location.hash = to;
      }, view);
      await expect(lockScreen(page)).toHaveAttribute('data-lock', 'locked');
      await expect(page.getByTestId(TEST_IDS.staff)).not.toContainText(person.name.ko);
      await expect(page.getByTestId(TEST_IDS.staffTabPeople)).toHaveCount(0);
      await expect(page.getByTestId(TEST_IDS.enrolName)).toHaveCount(0);
    }
  });
});

test('lock: wrong PINs make a wait, which a reload or a clock that is set ahead does not end @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: { kind: 'none' }, path: '#/staff' });
  await openConsole(page);
  await page.getByTestId(STAFF_IDS.lock).click();
  for (let tries = 0; tries < 3; tries++) {
    await enterPin(page, '905173');
    await expect(lockScreen(page)).toHaveAttribute('data-attempt', 'wrong');
    await expect(page.getByTestId(STAFF_IDS.pin)).toHaveValue('');
  }
  const wait = page.getByTestId(STAFF_IDS.wait);
  await expect(wait).toBeVisible();
  await expect(page.getByTestId(STAFF_IDS.pin)).toBeDisabled();
  await page.reload();
  await expect(wait).toBeVisible();
  await page.clock.setFixedTime(Date.now() + 86_400_000);
  const seconds = async () => Number(await wait.getAttribute('data-seconds'));
  const before = await seconds();
  expect(before).toBeGreaterThan(1);
  // It counts down; that the PIN is taken at its end, the tests of the lock say.
  await expect.poll(seconds).toBeLessThan(before);
  await expect(page.getByTestId(STAFF_IDS.pin)).toBeDisabled();
});

test('lock: a PIN can be entered by touch alone and by the keyboard alone @long', async ({ openKiosk }) => {
  const { page } = await openKiosk({ camera: { kind: 'none' }, path: '?lang=en#/staff' });
  await openConsole(page);
  await page.getByTestId(STAFF_IDS.lock).click();
  for (const digit of STAFF_PIN) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByTestId(STAFF_IDS.pinSubmit).click();
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
  await page.getByTestId(STAFF_IDS.lock).click();
  await expect(page.getByTestId(STAFF_IDS.pin)).toBeFocused();
  await page.keyboard.type(`${STAFF_PIN}\n`);
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
});

test('lock: staff with PINs of their own open the console, and the log names them @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: { kind: 'none' }, path: '#/staff/manage' });
  const own = '730164';
  await openConsole(page);
  await page.getByTestId(STAFF_IDS.memberName).fill('지우');
  await page.getByTestId(STAFF_IDS.memberPin).fill(own);
  await page.getByTestId(STAFF_IDS.memberAgain).fill(own);
  await page.getByTestId(STAFF_IDS.memberAdd).click();
  await confirmPin(page);
  await expect(page.getByTestId(STAFF_IDS.member)).toHaveAttribute('data-name', '지우');
  await page.getByTestId(STAFF_IDS.lock).click();
  await enterPin(page, own);
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
  await page.getByTestId(STAFF_IDS.memberRemove).click();
  // Their own PIN manages nobody.
  await enterPin(page, own);
  await expect(page.getByTestId(STAFF_IDS.askPin)).toContainText('관리자 PIN으로만');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(STAFF_IDS.member)).toHaveCount(1);
  await goTo(page, '#/staff/log');
  const line = page.getByTestId(STAFF_IDS.logLine);
  await expect(line.and(page.locator('[data-action="unlocked"]')).first()).toContainText('지우');
  await expect(line.and(page.locator('[data-action="member-added"]'))).toContainText('관리자');
});
