import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot } from '../helpers/kiosk.ts';
import { TESTED_MODEL } from '../helpers/models.ts';
import { goTo, openConsole } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';

/**
 * The choice of a recogniser at set-up, between the lightest one and a copy of it under another name. One before them wants a graphics
 * device, and this browser shows none.
 */

const SHIPPED = TESTED_MODEL;
const MODELS = join(import.meta.dirname, '../../public/models');
const LISTED = [
  { name: 'first', folder: SHIPPED.folder },
  { name: 'second', folder: 'second-1.0' },
] as const;
const PASSED_OVER = { name: 'large', folder: 'large-1.0', wants: 'webgpu' } as const;
/** Seconds that a decision may take, as `stateConfig.modelChoice` says in milliseconds. */
const LIMIT = 1.5;
const camera = { kind: 'stage', scene: nobody } as const;

/** Serves the list and the copy, and notes which model folders are asked for. */
async function serve(context: BrowserContext, asked: Set<string>): Promise<void> {
  await context.addInitScript(() => Object.defineProperty(navigator, 'gpu', { value: undefined }));
  await context.route('**/models/models.json', (route) =>
    route.fulfill({ json: { models: [PASSED_OVER, ...LISTED] } }),
  );
  await context.route('**/models/second-1.0/*', async (route) => {
    const file = new URL(route.request().url()).pathname.split('/').at(-1)!;
    await route.fulfill({ body: await readFile(join(MODELS, SHIPPED.folder, file)) });
  });
  context.on('request', (request) => {
    const folder = /\/models\/([^/]+)\/manifest\.json/.exec(request.url())?.[1];
    if (folder && folder !== 'detector') asked.add(folder);
  });
}

/** What staff read of the choice: why, and the measured seconds by name. */
async function readChoice(page: Page) {
  await goTo(page, '#/staff/health');
  await openConsole(page);
  const choice = page.getByTestId(TEST_IDS.healthModelChoice);
  await expect(choice).toBeVisible();
  const times = page.getByTestId(TEST_IDS.healthModelTimes);
  const words = (await times.count()) > 0 ? ((await times.textContent()) ?? '') : '';
  const seconds = new Map(
    [...words.matchAll(/(first|second) ([\d.]+)초/g)].map(([, name, time]) => [name, Number(time)]),
  );
  return {
    because: await choice.getAttribute('data-because'),
    why: await choice.textContent(),
    words,
    seconds,
  };
}

test('model choice: the recogniser is chosen once, by the time of a decision, and kept @long', async ({
  openKiosk,
}) => {
  const open = async (path: string, choosesModel = true) => {
    const asked = new Set<string>();
    const kiosk = await openKiosk({
      camera,
      path,
      choosesModel,
      prepare: (context) => serve(context, asked),
    });
    return { ...kiosk, asked };
  };

  const first = await open('');
  await expectPhase(first.page, 'attract', 240_000);
  const chosen = await readChoice(first.page);
  expect(chosen.because).toBe('kept');
  const quick = chosen.seconds.get('first')! <= LIMIT;
  expect([...chosen.seconds.keys()]).toEqual(quick ? ['first'] : ['first', 'second']);
  expect([...first.asked]).toEqual(quick ? [LISTED[0].folder] : LISTED.map(({ folder }) => folder));
  // What was passed over was not downloaded either; a second one that was tried is explained by the first.
  if (quick) expect(chosen.why).toContain('그래픽 장치');
  const [mine, other] = quick ? LISTED : [LISTED[1], LISTED[0]];

  await test.step('a restart measures nothing and loads the chosen one alone', async () => {
    const { page, asked } = await open('');
    await expectPhase(page, 'attract');
    expect([...asked]).toEqual([mine.folder]);
    expect(await readChoice(page)).toEqual(chosen);
  });

  await test.step('the address has another one run, which changes nothing for the next start', async () => {
    const { page, asked } = await open(`?model=${other.name}`);
    await expectPhase(page, 'attract');
    expect([...asked]).toEqual([other.folder]);
    const now = await readChoice(page);
    expect(now).toMatchObject({ because: 'address', words: chosen.words });
    expect(now.why).toContain(mine.name);
    const later = await open('');
    await expectPhase(later.page, 'attract');
    expect([...later.asked]).toEqual([mine.folder]);
  });

  await test.step('a name that is not listed runs nothing', async () => {
    const { page, asked } = await open('?model=third');
    await expectPhase(page, 'out-of-order');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'model-missing');
    expect([...asked]).toEqual([]);
  });
});
