import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { headers } from '../../scripts/lib/headers.mjs';
import { expectPhase, KioskMachine } from '../helpers/kiosk.ts';
import { nobody } from '../helpers/stage.ts';
import { StaticServer } from '../helpers/static-server.ts';
import { settled } from '../helpers/versions.ts';
import { shoot } from './serves.ts';

/** The service worker broken, taken away and back. New, older and broken versions are in `offline.spec.ts`. */

const DIST = join(import.meta.dirname, '../../dist');

test('fault: service worker broken or gone; the kiosk starts all the same', async () => {
  test.setTimeout(480_000);
  const server = new StaticServer(DIST, headers('shipped'));
  await server.plugIn();
  const machine = new KioskMachine(server.address);
  const open = () => machine.open({ camera: { kind: 'stage', scene: nobody }, keepsItself: true });
  try {
    const { page } = await open();
    await expectPhase(page, 'attract');
    await settled(page, { onTrial: false });

    await test.step('a broken program on the server does not take the place of the one that works', async () => {
      server.lay(new Map([['sw.js', 'throw new Error("injected");']]));
      const again = await open();
      await expectPhase(again.page, 'attract');
      await shoot(again.page, 'service worker broken');
      expect(await again.page.evaluate(() => Boolean(navigator.serviceWorker.controller))).toBe(true);
    });

    await test.step('unregistered, the kiosk starts from the network and is kept again', async () => {
      server.lay(new Map());
      const again = await open();
      await expectPhase(again.page, 'attract');
      await again.page.evaluate(async () => {
        for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
      });
      await again.page.reload();
      await expectPhase(again.page, 'attract');
      await settled(again.page, { onTrial: false });
    });
  } finally {
    await machine.dispose();
    await server.unplug();
  }
});
