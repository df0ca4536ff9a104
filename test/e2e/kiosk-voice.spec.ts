import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { nobody, wearing } from '../helpers/stage.ts';

/** Spoken guidance, with a synthesiser that notes what it is given in place of the system's, which headless browsers lack. */
test.use({ disk: 'customer' });

const customer = CUSTOMER.person;
const present = wearing(customer, 'glasses');

interface Spoken {
  readonly text: string;
  readonly lang: string;
  readonly voice: string;
  readonly volume: number;
  readonly rate: number;
}
interface Synthesiser {
  /** everything that was said, in order */
  readonly spoken: readonly Spoken[];
  /** what is being said now; null after a `cancel` */
  readonly now: Spoken | null;
}

/** Runs in the page. The first voice of each language is synthesised on a server, as some browsers' are; it must not be used. */
function speakInto(languages: readonly string[]): void {
  const voices = languages.flatMap((lang) => [
    { name: `far ${lang}`, lang, localService: false },
    { name: `near ${lang}`, lang, localService: true },
  ]);
  const synthesiser: { spoken: object[]; now: object | null } = { spoken: [], now: null };
  class Utterance {
    readonly text: string;
    constructor(text: string) {
      this.text = text;
    }
  }
  const speech = {
    getVoices: () => voices,
    cancel: () => {
      synthesiser.now = null;
    },
    speak: (utterance: Utterance & { voice: { name: string } }) => {
      synthesiser.now = { ...utterance, voice: utterance.voice.name };
      synthesiser.spoken.push(synthesiser.now);
    },
  };
  Object.assign(window, { SpeechSynthesisUtterance: Utterance, synthesiser });
  Object.defineProperty(window, 'speechSynthesis', { value: speech });
}

const synthesiser = (page: Page) =>
  page.evaluate(() => (window as unknown as { synthesiser: Synthesiser }).synthesiser);
const caption = (page: Page) => page.getByTestId(TEST_IDS.caption);

/** What is said now is what is written. */
async function expectSaid(page: Page, as: Partial<Spoken>): Promise<void> {
  await expect(caption(page)).not.toBeEmpty();
  await expect
    .poll(async () => (await synthesiser(page)).now)
    .toMatchObject({ text: (await caption(page).textContent()) ?? '', ...as });
}

test('voice: it says what the captions say, in the visitor’s language, volume and pace, and only if it is wanted @long', async ({
  openKiosk,
}) => {
  const { page, stand } = await openKiosk({
    camera: { kind: 'stage', scene: nobody },
    prepare: (context) => context.addInitScript(speakInto, ['ko-KR', 'en-US']),
  });
  await expectPhase(page, 'attract');

  await test.step('an empty shop is not spoken to, but has captions', async () => {
    expect((await synthesiser(page)).spoken).toEqual([]);
    await expect(caption(page)).not.toBeEmpty();
  });

  await test.step('somebody comes: Korean, by the voice of this device, at the usual volume and pace', async () => {
    await stand(present);
    await expectPhase(page, 'page');
    await expectSaid(page, { lang: 'ko-KR', voice: 'near ko-KR', volume: 0.6, rate: 1 });
  });

  await test.step('in English, louder and faster, as chosen on the screen', async () => {
    await page.getByTestId(TEST_IDS.language).tap();
    await expectSaid(page, { lang: 'en-US', voice: 'near en-US', volume: 0.6, rate: 1 });
    await page.getByTestId(TEST_IDS.settings).tap();
    await page.getByTestId(TEST_IDS.settingVolume).getByText('Louder').tap();
    await page.getByTestId(TEST_IDS.settingPace).getByText('Faster').tap();
    await expect.poll(async () => (await synthesiser(page)).now?.volume).toBeGreaterThan(0.6);
    await expect.poll(async () => (await synthesiser(page)).now?.rate).toBeGreaterThan(1);
  });

  await test.step('switched off: silent at once and for the rest of the visit, with captions', async () => {
    await page.getByTestId(TEST_IDS.settingVoice).getByText('Off').tap();
    await expect.poll(async () => (await synthesiser(page)).now).toBeNull();
    await page.getByTestId(TEST_IDS.settingsClose).tap();
    const before = (await synthesiser(page)).spoken.length;
    await page.getByTestId(TEST_IDS.notMe).tap();
    await expectPhase(page, 'unknown');
    await expect(caption(page)).not.toBeEmpty();
    expect((await synthesiser(page)).spoken).toHaveLength(before);
  });

  await test.step('the next visitor is spoken to again, and whoever leaves is not spoken after', async () => {
    await stand(nobody);
    await expectPhase(page, 'attract');
    await expect(page.locator('html')).toHaveAttribute('lang', 'ko');
    await stand(present);
    await expectPhase(page, /greeted|page/);
    await expectSaid(page, { lang: 'ko-KR', volume: 0.6, rate: 1 });
    await stand(nobody);
    await expectPhase(page, 'attract');
    await expect.poll(async () => (await synthesiser(page)).now).toBeNull();
  });

  await test.step('no name was ever said aloud', async () => {
    const { spoken } = await synthesiser(page);
    expect(spoken.length).toBeGreaterThan(4);
    expect(spoken.filter(({ text }) => text.includes(customer.name.ko))).toEqual([]);
  });
});

test('voice: without one for the language nothing is said, and the settings say so @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({
    camera: { kind: 'stage', scene: present },
    prepare: (context) => context.addInitScript(speakInto, ['en-US']),
  });
  await expectPhase(page, 'page');
  await expect(caption(page)).not.toBeEmpty();
  expect((await synthesiser(page)).spoken).toEqual([]);
  await page.getByTestId(TEST_IDS.settings).tap();
  await expect(page.getByTestId(TEST_IDS.settingsDialog)).toContainText('이 기기에 음성이 없어');
});

test('voice: to whoever comes near it says where the kiosk is, the way without a face and the call for staff @long', async ({
  openKiosk,
}) => {
  const { page, stand } = await openKiosk({
    camera: { kind: 'stage', scene: nobody },
    prepare: (context) => context.addInitScript(speakInto, ['ko-KR']),
    answers: true,
  });
  await expectPhase(page, 'attract');
  expect((await synthesiser(page)).spoken).toEqual([]);
  await stand(present);
  await expectPhase(page, 'consent');
  const said = async () => (await synthesiser(page)).now?.text ?? '';
  await expect.poll(said).toMatch(/바로 앞에 안경점 키오스크가 있습니다/);
  expect(await said()).toMatch(
    /얼굴 없이 이용하는 버튼은 화면 (한가운데|오른쪽 가운데|오른쪽 아래|아래쪽 가운데)/,
  );
  expect(await said()).toContain('직원 호출은 화면 왼쪽 아래에 있습니다');
  expect(await said()).toContain((await caption(page).textContent())!);
});
