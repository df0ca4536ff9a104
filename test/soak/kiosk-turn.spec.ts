import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { raiseActor, turnedPhotograph, turningHead } from '../helpers/actor.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot, type OpenOptions } from '../helpers/kiosk.ts';
import { nobody } from '../helpers/stage.ts';

/** A rendered person of no fixture. */
const SEED = 52_009;
/** The kiosk's clock and the visitor go slower by this: a busy computer has to see some frames of each turn. */
const SLOWER = 5;
/** A customer whose challenge was not met may try again; a computer that does nothing for a second is no failure of theirs. */
const ROUNDS = 2;

const before = async (
  pictures: ReturnType<typeof turningHead>,
  slower: number = SLOWER,
): Promise<OpenOptions> => {
  const drawn = await pictures;
  return {
    camera: { kind: 'stage', scene: nobody },
    prepare: (context) => raiseActor(context, drawn, slower),
  };
};

/** From the greeting to the question for a turn of the head. */
async function wantsToBeForgotten(page: Page): Promise<void> {
  await expectPhase(page, 'page');
  await page.getByTestId(TEST_IDS.forget).tap();
  await page.getByTestId(TEST_IDS.forgetConfirm).tap();
  await expectPhase(page, 'confirm');
}

test('turn of the head: erases a customer without a PIN at once; a photograph that is turned erases nobody', async ({
  openKiosk,
}) => {
  test.slow();
  const { page: enrolment } = await openKiosk({
    ...(await before(turningHead(SEED), 1)),
    path: '#/staff/enrol',
  });
  await enrol(enrolment, '윤아린');

  await test.step('a photograph is greeted, is turned as the arrows say, and erases nobody', async () => {
    const { page } = await openKiosk(await before(turnedPhotograph(SEED)));
    await wantsToBeForgotten(page);
    await page.getByTestId(TEST_IDS.confirmTurn).tap();
    await expect(page.getByTestId(TEST_IDS.confirmProblem)).toHaveAttribute(
      'data-status',
      /unturned|other|unseen/,
      { timeout: 150_000 },
    );
    await page.getByTestId(TEST_IDS.confirmBack).tap();
    await expectPhase(page, 'page');
    await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText('윤아린');
  });

  await test.step('the head that follows the arrows erases its owner, who is unknown from then on', async () => {
    const { page } = await openKiosk(await before(turningHead(SEED)));
    let forgotten = false;
    for (let round = 0; round < ROUNDS && !forgotten; round++) {
      await wantsToBeForgotten(page);
      await page.getByTestId(TEST_IDS.confirmTurn).tap();
      const over = page.locator(
        `[data-testid="${TEST_IDS.confirmProblem}"]:not([data-status="checking"]), [data-testid="${TEST_IDS.kiosk}"][data-reason="forgotten"]`,
      );
      await expect(over.first()).toBeVisible({ timeout: 150_000 });
      forgotten = (await kioskRoot(page).getAttribute('data-phase')) !== 'confirm';
      if (!forgotten) await page.getByTestId(TEST_IDS.confirmBack).tap();
    }
    expect(forgotten).toBe(true);
    await expect(page.locator('body')).not.toContainText('윤아린');
    await page.reload();
    await expectPhase(page, 'unknown');
    await expect(page.locator('body')).not.toContainText('윤아린');
  });
});
