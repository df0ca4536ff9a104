import { availableParallelism } from 'node:os';
import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';

/** The recogniser on several threads of WASM, under the shipped content security policy, and on one where they fail. */

test.use({ disk: 'customer' });
test.skip(availableParallelism() < 2, 'With one processor WASM has one thread.');

const camera = { kind: 'stage', scene: nobody } as const;
/** A race is run at the first start; on a busy machine it takes its time. */
const START = 120_000;

async function readHealth(page: Page) {
  await expectPhase(page, 'attract', START);
  await goTo(page, '#/staff/health');
  await openConsole(page);
  const race = page.getByTestId(TEST_IDS.healthRace);
  await expect(race).toBeVisible();
  return (await race.textContent()) ?? '';
}

test('vision: one and two threads of WASM are raced on the real network, and health says which won @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera });
  const race = await readHealth(page);
  expect(race).toMatch(/WASM\(스레드 1개\) [\d.,]+ ms/);
  expect(race).toMatch(/WASM\(스레드 2개\) [\d.,]+ ms/);
  await expect(page.getByText(/WASM on (one thread|[24] threads) won/)).toBeVisible();
});

/** Runs in the vision worker before its program: its threads' script is not where it is looked for. */
const SCRIPT_GONE = `
  const Started = self.Worker;
  self.Worker = class extends Started {
    constructor(address) {
      super(address.replace('.worker.js', '-gone.worker.js'));
    }
  };
`;

test.describe('threads that do not come up', () => {
  test.use({ disk: 'empty', expectedErrors: [/gone|Failed to load|404/] });

  test('vision: threads whose script is missing leave the recogniser on one thread, and health says why @long', async ({
    openKiosk,
  }) => {
    const { page } = await openKiosk({
      camera,
      prepare: (context) =>
        context.route(/assets\/worker-[^/]+\.js$/, async (route) => {
          const response = await route.fetch();
          await route.fulfill({ response, body: `${SCRIPT_GONE}${await response.text()}` });
        }),
    });
    const race = await readHealth(page);
    expect(race).toContain('WASM(스레드 2개) 쓸 수 없음');
    const words = /WASM on one thread won.*WASM on 2 threads was out: .*a thread broke down/;
    await expect(page.getByText(words)).toBeVisible();
  });
});
