import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Look, RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot, type OpenKiosk } from '../helpers/kiosk.ts';
import { goTo } from '../helpers/staff.ts';
import { nobody, wearing } from '../helpers/stage.ts';

const person = (id: string) => {
  const found = RENDERED_PEOPLE.find((one) => one.id === id);
  if (!found) throw new Error(`There is no rendered person ${id} among the fixtures.`);
  return found;
};
const ENROLLED = ['seo-jiwoo', 'park-minjun', 'kim-yeonghee'].map(person);
/** Nobody enrolled. Rendered people look more alike than people do: these two are told from those three. */
const STRANGERS = ['jung-taesik', 'oh-jaeho'].map(person);
const WORN: readonly Look[] = ['glasses', 'sunglasses', 'cap'];

/** Ends the visit by touch, and waits until the kiosk invites the next one. */
async function endVisit({ page, stand }: OpenKiosk): Promise<void> {
  if ((await kioskRoot(page).getAttribute('data-phase')) !== 'unknown')
    await page.getByTestId(TEST_IDS.notMe).click();
  await expectPhase(page, 'unknown');
  await page.getByTestId(TEST_IDS.done).click();
  await stand(nobody);
  await expect(page.locator('[data-subject="attract"]')).toBeVisible();
}

const expectDecided = (page: Page) => expectPhase(page, /greeted|page|unknown|out-of-order/);

test('recognition: people enrolled bare are greeted by name whatever they wear, and strangers are not', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk({ camera: { kind: 'stage', scene: nobody }, path: '#/staff/enrol' });
  const { page, stand } = kiosk;
  for (const [index, who] of ENROLLED.entries()) {
    if (index > 0) await page.getByTestId(TEST_IDS.enrolAnother).click();
    await stand(wearing(who, 'bare'));
    await enrol(page, who.name.ko);
  }
  await stand(nobody);
  await goTo(page, '#/');
  for (const who of ENROLLED)
    for (const look of WORN)
      await test.step(`${who.id} in ${look}`, async () => {
        await stand(wearing(who, look));
        await expectDecided(page);
        // The page follows the greeting by itself.
        await expect(kioskRoot(page)).toHaveAttribute('data-phase', /greeted|page/);
        await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(who.name.ko);
        await endVisit(kiosk);
      });
  for (const stranger of STRANGERS)
    await test.step(`${stranger.id}, a stranger`, async () => {
      await stand(wearing(stranger, 'bare'));
      await expectDecided(page);
      await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'unknown');
      await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'no-match');
      await endVisit(kiosk);
    });
});
