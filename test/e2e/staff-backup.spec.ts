import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { backupOf, NO_MODEL } from '../bench/people-page.ts';
import { RENDERED_PEOPLE } from '../helpers/clip.ts';
import { expect, test } from '../helpers/fixtures.ts';
import { enrol, expectPhase, kioskRoot } from '../helpers/kiosk.ts';
import {
  confirmPin,
  goTo,
  lockScreen,
  lookInto,
  makeBackup,
  openConsole,
  PASSPHRASE,
  row,
} from '../helpers/staff.ts';
import { showing } from '../helpers/stage.ts';

const person = RENDERED_PEOPLE.find(({ id }) => id === 'seo-jiwoo')!;
const bare = showing(person);

let folder: string;
test.beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'backup-'));
});
test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Shows who the kiosk takes the person before the camera for. */
async function expectGreeted(page: Page, name: string): Promise<void> {
  await goTo(page, '#/');
  await expectPhase(page, /greeted|unknown/);
  await expect(kioskRoot(page)).toHaveAttribute('data-phase', 'greeted');
  await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(name);
}

test('backup: after a wipe and a restore everybody is known again, also with new keys @long', async ({
  openKiosk,
}) => {
  const file = join(folder, 'gallery.rounz');
  const { page } = await openKiosk({ camera: bare, path: '#/staff/enrol' });
  await enrol(page, person.name.ko);
  await goTo(page, '#/staff/manage');
  await makeBackup(page, file);
  expect(readFileSync(file).includes(Buffer.from(person.name.ko))).toBe(false);

  await test.step('the wipe takes a typed word, and leaves a first day', async () => {
    await page.getByTestId(STAFF_IDS.wipe).click();
    await expect(page.getByTestId(TEST_IDS.confirmDelete)).toBeDisabled();
    await page.getByTestId(STAFF_IDS.wipeWord).fill('모두');
    await expect(page.getByTestId(TEST_IDS.confirmDelete)).toBeDisabled();
    await page.getByTestId(STAFF_IDS.wipeWord).fill('모두 지우기');
    await page.getByTestId(TEST_IDS.confirmDelete).click();
    await confirmPin(page);
    await expectPhase(page, 'unknown');
    await expect(kioskRoot(page)).toHaveAttribute('data-reason', 'nobody-enrolled');
    await goTo(page, '#/staff/manage');
    await expect(lockScreen(page)).toHaveAttribute('data-lock', 'first-run');
    await openConsole(page);
  });

  await test.step('a wrong passphrase, another file and a cut one are refused with their reasons', async () => {
    const problem = page.getByTestId(STAFF_IDS.problem);
    await lookInto(page, file, 'another passphrase');
    await expect(problem).toHaveAttribute('data-code', 'file-wrong-passphrase');
    const foreign = join(folder, 'foreign.txt');
    writeFileSync(foreign, 'This is a letter and no backup at all.');
    await lookInto(page, foreign);
    await expect(problem).toHaveAttribute('data-code', 'file-not-a-backup');
    const cut = join(folder, 'cut.rounz');
    writeFileSync(cut, readFileSync(file).subarray(0, -20));
    await lookInto(page, cut);
    await expect(problem).toHaveAttribute('data-code', 'file-truncated');
  });

  await test.step('the preview says what would change, and merging does it', async () => {
    await lookInto(page, file);
    const counts = page.getByTestId(STAFF_IDS.restoreCounts);
    await expect(counts).toHaveAttribute('data-added', '1');
    await page.getByTestId(STAFF_IDS.restoreStart).click();
    await confirmPin(page);
    await expect(page.getByTestId(STAFF_IDS.restoreDone)).toBeVisible();
    await goTo(page, '#/staff');
    await expect(row(page, person.name.ko)).toHaveCount(1);
    await expectGreeted(page, person.name.ko);
  });

  await test.step('re-keyed, they are known all the same', async () => {
    await goTo(page, '#/staff/manage');
    await openConsole(page);
    await page.getByTestId(STAFF_IDS.rekey).click();
    await page.getByTestId(TEST_IDS.confirmDelete).click();
    await confirmPin(page);
    await expect(page.getByTestId(STAFF_IDS.rekeyDone)).toBeVisible();
  });
  const again = await openKiosk({ camera: bare });
  await expectGreeted(again.page, person.name.ko);
});

