import { test as base, expect } from '@playwright/test';
import { KioskMachine, type OpenKiosk, type OpenOptions } from './kiosk.ts';

interface KioskFixtures {
  /** Opens the kiosk of this test's own machine; a second call starts its browser anew with another camera. */
  readonly openKiosk: (options: OpenOptions) => Promise<OpenKiosk>;
  /** Console errors that this test expects: it provokes them. */
  readonly expectedErrors: RegExp[];
}

/** Every test gets a kiosk with an empty disk; an unexpected console error or a request to elsewhere fails it. */
export const test = base.extend<KioskFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  expectedErrors: async ({}, use) => use([]),
  openKiosk: async ({ baseURL, expectedErrors }, use) => {
    const machine = new KioskMachine(baseURL!);
    const opened: OpenKiosk[] = [];
    await use(async (options) => {
      const kiosk = await machine.open(options);
      opened.push(kiosk);
      return kiosk;
    });
    await machine.dispose();
    const errors = opened.flatMap((kiosk) => kiosk.errors);
    expect(errors.filter((text) => !expectedErrors.some((expected) => expected.test(text)))).toEqual([]);
    expect(opened.flatMap((kiosk) => kiosk.strayRequests)).toEqual([]);
  },
});

export { expect };
