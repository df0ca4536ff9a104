import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { CUSTOMER, expect, test } from '../helpers/fixtures.ts';
import { confirmPin, goTo, openConsole } from '../helpers/staff.ts';
import { nobody } from '../helpers/stage.ts';

test.use({ disk: 'customer' });

/** Presses a button that exports a file, and reads the file. */
async function exported(page: Page, testId: string): Promise<string> {
  const downloading = page.waitForEvent('download');
  await page.getByTestId(testId).click();
  // The list by name asks for the PIN again.
  if (testId === STAFF_IDS.incidentNames) await confirmPin(page);
  return readFileSync(await (await downloading).path(), 'utf8');
}

test('incident: a lost backup leads to a report without names, and to a list by name for staff alone @long', async ({
  openKiosk,
}) => {
  const { page } = await openKiosk({ camera: { kind: 'stage', scene: nobody }, path: '#/staff/manage' });
  await openConsole(page);
  const incident = page.getByTestId(STAFF_IDS.incident);
  await page.getByTestId(STAFF_IDS.incidentCheck).click();
  await expect(page.getByTestId(STAFF_IDS.incidentBackup)).toBeVisible();
  await expect(incident).toHaveAttribute('data-findings', '0');
  await page.getByTestId(STAFF_IDS.incidentBackup).check();
  await expect(incident).toHaveAttribute('data-findings', '1');
  await page.getByTestId(STAFF_IDS.incidentNoticed).fill('2026-11-28 10:30');
  await expect(page.getByTestId(STAFF_IDS.incidentBy)).toContainText('2026-12-01 10:30');

  const { person, access } = CUSTOMER;
  const report = await exported(page, STAFF_IDS.incidentReport);
  expect(report).toContain('2026-12-01T10:30:00.000Z');
  expect(report).toContain('118');
  expect(report).not.toContain(person.name.ko);
  const names = await exported(page, STAFF_IDS.incidentNames);
  expect(names).toContain(person.name.ko);
  expect(names).toContain(access.telephone);

  await goTo(page, '#/staff/log');
  await expect(
    page.getByTestId(STAFF_IDS.logLine).and(page.locator('[data-action="incident-reported"]')).first(),
  ).toBeVisible();
});
