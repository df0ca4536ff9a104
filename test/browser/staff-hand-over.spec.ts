import { expect, type Page, test } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import type { FaceSpec } from '../kiosk/fakes.ts';

/** The PIN of the harness' lock (`FakeLock`). */
const PIN = '246813';
/** enrolled in the harness, and whom the face before the camera is taken for */
const ENROLLED = '이서준';

async function enterPin(page: Page): Promise<void> {
  await page.getByTestId(STAFF_IDS.pin).fill(PIN);
  await page.getByTestId(STAFF_IDS.pinSubmit).click();
}

/** Who stands before the scripted engine's camera: `who` is the axis of the embedding, see `fakes.ts`. */
const stand = (page: Page, scene: readonly FaceSpec[]) =>
  page.evaluate((faces) => {
    const { harness } = window as unknown as { harness: { engine: { scene: readonly FaceSpec[] } } };
    harness.engine.scene = faces;
  }, scene);

async function handOver(page: Page, name: string): Promise<void> {
  await page.getByTestId(TEST_IDS.enrolName).fill(name);
  await page.getByTestId(TEST_IDS.enrolStart).click();
  await page.getByTestId(STAFF_IDS.ofAge).click();
  await page.getByTestId(STAFF_IDS.agree).click();
}

test('hand-over: pictures are saved, and a duplicate is named, only once staff have entered their PIN @long', async ({
  page,
}) => {
  await page.goto(`${process.env['HARNESS_URL']}#/staff/enrol`);
  const lock = page.getByTestId(STAFF_IDS.lockScreen);
  await expect(lock).toHaveAttribute('data-lock', 'first-run');
  await enterPin(page);
  await enterPin(page);
  const enrolment = page.getByTestId(TEST_IDS.enrolment);
  await stand(page, [{ who: 5 }]);

  await test.step('somebody new', async () => {
    await handOver(page, '박지우');
    await expect(page.getByTestId(STAFF_IDS.pin)).toBeVisible();
    await expect(lock).toHaveAttribute('data-lock', 'locked');
    await expect(page.getByTestId(TEST_IDS.staffTabPeople)).toHaveCount(0);
    await enterPin(page);
    await expect(enrolment).toHaveAttribute('data-phase', 'saved');
  });

  await test.step('somebody who is enrolled already', async () => {
    await page.getByTestId(TEST_IDS.enrolAnother).click();
    await stand(page, [{ who: 1 }]);
    await handOver(page, '최하늘');
    await expect(page.getByTestId(STAFF_IDS.pin)).toBeVisible();
    await expect(page.getByTestId(TEST_IDS.staff)).not.toContainText(ENROLLED);
    await enterPin(page);
    await expect(enrolment).toHaveAttribute('data-phase', 'duplicate');
    await expect(page.getByTestId(TEST_IDS.enrolDuplicateName)).toContainText(ENROLLED);
  });
});
