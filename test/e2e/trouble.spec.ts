import { join } from 'node:path';
import type { QualityIssue } from '@rounz/core/face/face.ts';
import { headers } from '../../scripts/lib/headers.mjs';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import ko from '../../src/ui/i18n/ko.json' with { type: 'json' };
import { lookOf, RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { NO_ADDRESS_BAR } from '../helpers/flags.ts';
import { beginEnrolment, enrol, expectPhase, kioskRoot } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { nobody, type StageScene, showing } from '../helpers/stage.ts';
import { StaticServer } from '../helpers/static-server.ts';

const DIST = join(import.meta.dirname, '../../dist');
const [first, second] = [RENDERED_PEOPLE[0]!, RENDERED_PEOPLE[1]!];
const bare = lookOf(first, 'bare');
const present = showing(first);

test.describe('without a picture', () => {
  test('no camera: says so and offers a way on @long', async ({ openKiosk }) => {
    const { page } = await openKiosk({ camera: { kind: 'none' } });
    await expectPhase(page, 'out-of-order');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'no-camera');
    await expect(page.getByTestId(TEST_IDS.retry)).toBeVisible();
    await expect(page.getByTestId(TEST_IDS.staffCall)).toBeVisible();
  });

  test('permission refused: says so and offers a way on @long', async ({ openKiosk }) => {
    const { page } = await openKiosk({ camera: { kind: 'refused' } });
    await expectPhase(page, 'out-of-order');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'permission-refused');
    await expect(page.getByTestId(TEST_IDS.retry)).toBeVisible();
  });
});

test('insecure address: staff are told to use https, and not to leave a private window @long', async ({
  playwright,
}) => {
  const server = new StaticServer(DIST, headers('shipped'));
  await server.plugIn();
  const browser = await playwright.chromium.launch({
    ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}),
    args: ['--no-sandbox', NO_ADDRESS_BAR, '--host-resolver-rules=MAP kiosk.shop.test localhost'],
  });
  try {
    const page = await browser.newPage();
    await page.goto(server.address.replace('localhost', 'kiosk.shop.test'));
    await expectPhase(page, 'out-of-order');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'insecure-address');
    await expect(page.getByText(ko.outOfOrder['insecure-address'].staff)).toBeVisible();
  } finally {
    await browser.close();
    await server.unplug();
  }
});

test('kiosk: a shopper whose picture is not good enough is told why @long', async ({ openKiosk }) => {
  const { page, stand } = await openKiosk({ camera: { kind: 'stage', scene: nobody } });
  await expectPhase(page, 'attract');

  await test.step('several faces: serves the nearest and marks the others', async () => {
    await stand({
      pictures: [
        { file: bare, x: 0.28, scale: 0.85 },
        { file: lookOf(second, 'bare'), x: 0.78, scale: 0.6 },
      ],
    });
    await expectPhase(page, /looking|deciding|unknown/);
    await expect(kioskRoot(page)).toHaveAttribute('data-faces', '2');
    await expect(page.getByTestId(TEST_IDS.servedFace)).toBeVisible();
    await expect(page.getByTestId(TEST_IDS.otherFace).first()).toBeVisible();
  });

  for (const [hint, scene] of [
    ['too-dark', { pictures: [{ file: bare }], light: 0.09 }],
    ['too-far', { pictures: [{ file: bare, scale: 0.24 }] }],
  ] as const)
    await test.step(hint, async () => {
      await stand(nobody);
      await expect(page.locator('[data-subject="attract"]')).toBeVisible();
      await stand(scene);
      await expectPhase(page, /looking|deciding/);
      await expect(kioskRoot(page)).toHaveAttribute('data-hint', hint);
      await expect(page.getByTestId(TEST_IDS.hint)).toBeVisible();
    });
});

test('enrolment: says in words and in a drawing what is wrong with the picture, and takes none @long', async ({
  openKiosk,
}) => {
  const wrong = {
    'no-face': nobody,
    'several-faces': {
      pictures: [
        { file: bare, x: 0.3, scale: 0.75 },
        { file: lookOf(second, 'bare'), x: 0.72, scale: 0.75 },
      ],
    },
    'too-far': { pictures: [{ file: bare, scale: 0.3 }] },
    'off-centre': { pictures: [{ file: bare, x: 0.15, scale: 0.7 }] },
    'too-dark': { pictures: [{ file: bare }], light: 0.2 },
    blurred: { pictures: [{ file: bare }], blur: 6 },
  } satisfies Partial<Record<QualityIssue, StageScene>>;
  const { page, stand } = await openKiosk({
    camera: { kind: 'stage', scene: nobody },
    path: '#/staff/enrol',
  });
  const enrolment = await beginEnrolment(page, first.name.ko);
  const said = new Set<string>();
  for (const [hint, scene] of Object.entries(wrong)) {
    await stand(scene);
    await expect(enrolment).toHaveAttribute('data-hint', hint);
    await expect(page.locator(`[data-hint="${hint}"] svg`).first()).toBeVisible();
    said.add((await page.getByTestId(TEST_IDS.enrolHint).textContent()) ?? '');
  }
  expect(said.size).toBe(Object.keys(wrong).length);
  await expect(enrolment).toHaveAttribute('data-accepted', '0');
});

test.describe('damage', () => {
  test.describe('a model file that does not hash', () => {
    test.use({ expectedErrors: [/./] });
    test('is refused, and the kiosk says so @long', async ({ openKiosk }) => {
      const { page } = await openKiosk({
        camera: present,
        prepare: (context) =>
          context.route(/models\/(?!detector)[^/]+\/weights-00\.bin$/, async (route) => {
            const response = await route.fetch();
            const bytes = await response.body();
            bytes[1000]! ^= 1;
            await route.fulfill({ response, body: bytes });
          }),
      });
      await expectPhase(page, 'out-of-order');
      await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'model-corrupt');
      await expect(page.getByTestId(TEST_IDS.staffCall)).toBeVisible();
    });
  });

  test.describe('of a gallery record', () => {
    test.use({ disk: 'customer' });
    test('is reported, and the others survive @long', async ({ openKiosk }) => {
      const before = await openKiosk({ camera: { kind: 'none' }, path: '#/staff' });
      await openConsole(before.page);
      await expect(before.page.getByTestId(TEST_IDS.person)).toHaveCount(1);
      await before.page.evaluate(damageEveryIdentity);
      const { page } = await openKiosk({
        camera: showing(second),
        path: '#/staff/enrol',
      });
      await enrol(page, second.name.ko);
      await goTo(page, '#/staff');
      await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(1);
      await expect(page.getByTestId(TEST_IDS.person)).toHaveAttribute('data-name', second.name.ko);
      await expect(page.getByTestId(TEST_IDS.damaged)).toHaveCount(1);
    });
  });
});

/** Runs in the page: flips the last byte of every sealed identity, behind the application's back. */
async function damageEveryIdentity(): Promise<void> {
  const promised = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  const database = await promised(indexedDB.open('rounz-gallery'));
  const identities = database.transaction('identities', 'readwrite').objectStore('identities');
  for (const record of (await promised(identities.getAll())) as { sealed: Uint8Array }[]) {
    record.sealed[record.sealed.length - 1]! ^= 1;
    await promised(identities.put(record));
  }
  database.close();
}
