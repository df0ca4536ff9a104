import { TEST_IDS } from '../../src/state/test-ids.ts';
import { type Look, RENDERED_PEOPLE, standing } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot } from '../helpers/kiosk.ts';

const person = (id: string) => {
  const found = RENDERED_PEOPLE.find((one) => one.id === id);
  if (!found) throw new Error(`There is no rendered person ${id} among the fixtures.`);
  return found;
};
const ENROLLED = ['seo-jiwoo', 'park-minjun', 'kim-yeonghee'].map(person);
/** The other three look like one of the enrolled to the recogniser: see the model card. */
const STRANGERS = ['jung-taesik', 'oh-jaeho'].map(person);
const WORN: readonly Look[] = ['glasses', 'sunglasses', 'cap'];

const clip = (...scene: Parameters<typeof standing>) =>
  ({ kind: 'clip', scenes: standing(...scene) }) as const;

test('people enrolled bare are greeted by name whatever they wear; strangers are told so', async ({
  openKiosk,
}) => {
  test.setTimeout(600_000);
  for (const person of ENROLLED) {
    const { page } = await openKiosk({ camera: clip(person, 'bare'), path: '#/staff/enrol' });
    await enrol(page, person.name.ko);
  }
  for (const person of ENROLLED)
    for (const look of WORN)
      await test.step(`${person.id} in ${look}`, async () => {
        const { page } = await openKiosk({ camera: clip(person, look) });
        await expectPhase(page, /greeted|page|unknown|out-of-order/);
        // The page follows the greeting by itself.
        await expect(kioskRoot(page)).toHaveAttribute('data-phase', /greeted|page/);
        await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(person.name.ko);
      });
  for (const stranger of STRANGERS)
    await test.step(`${stranger.id}, a stranger`, async () => {
      const { page } = await openKiosk({ camera: clip(stranger, 'bare') });
      await expectPhase(page, /greeted|page|unknown|out-of-order/);
      await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'unknown');
      await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'no-match');
    });
});
