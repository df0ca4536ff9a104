import { TEST_IDS } from '../../src/state/test-ids.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { showing } from '../helpers/stage.ts';

test.use({ disk: 'customer' });

const customer = CUSTOMER.person;

test('start: a visitor who touches a kiosk that is not ready is asked to wait, and is then found without another touch @long', async ({
  openKiosk,
}) => {
  let goOn = () => {};
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { page } = await openKiosk({
    camera: showing(customer, 'glasses'),
    prepare: (context) =>
      context.route(/models\/(?!detector)[^/]+\/weights-00\.bin$/, async (route) => {
        await held;
        await route.continue();
      }),
  });
  const panel = (subject: string) => page.locator(`[data-subject="${subject}"]`);
  await expect(panel('attract')).toBeVisible();
  await expect(page.getByTestId(TEST_IDS.readiness)).toBeVisible();
  await expectPhase(page, 'starting');

  await test.step('a touch of something else is no wish to begin', async () => {
    const html = page.locator('html');
    await page.getByTestId(TEST_IDS.language).tap();
    await expect(html).toHaveAttribute('lang', 'en');
    await page.getByTestId(TEST_IDS.language).tap();
    // Kept, although the shop's own language may have become known between the two touches.
    await expect(html).toHaveAttribute('lang', 'ko');
    await expect(panel('attract')).toBeVisible();
  });

  await page.getByTestId(TEST_IDS.headline).tap();
  await expect(panel('awaited')).toBeVisible();
  await expect(page.getByTestId(TEST_IDS.caption)).toContainText('잠시만 기다려 주세요');
  goOn();
  await expectPhase(page, /greeted|page/);
  await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(customer.name.ko);
  await expect(page.getByTestId(TEST_IDS.readiness)).toHaveCount(0);
});
