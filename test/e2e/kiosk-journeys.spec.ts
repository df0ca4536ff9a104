import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot, type OpenKiosk } from '../helpers/kiosk.ts';
import { nobody, showing, wearing } from '../helpers/stage.ts';

/**
 * The three ways through the kiosk, each in both languages, by touch and by keys alone. A customer is enrolled first,
 * by staff: the built kiosk, its recogniser and its gallery are the real ones.
 */
test.use({ disk: 'customer' });

type Language = 'ko' | 'en';
type Hand = 'touch' | 'keys';
type Way = readonly [Language, Hand];
/** A journey is made in each language and by each hand once; those by face and by telephone make the four pairs between them. */
const BY_FACE: readonly Way[] = [
  ['ko', 'touch'],
  ['en', 'keys'],
];
const BY_TELEPHONE: readonly Way[] = [
  ['en', 'touch'],
  ['ko', 'keys'],
];

const person = (id: string) => RENDERED_PEOPLE.find((one) => one.id === id)!;
const { person: customer, access: ACCESS } = CUSTOMER;
/** Nobody's. */
const stranger = person('oh-jaeho');

const testId = (id: string, key?: [string, string]) =>
  `[data-testid="${id}"]${key ? `[data-${key[0]}="${key[1]}"]` : ''}`;

/** Works a control as that hand does. By keys: Tab until it has the focus, then Enter. */
async function use(page: Page, hand: Hand, selector: string): Promise<void> {
  await expect(page.locator(selector).first()).toBeVisible();
  if (hand === 'touch') return page.locator(selector).first().tap();
  for (let step = 0; step < 60; step++) {
    const reached = await page.evaluate(
      (wanted) => document.activeElement?.matches(wanted) ?? false,
      selector,
    );
    if (reached) return page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
  }
  throw new Error(`${selector} cannot be reached by Tab.`);
}

async function type(page: Page, hand: Hand, digits: string): Promise<void> {
  if (hand === 'keys') return page.keyboard.type(digits);
  for (const digit of digits) await use(page, hand, testId(TEST_IDS.key, ['key', digit]));
}

/** A visitor's choice, made on the screen. */
async function speak(page: Page, hand: Hand, language: Language): Promise<void> {
  if ((await page.locator('html').getAttribute('lang')) === language) return;
  await use(page, hand, testId(TEST_IDS.language));
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

const frame = (page: Page, id: string) => page.locator(testId(TEST_IDS.frame, ['frame', id]));

/** The kiosk waits for whoever comes next. */
const invites = (page: Page) => expect(page.locator('[data-subject="attract"]')).toBeVisible();

test('journey by face: a shopper is found, saves a frame, finds it again, and leaves an empty screen @long', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk({ camera: { kind: 'stage', scene: nobody } });
  const { page } = kiosk;
  const frames = ['jeju-sun', 'haneul-hexagon'];
  for (const [index, [language, hand]] of BY_FACE.entries())
    await test.step(`${language}, by ${hand}`, async () => {
      await expectPhase(page, 'attract');
      await invites(page);
      await speak(page, hand, language);
      await kiosk.stand(wearing(customer, 'glasses'));
      await expectPhase(page, /greeted|page/);
      if ((await kioskRoot(page).getAttribute('data-phase')) === 'greeted')
        await use(page, hand, testId(TEST_IDS.openPage)).catch(() => {});
      await expectPhase(page, 'page');
      await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(customer.name.ko);
      await expect(page.getByTestId(TEST_IDS.headline)).toContainText(
        language === 'ko' ? '어서 오세요' : 'Welcome',
      );
      for (const saved of frames.slice(0, index))
        await expect(frame(page, saved)).toHaveAttribute('data-saved', 'true');
      await use(page, hand, testId(TEST_IDS.frame, ['frame', frames[index]!]));
      await expect(frame(page, frames[index]!)).toHaveAttribute('data-saved', 'true');
      if (index === 0) await use(page, hand, testId(TEST_IDS.done));
      else await clearsByItself(kiosk);
      await expectPhase(page, 'attract');
      await kiosk.stand(nobody);
      await expect(page.locator('body')).not.toContainText(customer.name.ko);
      await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    });
});

/** The customer walks away without a touch. How soon it is, the session's tests say, and `npm run bench` measures. */
async function clearsByItself({ page, stand }: OpenKiosk): Promise<void> {
  await stand(nobody);
  await expect(kioskRoot(page)).not.toHaveAttribute('data-phase', /greeted|page/);
  await expect(page.locator('body')).not.toContainText(customer.name.ko);
}

