import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page, test } from '@playwright/test';
import { headers } from '../../scripts/lib/headers.mjs';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { envelopeSchema, type Release, releaseSchema } from '../../src/sw/release.ts';
import ko from '../../src/ui/i18n/ko.json' with { type: 'json' };
import { startOf, watchFirstScreen } from '../helpers/first-screen.ts';
import { expectPhase, KioskMachine, type OpenOptions } from '../helpers/kiosk.ts';
import { SET_UP_FILE } from '../helpers/set-up.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { StaticServer } from '../helpers/static-server.ts';
import { settled, versions } from '../helpers/versions.ts';
import { shoot } from './serves.ts';

/** The real service worker: a start without a network, a new version, and a bad one that goes back. */

const DIST = join(import.meta.dirname, '../../dist');
const nobody = { kind: 'clip', scenes: [{ seconds: 1, pictures: [] }] } as const;

const read = (path: string) => readFileSync(join(DIST, path), 'utf8');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const shipped = () =>
  releaseSchema.parse(JSON.parse(envelopeSchema.parse(JSON.parse(read('version.json'))).release));

/** A file of a recogniser that this kiosk does not use: no server has it, so a version that asked for it would not be taken. */
const UNUSED = {
  path: 'models/unused-1.0/weights-00.bin',
  bytes: 1,
  sha256: sha256('unused'),
  models: ['unused'],
};

/** A version of its own: the shipped one with another start page, and files that the page needs. */
function version(index: string, over: Partial<Release>, more: ReadonlyMap<string, string> = new Map()) {
  const changed = new Map([['index.html', index], ...more]);
  const kept = shipped().files.filter(({ path }) => !changed.has(path));
  const files = [
    ...kept,
    UNUSED,
    ...[...changed].map(([path, text]) => ({ path, bytes: Buffer.byteLength(text), sha256: sha256(text) })),
  ];
  const name = sha256(files.map(({ path, sha256: hash }) => `${hash} ${path}`).join()).slice(0, 16);
  const release = { ...shipped(), version: name, files, ...over };
  const envelope = { format: 2, release: JSON.stringify(release), signature: null };
  // The route that gives other tests their set-up code does not reach what a service worker fetches.
  const served = [
    ['version.json', JSON.stringify(envelope)],
    ['setup.json', SET_UP_FILE],
  ] as const;
  return { name, files: new Map([...changed, ...served]) };
}

/** Headers of a file that all versions share, as the page is answered. */
const sharedFile = (page: Page) =>
  page.evaluate(async () => Object.fromEntries((await fetch('icons/icon.svg')).headers));

test('service worker: starts without a network, takes a new version when idle, and goes back from a bad one', async () => {
  test.setTimeout(480_000);
  const server = new StaticServer(DIST, headers('shipped'));
  await server.plugIn();
  const machine = new KioskMachine(server.address);
  const open = (prepare?: OpenOptions['prepare']) =>
    machine.open({
      camera: nobody,
      path: '?update=soon',
      keepsItself: true,
      ...(prepare ? { prepare } : {}),
    });
  try {
    const first = shipped().version;
    await test.step('the first load keeps the kiosk, models included', async () => {
      const { page } = await open();
      await expectPhase(page, 'attract');
      await settled(page, { current: first, onTrial: false });
    });

    await test.step('the network is unplugged: it starts all the same, with the attract screen first', async () => {
      await server.unplug();
      const { page } = await open((context) => context.addInitScript(watchFirstScreen));
      await expectPhase(page, 'attract');
      const { subject, headline } = await startOf(page);
      expect({ subject, headline }).toEqual({ subject: 'attract', headline: ko.attract.title });
      await expect(page.getByTestId(TEST_IDS.headline)).toHaveText(headline);
    });

    const next = (title: string, over: Partial<Release>) =>
      version(read('index.html').replace('<title>ROUNZ</title>', `<title>${title}</title>`), over);
    await test.step('an older version is not taken, and staff can read why', async () => {
      server.lay(next('ROUNZ 0', { sequence: shipped().sequence - 1 }).files);
      await server.plugIn();
      const { page } = await open();
      await expectPhase(page, 'attract');
      await goTo(page, '#/staff/health');
      await openConsole(page);
      await expect(page.getByText(/is not newer than/).first()).toBeVisible();
      await settled(page, { current: first, candidate: null });
    });

    const second = next('ROUNZ 2', {
      sequence: shipped().sequence + 1,
      headers: { ...shipped().headers, 'Referrer-Policy': 'same-origin' },
    });
    await test.step('a new version is taken by an idle kiosk, without a touch', async () => {
      server.lay(second.files);
      const { page } = await open();
      await expect(page).toHaveTitle('ROUNZ 2', { timeout: 120_000 });
      await expectPhase(page, 'attract');
      await settled(page, { current: second.name, previous: first, onTrial: false });
      // The new version's headers, and not those with which the file was downloaded before.
      expect(await sharedFile(page)).toMatchObject({
        'referrer-policy': 'same-origin',
        'cross-origin-embedder-policy': 'require-corp',
        'content-type': 'image/svg+xml',
      });
    });

    await test.step('a version that does not start is taken back and let alone', async () => {
      const broken = version(
        '<!doctype html><title>ROUNZ 3</title><script type="module" src="./assets/broken.js"></script>',
        { trial: 5, sequence: shipped().sequence + 2 },
        new Map([['assets/broken.js', 'document.body.append("broken");']]),
      );
      server.lay(broken.files);
      const { page } = await open();
      await expect(page).toHaveTitle('ROUNZ 3', { timeout: 120_000 });
      await expect(page).toHaveTitle('ROUNZ 2', { timeout: 60_000 });
      await expectPhase(page, 'attract');
      await shoot(page, 'service worker replaced by a bad one');
      await settled(page, { current: second.name, onTrial: false });
      expect((await versions(page))?.refused).toMatchObject([{ version: broken.name }]);
    });
  } finally {
    await machine.dispose();
    await server.unplug();
  }
});
