import { test as base, expect } from '@playwright/test';
import { expectPhase, KioskMachine, type OpenKiosk, type OpenOptions } from './kiosk.ts';
import { nobody } from './stage.ts';

interface KioskFixtures {
  /** Opens the kiosk of this test's own machine; a second call starts its browser anew with another camera. */
  readonly openKiosk: (options: OpenOptions) => Promise<OpenKiosk>;
  /** Console errors that this test expects: it provokes them. */
  readonly expectedErrors: RegExp[];
  /** What is on the kiosk's disk before the test; `demo`: the demonstration's people are enrolled. */
  readonly disk: 'empty' | 'demo';
}

interface WorkerFixtures {
  /** A kiosk that has enrolled the demonstration's people, by itself and once: tests take copies of its disk. */
  readonly demoMachine: { readonly copy: () => Promise<KioskMachine> };
}

/** Every test gets a kiosk with a disk of its own; an unexpected console error or a request to elsewhere fails it. */
export const test = base.extend<KioskFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  expectedErrors: async ({}, use) => use([]),
  disk: ['empty', { option: true }],
  demoMachine: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use, { project }) => {
      let enrolled: Promise<KioskMachine> | undefined;
      await use({
        copy: async () => {
          enrolled ??= enrolDemo(project.use.baseURL!);
          return (await enrolled).copy();
        },
      });
      await (await enrolled)?.dispose();
    },
    { scope: 'worker' },
  ],
  openKiosk: async ({ baseURL, expectedErrors, disk, demoMachine }, use) => {
    const machine = disk === 'demo' ? await demoMachine.copy() : new KioskMachine(baseURL!);
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

async function enrolDemo(address: string): Promise<KioskMachine> {
  const machine = new KioskMachine(address);
  const demo = await machine.open({ camera: { kind: 'stage', scene: nobody }, path: '?camera=demo' });
  await expectPhase(demo.page, /attract|looking|deciding|greeted/);
  expect([...demo.errors, ...demo.strayRequests]).toEqual([]);
  return machine;
}

export { expect };
