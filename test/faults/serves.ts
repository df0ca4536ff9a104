import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Page, test } from '@playwright/test';
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

/** Injects the fault, looks at what the shopper sees, and waits until the customer is greeted again. @returns milliseconds */
export async function survive(kiosk: OpenKiosk, fault: Fault): Promise<number> {
  const { page } = kiosk;
  await fault.inject(kiosk);
  await fault.seen?.(page);
  mkdirSync(SHOTS, { recursive: true });
  // A frozen page cannot be drawn.
  await page
    .screenshot({ path: join(SHOTS, `${fault.name.replaceAll(/\W+/g, '-')}.png`), timeout: 5_000 })
    .catch(() => {});
  await fault.mend?.(kiosk);
  const took = await greets(kiosk, fault.within);
  test.info().annotations.push({
    type: 'serves again',
    description: `${fault.name}: ${(took / 1000).toFixed(1)} s`,
  });
  return took;
}
