import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { laterBy } from '../helpers/calendar.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot, type OpenKiosk, type OpenOptions } from '../helpers/kiosk.ts';
import {
  agreeToConsent,
  comeBack,
  eraseAsAsked,
  goTo,
  openConsole,
  openPerson,
  row,
} from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const personOf = (id: string) => RENDERED_PEOPLE.find((one) => one.id === id)!;
const [jiwoo, minjun] = [personOf('seo-jiwoo'), personOf('park-minjun')];
const RENAMED = '서지우 부장';

test('people: a person is enrolled, found, renamed, given a note and another picture, and greeted by the new name @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: showing(jiwoo), path: '#/staff/enrol' });
  await enrol(page, jiwoo.name.ko);

  await test.step('found by name and by nothing else', async () => {
    // The search appears once there are enough people to search among: three more, by telephone alone.
    for (const [i, name] of ['가나다', '라마바', '사아자'].entries()) {
      await page.getByTestId(TEST_IDS.enrolAnother).click();
      await page.getByTestId(TEST_IDS.enrolName).fill(name);
      await page.getByTestId(TEST_IDS.enrolStart).click();
      await page.getByTestId(STAFF_IDS.ofAge).click();
      await page.getByTestId(STAFF_IDS.refuse).click();
      await page.getByTestId(STAFF_IDS.byTelephone).click();
      await page.getByTestId(STAFF_IDS.telephone).fill(`010-5555-000${i}`);
      await page.getByTestId(STAFF_IDS.telephonePin).fill('2468');
      await page.getByTestId(STAFF_IDS.telephoneSave).click();
      await comeBack(page);
      await expect(page.getByTestId(TEST_IDS.enrolment)).toHaveAttribute('data-phase', 'saved');
    }
    await goTo(page, '#/staff');
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(4);
    await page.getByTestId(STAFF_IDS.search).fill('지우');
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(1);
    await page.getByTestId(STAFF_IDS.search).fill('5555-0002');
    await expect(page.getByTestId(TEST_IDS.person)).toHaveAttribute('data-name', '사아자');
    await page.getByTestId(STAFF_IDS.search).fill('nobody');
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(0);
    await page.getByTestId(STAFF_IDS.search).fill('');
  });

  await test.step('renamed, noted upon, with a telephone number', async () => {
    await openPerson(page, jiwoo.name.ko);
    await page.getByTestId(STAFF_IDS.name).fill(RENAMED);
    await page.getByTestId(STAFF_IDS.nameSave).click();
    await expect(page.getByTestId(STAFF_IDS.personName)).toContainText(RENAMED);
    await page.getByTestId(STAFF_IDS.note).fill('둥근 뿔테를 좋아하심');
    await page.getByTestId(STAFF_IDS.noteSave).click();
    await page.getByTestId(STAFF_IDS.telephone).fill('010-5555-0001');
    await page.getByTestId(STAFF_IDS.telephonePin).fill('1357');
    await page.getByTestId(STAFF_IDS.telephoneSave).click();
    // Somebody else has that number.
    await expect(page.getByTestId(STAFF_IDS.problem)).toHaveAttribute('data-code', 'access-taken');
    await page.getByTestId(STAFF_IDS.telephone).fill('010-5555-0009');
    await page.getByTestId(STAFF_IDS.telephonePin).fill('1357');
    await page.getByTestId(STAFF_IDS.telephoneSave).click();
    await expect(page.getByTestId(STAFF_IDS.telephoneRemove)).toBeVisible();
  });

  await test.step('given another picture, under the consent that holds', async () => {
    await expect(page.getByTestId(STAFF_IDS.templates)).toHaveAttribute('data-current', '3');
    await page.getByTestId(STAFF_IDS.addPicture).click();
    await comeBack(page);
    await expect(page.getByTestId(TEST_IDS.enrolment)).toHaveAttribute('data-phase', 'saved');
    await goTo(page, '#/staff');
    await expect(page.getByTestId(STAFF_IDS.templates)).toHaveAttribute('data-current', '6');
  });

  const again = await openKiosk({ camera: showing(jiwoo) });
  await expectPhase(again.page, 'greeted');
  await expect(again.page.getByTestId(TEST_IDS.greetingName)).toContainText(RENAMED);
  await goTo(again.page, '#/staff');
  await openConsole(again.page);
  await openPerson(again.page, RENAMED);
  await expect(again.page.getByTestId(STAFF_IDS.note)).toHaveValue('둥근 뿔테를 좋아하심');
  await expect(again.page.getByTestId(STAFF_IDS.telephone)).toHaveValue('010-5555-0009');
});

const DAY = 86_400_000;

