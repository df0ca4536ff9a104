import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { headers } from '../../scripts/lib/headers.mjs';
import { writeSetUpCode } from '../../scripts/lib/set-up-code.mjs';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import ko from '../../src/ui/i18n/ko.json' with { type: 'json' };
import { KioskMachine } from '../helpers/kiosk.ts';
import { enterPin, lockScreen, STAFF_PIN } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';
import { StaticServer } from '../helpers/static-server.ts';

const DIST = join(import.meta.dirname, '../../dist');

test('set-up code: whoever comes first without it chooses no PIN @long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'set-up-'));
  const code = await writeSetUpCode(folder);
  const server = new StaticServer(DIST, headers('shipped'));
  server.lay(new Map([['setup.json', readFileSync(join(folder, 'setup.json'), 'utf8')]]));
  await server.plugIn();
  const machine = new KioskMachine(server.address);
  try {
    const { page } = await machine.open({
      camera: { kind: 'stage', scene: nobody },
      path: '#/staff',
      servesSetUpCode: true,
    });
    const lock = lockScreen(page);
    await expect(lock).toHaveAttribute('data-lock', 'first-run');
    for (const [typed, state] of [
      ['000000000000', 'first-run'],
      [code, 'open'],
    ] as const) {
      await expect(page.getByText(ko.staff.first.code)).toBeVisible();
      await enterPin(page, typed);
      for (const label of [ko.staff.first.choose, ko.staff.first.again]) {
        await expect(page.getByText(label)).toBeVisible();
        await enterPin(page, STAFF_PIN);
      }
      if (state === 'first-run') await expect(page.getByText(ko.staff.lock['wrong-code'])).toBeVisible();
      // Code and PIN are each stretched by 600,000 rounds.
      await expect(lock).toHaveAttribute('data-lock', state);
    }
  } finally {
    await machine.dispose();
    await server.unplug();
    rmSync(folder, { recursive: true });
  }
});

test('set-up code: where the installation has none nobody chooses a PIN @long', async ({ baseURL }) => {
  const machine = new KioskMachine(baseURL!);
  try {
    const { page } = await machine.open({
      camera: { kind: 'stage', scene: nobody },
      path: '#/staff',
      servesSetUpCode: true,
      prepare: (context) => context.route('**/setup.json', (route) => route.fulfill({ status: 404 })),
    });
    const firstRun = page.getByTestId(STAFF_IDS.firstRun);
    await expect(firstRun).toHaveAttribute('data-step', 'missing');
    await expect(page.getByTestId(STAFF_IDS.pin)).toHaveCount(0);
  } finally {
    await machine.dispose();
  }
});
