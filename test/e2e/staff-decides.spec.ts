import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { KIOSK_RULES, millimetresPerPixel } from '../../src/ui/theme/panel.ts';
import { violations, WCAG } from '../helpers/axe.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { PANELS } from '../helpers/harness.ts';
import { enrol, expectPhase } from '../helpers/kiosk.ts';
import { comeBack, confirmPin, goTo, openConsole, openPerson, row } from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

/**
 * What staff decide, with what they see of it: counts of the kiosk's own decisions, both sides of a strictness, a merge of two
 * records, and undoing. Each screen is photographed into `test-results/` and held to WCAG, to its width and to the size of what is
 * touched.
 */

const jiwoo = RENDERED_PEOPLE.find(({ id }) => id === 'seo-jiwoo')!;
const camera = showing(jiwoo);
const TWICE = '서지우 (두 번째)';

/** CSS pixels, on a panel of 32 inches. */
const TOUCH = KIOSK_RULES.touchSide / millimetresPerPixel({ inches: 32, ...PANELS.portrait });

async function look(page: Page, name: string): Promise<void> {
  // A dialog that is still on its way in is neither judged nor photographed.
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
  await page.screenshot({ path: test.info().outputPath(`${name}.png`) });
  expect.soft(await violations(page, { type: 'tag', values: WCAG }), name).toEqual([]);
  const { wide, small } = await page.evaluate((least) => {
    const view = document.querySelector('dialog[open]') ?? document.querySelector('.staff__view')!;
    const touched = [...view.querySelectorAll<HTMLElement>('button, a[href], label.policy')].filter((one) =>
      one.checkVisibility(),
    );
    return {
      wide: view.scrollWidth > view.clientWidth + 1,
      small: touched
        .filter((one) => one.getBoundingClientRect().height < least)
        .map((one) => one.textContent),
    };
  }, TOUCH);
  expect.soft({ wide, small }, `${name}: width and touch`).toEqual({ wide: false, small: [] });
}

const card = (page: Page, action: string) =>
  page.locator(`[data-testid="${STAFF_IDS.undoCard}"][data-action="${action}"]`);

/** Another record of the same person, by telephone alone. */
async function enrolByTelephone(page: Page, name: string): Promise<void> {
  await page.getByTestId(TEST_IDS.enrolAnother).click();
  await page.getByTestId(TEST_IDS.enrolName).fill(name);
  await page.getByTestId(TEST_IDS.enrolStart).click();
  await page.getByTestId(STAFF_IDS.ofAge).click();
  await page.getByTestId(STAFF_IDS.refuse).click();
  await page.getByTestId(STAFF_IDS.byTelephone).click();
  await page.getByTestId(STAFF_IDS.telephone).fill('010-5555-0001');
  await page.getByTestId(STAFF_IDS.telephonePin).fill('2468');
  await page.getByTestId(STAFF_IDS.telephoneSave).click();
  await comeBack(page);
  await expect(page.getByTestId(TEST_IDS.enrolment)).toHaveAttribute('data-phase', 'saved');
}

test('decisions of staff: they remove, undo, merge and see what the kiosk decided @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera, path: '#/staff/enrol' });
  await page.setViewportSize(PANELS.portrait);
  await enrol(page, jiwoo.name.ko);
  await enrolByTelephone(page, TWICE);
  await goTo(page, '#/staff');

  await test.step('a change is undone on the person’s page', async () => {
    await openPerson(page, jiwoo.name.ko);
    await page.getByTestId(STAFF_IDS.name).fill('틀린 이름');
    await page.getByTestId(STAFF_IDS.nameSave).click();
    await expect(page.getByTestId(STAFF_IDS.personName)).toContainText('틀린 이름');
    await look(page, '1-changed');
    await card(page, 'renamed').getByTestId(STAFF_IDS.undo).click();
    await expect(page.getByTestId(STAFF_IDS.personName)).toContainText(jiwoo.name.ko);
    await expect(page.getByTestId(STAFF_IDS.name)).toHaveValue(jiwoo.name.ko);
    await page.getByTestId(STAFF_IDS.back).click();
  });

  await test.step('a removal is brought back within the day', async () => {
    await openPerson(page, TWICE);
    await page.getByTestId(TEST_IDS.personDelete).click();
    await look(page, '2-remove');
    await page.getByTestId(TEST_IDS.confirmDelete).click();
    await expect(page.getByTestId(STAFF_IDS.personPage)).toHaveCount(0);
    await expect(row(page, TWICE)).toHaveCount(0);
    await expect(card(page, 'removed')).toBeVisible();
    await look(page, '3-removed');
    await card(page, 'removed').getByTestId(STAFF_IDS.undo).click();
    await expect(row(page, TWICE)).toHaveCount(1);
    await expect(page.getByTestId(STAFF_IDS.undoable)).toHaveCount(0);
  });

  await test.step('two records are merged after a look at what it comes to, and the PIN', async () => {
    await openPerson(page, jiwoo.name.ko);
    await page.getByTestId(STAFF_IDS.merge).click();
    await page.getByTestId(STAFF_IDS.mergeTake).click();
    const preview = page.getByTestId(STAFF_IDS.mergePreview);
    await expect(preview).toHaveAttribute('data-faces', 'not-comparable');
    await preview.scrollIntoViewIfNeeded();
    await look(page, '4-merge');
    await page.getByTestId(STAFF_IDS.mergeStart).click();
    await confirmPin(page);
    await expect(page.getByTestId(STAFF_IDS.telephone)).toHaveValue('010-5555-0001');
    // The later consent is one without a face.
    await expect(page.getByTestId(STAFF_IDS.templates)).toHaveAttribute('data-current', '0');
    await page.getByTestId(STAFF_IDS.back).click();
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(1);
    await card(page, 'merged').getByTestId(STAFF_IDS.undo).click();
    await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(2);
  });

  await goTo(page, '#/');
  await expectPhase(page, 'greeted');
  await page.getByTestId(TEST_IDS.notMe).click();
  await expectPhase(page, 'unknown');
  await goTo(page, '#/staff/manage');
  await openConsole(page);
  await test.step('the count shows the denied greeting, and strictness both of its sides', async () => {
    const weeks = page.getByTestId(STAFF_IDS.weeks);
    await expect(weeks).toHaveAttribute('data-weeks', '1');
    await expect(weeks.locator('[data-measure="notMe"] td')).toHaveText('1');
    await expect(weeks.locator('[data-measure="greeted"] td')).toHaveText('0');
    await expect(page.getByTestId(STAFF_IDS.strictnessMissed)).toHaveCount(3);
    for (const choice of await page.getByTestId(STAFF_IDS.strictnessMissed).all())
      await expect(choice).toHaveAttribute('data-looks', '0');
    await look(page, '5-decided');
    await page.getByTestId(STAFF_IDS.strictnessMissed).last().scrollIntoViewIfNeeded();
    await look(page, '6-strictness');
    await page.getByTestId(TEST_IDS.language).getByText('English').click();
    await look(page, '7-strictness-en');
    await weeks.scrollIntoViewIfNeeded();
    await look(page, '8-decided-en');
  });
});