test('restore: replacing removes people who are not in the backup, after a warning @long', async ({
  openKiosk,
}) => {
  const file = join(folder, 'empty.rounz');
  const { page } = await openKiosk({ camera: bare, path: '#/staff/manage' });
  await openConsole(page);
  await makeBackup(page, file);
  await goTo(page, '#/staff/enrol');
  await enrol(page, person.name.ko);
  await goTo(page, '#/staff/manage');
  await lookInto(page, file);
  await page.getByTestId(STAFF_IDS.restoreReplace).check();
  await expect(page.getByTestId(STAFF_IDS.restoreCounts)).toHaveAttribute('data-removed', '1');
  const start = page.getByTestId(STAFF_IDS.restoreStart);
  await expect(start).toBeDisabled();
  await page.getByTestId(STAFF_IDS.restoreKnown).check();
  await start.click();
  await confirmPin(page);
  await expect(page.getByTestId(STAFF_IDS.restoreDone)).toBeVisible();
  await goTo(page, '#/staff');
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(0);
});

test('strictness: it is chosen in words and kept @long', async ({ openKiosk }) => {
  const { page } = await openKiosk({ camera: bare, path: '#/staff/manage' });
  await openConsole(page);
  const strict = page.getByTestId(STAFF_IDS.strictness).and(page.locator('[data-strictness="strict"]'));
  await expect(page.getByTestId(STAFF_IDS.strictness)).toHaveCount(3);
  await strict.check();
  await expect(page.getByTestId(STAFF_IDS.strictnessDone)).toBeVisible();
  await page.reload();
  await openConsole(page);
  await expect(strict).toBeChecked();
});

test('backup: saved where staff chose, it is removed from there on request @long', async ({ openKiosk }) => {
  const { page } = await openKiosk({ camera: { kind: 'none' }, path: '#/staff/manage', savesInto: 'picked' });
  await openConsole(page);
  await page.getByTestId(STAFF_IDS.backupPassphrase).fill(PASSPHRASE);
  await page.getByTestId(STAFF_IDS.backupAgain).fill(PASSPHRASE);
  await page.getByTestId(STAFF_IDS.backupMake).click();
  await confirmPin(page);
  const notice = page.getByTestId(STAFF_IDS.backupDone);
  await expect(notice).toHaveAttribute('data-saved', 'there');
  const sizes = () =>
    page.evaluate(async () => {
      const found: number[] = [];
      for await (const entry of (await navigator.storage.getDirectory()).values())
        if (entry instanceof FileSystemFileHandle && entry.name.startsWith('rounz-backup'))
          found.push((await entry.getFile()).size);
      return found;
    });
  const [size] = await sizes();
  expect(size).toBeGreaterThan(100);
  await page.getByTestId(STAFF_IDS.savedRemove).click();
  await expect(notice).toHaveAttribute('data-saved', 'removed');
  expect(await sizes()).toEqual([]);
});

/** Runs in the page: somebody who touches the button that stops once the bar is past its middle. */
function stopsHalfway(testId: string): void {
  const look = () => {
    const bar = document.querySelector('[role="progressbar"]');
    if (Number(bar?.getAttribute('aria-valuenow') ?? 0) > 51)
      document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.click();
  };
  new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
}

test('restore: a large one says what it needs, shows how far it is, and is stopped without a change @long', async ({
  openKiosk,
}) => {
  const file = join(folder, 'large.rounz');
  writeFileSync(file, Buffer.from(await (await backupOf(6_000, NO_MODEL)).arrayBuffer()));
  const { page } = await openKiosk({ camera: { kind: 'none' }, path: '#/staff/manage' });
  await openConsole(page);
  await lookInto(page, file);
  await expect(page.getByTestId(STAFF_IDS.restoreCounts)).toHaveAttribute('data-added', '6000');
  await expect(page.getByTestId(STAFF_IDS.needs)).toContainText(/\d+ ?MB/);
  await page.evaluate(stopsHalfway, STAFF_IDS.stop);
  await page.getByTestId(STAFF_IDS.restoreStart).click();
  await confirmPin(page);
  await expect(page.getByTestId(STAFF_IDS.problem)).toHaveAttribute('data-code', 'stopped');
  await goTo(page, '#/staff');
  await expect(lockScreen(page)).toHaveAttribute('data-lock', 'open');
  await expect(page.getByTestId(TEST_IDS.person)).toHaveCount(0);
});
