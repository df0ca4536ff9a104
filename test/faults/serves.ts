import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { lookOf } from '../helpers/clip.ts';
import { CUSTOMER, expect } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot, type OpenKiosk, type OpenOptions } from '../helpers/kiosk.ts';
import { nobody, type StageScene } from '../helpers/stage.ts';
import type { Fault } from './faults.ts';
import { breakableInPage } from './in-page.ts';

export const customerStands: StageScene = { pictures: [{ file: lookOf(CUSTOMER.person, 'bare') }] };

/** A kiosk whose camera, screen and permission can be broken, before an empty shop. */
export const breakable: OpenOptions = {
  camera: { kind: 'stage', scene: nobody },
  prepare: (context) => context.addInitScript(breakableInPage),
};

/** What the page holds of the customer: known by id, so that a wrong name cannot pass. */
export const customerId = (page: Page) => kioskRoot(page).getAttribute('data-person');

/** The customer steps up and is greeted by name, and goes again. @returns milliseconds until the greeting */
export async function greets({ page, stand }: OpenKiosk, within: number): Promise<number> {
  const from = performance.now();
  const until = from + within;
  // A page that is reloaded meanwhile begins with the empty shop again.
  for (;;) {
    await stand(customerStands).catch(() => {});
    const left = until - performance.now();
    try {
      await expectPhase(page, /greeted|page/, Math.min(20_000, Math.max(1_000, left)));
      break;
    } catch (error) {
      if (performance.now() >= until) throw error;
    }
  }
  const took = performance.now() - from;
  // The page follows the greeting by itself.
  await expect(page.getByTestId(TEST_IDS.greetingName)).toContainText(CUSTOMER.person.name.ko);
  await stand(nobody);
  await expectPhase(page, 'attract', 60_000);
  return took;
}

const SHOTS = join(import.meta.dirname, '../../test-results/faults');

/** Keeps what the screen shows, in `test-results/faults`. A frozen page cannot be drawn, so there is no picture of it. */
export async function shoot(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  const path = join(SHOTS, `${name.replaceAll(/\W+/g, '-')}.png`);
  await page.screenshot({ path, timeout: 5_000 }).catch(() => {});
}

/** Notes how long it took until the kiosk served again; `npm run faults` prints the notes. */
export function noteTime(name: string, milliseconds: number): void {
  mkdirSync(SHOTS, { recursive: true });
  appendFileSync(join(SHOTS, 'times.tsv'), `${name}\t${(milliseconds / 1000).toFixed(1)}\n`);
}

/** Injects the fault, looks at what the shopper sees, and waits until the customer is greeted again. @returns milliseconds */
export async function survive(kiosk: OpenKiosk, fault: Fault): Promise<number> {
  const { page } = kiosk;
  await fault.inject(kiosk);
  await fault.seen?.(page);
  await shoot(page, fault.name);
  await fault.mend?.(kiosk);
  const took = await greets(kiosk, fault.within);
  noteTime(fault.name, took);
  return took;
}