/** The customer of these tests is Jiwoo: enrolled once, on a disk that each test gets a copy of. */
test.describe('with a customer', () => {
  test.use({ disk: 'customer' });

  test('people: a picture of somebody else is added only after a question, and a duplicate is named @long', async ({
    openKiosk,
  }) => {
    const { page } = await openKiosk({ camera: showing(minjun), path: '#/staff/enrol' });
    await enrol(page, minjun.name.ko);
    await goTo(page, '#/staff');
    await openPerson(page, jiwoo.name.ko);
    await expect(page.getByTestId(STAFF_IDS.addPicture)).toBeVisible();
    await page.getByTestId(STAFF_IDS.addPicture).click();
    await comeBack(page);
    const enrolment = page.getByTestId(TEST_IDS.enrolment);
    await expect(enrolment).toHaveAttribute('data-phase', 'duplicate');
    await expect(page.getByTestId(TEST_IDS.enrolDuplicateName)).toContainText(minjun.name.ko);
    await page.getByTestId(TEST_IDS.enrolCancel).click();
    await goTo(page, '#/staff');
    await expect(page.getByTestId(STAFF_IDS.templates)).toHaveAttribute('data-current', '3');
  });

  test('people: a person who withdraws is gone at once, from the list and from recognition @long', async ({
    openKiosk,
  }) => {
    const { page } = await openKiosk({ camera: showing(jiwoo), path: '#/staff' });
    await openConsole(page);
    await openPerson(page, jiwoo.name.ko);
    await page.getByTestId(TEST_IDS.personDelete).click();
    await page.getByTestId(TEST_IDS.cancelDelete).click();
    await expect(page.getByTestId(STAFF_IDS.personName)).toBeVisible();
    await eraseAsAsked(page);
    await expect(page.getByTestId(STAFF_IDS.personPage)).toHaveCount(0);
    await expect(row(page, jiwoo.name.ko)).toHaveCount(0);
    await goTo(page, '#/staff/log');
    await expect(page.getByTestId(STAFF_IDS.logLine).first()).toBeVisible();
    await expect(page.getByTestId(STAFF_IDS.logChain)).toHaveAttribute('data-intact', 'true');
    await expect(page.locator('[data-action="withdrawn"]')).toHaveCount(1);
    await expect(page.getByTestId(TEST_IDS.staff)).not.toContainText(jiwoo.name.ko);
    await page.getByTestId(TEST_IDS.staffClose).click();
    await expectPhase(page, /unknown|greeted/);
    await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'unknown');
  });

  const later =
    (days: number): NonNullable<OpenOptions['prepare']> =>
    (context) =>
      context.addInitScript(laterBy, days * DAY);

  /** Opens the kiosk so much later: its clock is in doubt until staff say that the date is right. */
  async function openLater(openKiosk: (options: OpenOptions) => Promise<OpenKiosk>, days: number) {
    const { page } = await openKiosk({
      camera: showing(jiwoo),
      path: '#/staff',
      prepare: later(days),
    });
    await openConsole(page);
    await page.getByTestId(STAFF_IDS.clockConfirm).click();
    await page.getByTestId(TEST_IDS.confirmDelete).click();
    await expect(page.getByTestId(STAFF_IDS.clock)).toHaveCount(0);
    return page;
  }

  test('consent: the end of a consent purges the person, and a renewed consent does not @long', async ({
    openKiosk,
  }) => {
    await test.step('half a year later: still known, and renews', async () => {
      const page = await openLater(openKiosk, 180);
      await openPerson(page, jiwoo.name.ko);
      const until = page.getByTestId(STAFF_IDS.consentUntil);
      const before = Date.parse((await until.getAttribute('data-until'))!);
      await page.getByTestId(STAFF_IDS.renewConsent).click();
      await agreeToConsent(page);
      await comeBack(page);
      await expect(page.getByTestId(TEST_IDS.enrolment)).toHaveAttribute('data-phase', 'saved');
      await goTo(page, '#/staff');
      const after = Date.parse((await until.getAttribute('data-until'))!);
      expect(Math.round((after - before) / DAY)).toBe(180);
    });

    await test.step('after the first date: still greeted', async () => {
      const page = await openLater(openKiosk, 370);
      await page.getByTestId(TEST_IDS.staffClose).click();
      await expectPhase(page, /greeted|unknown/);
      await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'greeted');
    });

    await test.step('after the second: a stranger, and the log says so', async () => {
      await openLater(openKiosk, 550);
      // The next start erases whose consent has run out.
      const { page } = await openKiosk({ camera: showing(jiwoo), prepare: later(550) });
      await expectPhase(page, /greeted|unknown/);
      await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'nobody-enrolled');
      await goTo(page, '#/staff/log');
      await openConsole(page);
      await expect(page.locator('[data-action="expired"]')).toHaveCount(1);
    });
  });
});
