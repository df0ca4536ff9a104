import type { BrowserContext, Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { drawHeldPicture, drawVisitor } from '../helpers/held-picture.ts';
import { expectPhase, kioskRoot, type OpenKiosk } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { nobody, type StageScene } from '../helpers/stage.ts';

/** The passive check at a greeting, with the shipped network: a rendered person, and their portrait on a drawn telephone. */

test.use({ disk: 'customer' });

const { id } = CUSTOMER.person;
const fullFrame = (file: string): StageScene => ({ pictures: [{ file, scale: 1.04 }] });

const decided = (page: Page) => expectPhase(page, /greeted|page|unknown|out-of-order/, 120_000);

/** Lets the visitor go, and waits until the kiosk invites the next one. */
async function leave({ page, stand }: OpenKiosk): Promise<void> {
  if ((await kioskRoot(page).getAttribute('data-phase')) !== 'unknown')
    await page.getByTestId(TEST_IDS.notMe).click();
  await expectPhase(page, 'unknown');
  await page.getByTestId(TEST_IDS.done).click();
  await stand(nobody);
  await expect(page.locator('[data-subject="attract"]')).toBeVisible();
}

/** Into `test-results/`, for eyes to judge. */
const photograph = (page: Page, name: string) =>
  page.screenshot({ path: test.info().outputPath(`${name}.png`), fullPage: true });

/** The set-up with the passive check on "require". */
async function requirePin(page: Page): Promise<void> {
  await goTo(page, '#/staff/setup');
  await openConsole(page);
  const next = () => page.getByTestId(STAFF_IDS.setUpNext).click();
  const step = (name: string) => expect(page.getByTestId(STAFF_IDS.setUp)).toHaveAttribute('data-step', name);
  const field = (name: string) =>
    page.getByTestId(STAFF_IDS.setUpField).and(page.locator(`[data-field="${name}"]`));
  await step('screen');
  await next();
  await step('camera');
  await next();
  await step('shop');
  for (const name of ['shopName', 'operator', 'officer', 'contact']) await field(name).fill('맑은 안경');
  await next();
  await step('asking');
  const choice = page.getByTestId(STAFF_IDS.setUpPassive);
  await expect(choice.locator('[value="off"]')).toBeChecked();
  await choice.locator('[value="require"]').check();
  await photograph(page, 'asking');
  await next();
  await step('test');
}

const damaged = (context: BrowserContext) =>
  context.route('**/rounz-passive-*/weights.bin', (route) => route.fulfill({ body: Buffer.alloc(1000) }));

test('passive check: a person is greeted and their portrait on a telephone is not, once the set-up requires it @long', async ({
  openKiosk,
}, info) => {
  const person = fullFrame(await drawVisitor(id, 'bare', info.outputPath('person.png')));
  const telephone = fullFrame(await drawHeldPicture(id, 'phone', info.outputPath('telephone.png')));
  const kiosk = await openKiosk({ camera: { kind: 'stage', scene: nobody } });
  const { page, stand } = kiosk;

  await test.step('off: the portrait is greeted, and nothing of the check was asked for', async () => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await stand(telephone);
    await decided(page);
    await expect(kioskRoot(page)).toHaveAttribute('data-phase', /greeted|page/);
    expect(asked.filter((url) => url.includes('rounz-passive'))).toEqual([]);
    await leave(kiosk);
  });

  await requirePin(page);
  await goTo(page, '#/');

  await test.step('required: the person is greeted', async () => {
    await stand(person);
    await decided(page);
    await expect(kioskRoot(page)).toHaveAttribute('data-phase', /greeted|page/);
    await leave(kiosk);
  });

  await test.step('required: their portrait is asked for telephone and PIN, which open the page', async () => {
    await stand(telephone);
    await decided(page);
    await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'unknown');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'doubted');
    await photograph(page, 'doubted');
    await page.getByTestId(TEST_IDS.withoutFace).click();
    await expectPhase(page, 'lookup');
    await stand(nobody);
  });

  await test.step('health counts it, and staff are told', async () => {
    await goTo(page, '#/staff/health');
    await openConsole(page);
    const fact = page.getByTestId(STAFF_IDS.healthPassive);
    await expect(fact).toHaveAttribute('data-state', 'ready');
    await expect(fact).toHaveAttribute('data-doubted', '1');
    await expect(
      page.getByTestId(STAFF_IDS.healthWarning).and(page.locator('[data-code="face-doubted"]')),
    ).toBeVisible();
    await photograph(page, 'health');
  });
});

test('passive check: a damaged file is told in health, and where it is required nobody is greeted by face alone @long', async ({
  openKiosk,
}, info) => {
  const person = fullFrame(await drawVisitor(id, 'bare', info.outputPath('person.png')));
  const kiosk = await openKiosk({ camera: { kind: 'stage', scene: nobody }, prepare: damaged });
  const { page, stand } = kiosk;
  await requirePin(page);
  await goTo(page, '#/');
  await stand(person);
  await decided(page);
  await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'doubted');
  await stand(nobody);
  await goTo(page, '#/staff/health');
  await openConsole(page);
  await expect(page.getByTestId(STAFF_IDS.healthPassive)).toHaveAttribute('data-state', 'failed');
});
