import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { TEST_IDS } from '../../src/state/test-ids.ts';
import { RENDERED_PEOPLE, type RenderedPerson } from '../helpers/clip.ts';
import { CUSTOMER, expect } from '../helpers/fixtures.ts';
import { expectPhase, kioskRoot, type OpenKiosk, type OpenOptions } from '../helpers/kiosk.ts';
import { nobody, type StageScene, wearing } from '../helpers/stage.ts';
import type { Fault } from './faults.ts';
import { breakableInPage } from './in-page.ts';

const named = (id: string): RenderedPerson => RENDERED_PEOPLE.find((one) => one.id === id)!;

/** People who are not enrolled yet. */
export const OTHERS = [named('park-minjun'), named('kim-yeonghee')] as const;

export const stands = (person: RenderedPerson): StageScene => wearing(person, 'bare');
export const customerStands: StageScene = stands(CUSTOMER.person);

/** A kiosk whose camera, screen and permission can be broken, before an empty shop. */
export const breakable: OpenOptions = {
  camera: { kind: 'stage', scene: nobody },
  prepare: (context) => context.addInitScript(breakableInPage),
};

/** What the page holds of the customer: known by id, so that a wrong name cannot pass. */
export const customerId = (page: Page) => kioskRoot(page).getAttribute('data-person');

/**
 * The customer steps up and is greeted by name, and goes again. What was cut off by a fault that came late is begun anew: they step
 * away and come back, as somebody would.
 *
 * @returns milliseconds until the name was on the screen
 */
export async function greets({ page, stand }: OpenKiosk, within: number): Promise<number> {
  const from = performance.now();
  const until = from + within;
  const name = page.getByTestId(TEST_IDS.greetingName);
  for (;;) {
    // A page that is reloaded meanwhile begins with the empty shop again.
    await stand(customerStands).catch(() => {});
    const left = until - performance.now();
    try {
      const patience = Math.min(20_000, Math.max(1_000, left));
      await expectPhase(page, /greeted|page/, patience);
      await expect(name).toContainText(CUSTOMER.person.name.ko, { timeout: 5_000 });
      break;
    } catch (error) {
      if (performance.now() >= until) throw error;
      await stand(nobody).catch(() => {});
      await page.waitForTimeout(2_000);
    }
  }
  const took = performance.now() - from;
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

/**
 * Injects the fault, looks at what the shopper sees, and waits until the customer is greeted again.
 *
 * @param within milliseconds
 * @returns milliseconds
 */
export async function survive(kiosk: OpenKiosk, fault: Fault, within = fault.within): Promise<number> {
  const { page } = kiosk;
  await fault.inject(kiosk);
  await fault.seen?.(page);
  await shoot(page, fault.name);
  await fault.mend?.(kiosk);
  const took = await greets(kiosk, within);
  noteTime(fault.name, took);
  return took;
}
