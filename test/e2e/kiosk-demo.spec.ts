import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { nobody, wearing } from '../helpers/stage.ts';

/** The demonstration's people have a database of their own. */
const present = wearing(CUSTOMER.person, 'bare');

test('demonstration: whom it enrols is a stranger to the kiosk @long', async ({ openKiosk }) => {
  const demo = await openKiosk({ camera: { kind: 'stage', scene: nobody }, path: '?camera=demo' });
  await expectPhase(demo.page, /greeted|page/, 180_000);
  await demo.close();
  const { page } = await openKiosk({ camera: { kind: 'stage', scene: present } });
  await expectPhase(page, 'unknown');
  const databases = await page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
  expect(databases).toEqual(expect.arrayContaining(['rounz-gallery', 'rounz-demo']));
});