test('journey by telephone: a shopper without a face reaches the same page by number and PIN @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: { kind: 'stage', scene: nobody } });
  for (const [index, [language, hand]] of BY_TELEPHONE.entries())
    await test.step(`${language}, by ${hand}`, async () => {
      await expectPhase(page, 'attract');
      await speak(page, hand, language);
      await use(page, hand, testId(TEST_IDS.withoutFace));
      await expectPhase(page, 'lookup');
      await type(page, hand, ACCESS.telephone);
      await type(page, hand, index === 0 ? '9999' : ACCESS.pin);
      await use(page, hand, testId(TEST_IDS.lookupFind));
      if (index === 0) {
        await expect(page.getByTestId(TEST_IDS.lookupProblem)).not.toBeEmpty();
        await type(page, hand, ACCESS.pin);
        await use(page, hand, testId(TEST_IDS.lookupFind));
      }
      await expectPhase(page, 'page');
      await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(customer.name.ko);
      if (index > 0) await expect(frame(page, 'jongno-brow')).toHaveAttribute('data-saved', 'true');
      else await use(page, hand, testId(TEST_IDS.frame, ['frame', 'jongno-brow']));
      await expect(frame(page, 'jongno-brow')).toHaveAttribute('data-saved', 'true');
      await use(page, hand, testId(TEST_IDS.done));
      await expectPhase(page, 'attract');
    });
  await test.step('is forgotten on request', async () => {
    await use(page, 'touch', testId(TEST_IDS.withoutFace));
    await type(page, 'keys', ACCESS.telephone + ACCESS.pin);
    await use(page, 'touch', testId(TEST_IDS.lookupFind));
    await use(page, 'touch', testId(TEST_IDS.forget));
    await use(page, 'touch', testId(TEST_IDS.forgetConfirm));
    await expectPhase(page, 'confirm');
    await type(page, 'touch', '9999');
    await use(page, 'touch', testId(TEST_IDS.confirmSend));
    await expect(page.getByTestId(TEST_IDS.confirmProblem)).toHaveAttribute('data-status', 'wrong');
    await type(page, 'touch', ACCESS.pin);
    await use(page, 'touch', testId(TEST_IDS.confirmSend));
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'forgotten');
    await expectPhase(page, 'attract');
    await use(page, 'touch', testId(TEST_IDS.withoutFace));
    await type(page, 'keys', ACCESS.telephone + ACCESS.pin);
    await use(page, 'touch', testId(TEST_IDS.lookupFind));
    await expect(page.getByTestId(TEST_IDS.lookupProblem)).not.toBeEmpty();
  });
});

test('journey of an impostor: a picture of a customer erases nothing; the PIN is asked, and the face must still be theirs @long', async ({
  openKiosk,
}) => {
  const kiosk = await openKiosk({ camera: showing(customer, 'glasses') });
  const { page } = kiosk;
  await expectPhase(page, /greeted|page/);
  await expectPhase(page, 'page');
  const problem = page.getByTestId(TEST_IDS.confirmProblem);
  const forget = async (pin: string) => {
    await type(page, 'touch', pin);
    await use(page, 'touch', testId(TEST_IDS.confirmSend));
  };
  await use(page, 'touch', testId(TEST_IDS.forget));
  await use(page, 'touch', testId(TEST_IDS.forgetConfirm));
  await forget('9999');
  await expect(problem).toHaveAttribute('data-status', 'wrong');
  // Whoever knows the PIN and is another person gets nothing erased either.
  await kiosk.stand(wearing(stranger, 'bare'));
  await forget(ACCESS.pin);
  await expect(async () => {
    const phase = await kioskRoot(page).getAttribute('data-phase');
    if (phase === 'confirm')
      await expect(problem).toHaveAttribute('data-status', /other|unseen/, { timeout: 1_000 });
    else expect(phase).toMatch(/looking|deciding|unknown/);
  }).toPass();
  await kiosk.stand(nobody);
  await expectPhase(page, 'attract');
  await kiosk.stand(wearing(customer, 'glasses'));
  await expectPhase(page, /greeted|page/);
  await expectPhase(page, 'page');
  await use(page, 'touch', testId(TEST_IDS.forget));
  await use(page, 'touch', testId(TEST_IDS.forgetConfirm));
  await forget(ACCESS.pin);
  await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'forgotten');
});

test('journey of a stranger: they are told that they are unknown, and have two ways on @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: { kind: 'stage', scene: wearing(stranger, 'bare') } });
  for (const [language, hand] of BY_FACE)
    await test.step(`${language}, by ${hand}`, async () => {
      await expectPhase(page, 'unknown');
      await speak(page, hand, language);
      await use(page, hand, testId(TEST_IDS.join));
      await expect(page.getByTestId(TEST_IDS.staffCallBanner)).toBeVisible();
      await use(page, hand, testId(TEST_IDS.staffCallCancel));
      await expect(page.getByTestId(TEST_IDS.staffCallBanner)).toHaveCount(0);
      await use(page, hand, testId(TEST_IDS.withoutFace));
      await expectPhase(page, 'lookup');
      await use(page, hand, testId(TEST_IDS.lookupBack));
      await expectPhase(page, 'attract');
      await use(page, hand, testId(TEST_IDS.tryAgain));
    });
});
