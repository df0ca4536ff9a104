import { test as base, expect } from '@playwright/test';
import { STAFF_IDS } from '../../src/state/staff-ids.ts';
import { lookOf, RENDERED_PEOPLE } from './clip.ts';
import { enrol, KioskMachine, type OpenKiosk, type OpenOptions } from './kiosk.ts';
import { goTo, openPerson } from './staff.ts';

/** Who is enrolled on the disk of that name: a rendered person. */
export const CUSTOMER = {
  person: RENDERED_PEOPLE.find(({ id }) => id === 'seo-jiwoo')!,
  access: { telephone: '01055550001', pin: '4826' },
} as const;

interface KioskFixtures {
  /** Opens the kiosk of this test's own machine; a second call starts its browser anew with another camera. */
  readonly openKiosk: (options: OpenOptions) => Promise<OpenKiosk>;
  /** Console errors that this test expects: it provokes them. */
  readonly expectedErrors: RegExp[];
  /** What is on the kiosk's disk before the test; `customer`: `CUSTOMER` is enrolled, by staff whose PIN is `STAFF_PIN`. */
  readonly disk: 'empty' | 'customer';
}

interface WorkerFixtures {
  /** A kiosk that has enrolled `CUSTOMER`, once: tests take copies of its disk. */
  readonly customerMachine: { readonly copy: () => Promise<KioskMachine> };
}

/** Every test gets a kiosk with a disk of its own; an unexpected console error or a request to elsewhere fails it. */
export const test = base.extend<KioskFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's needs from this pattern
  expectedErrors: async ({}, use) => use([]),
  disk: ['empty', { option: true }],
  customerMachine: [
    // biome-ignore lint/correctness/noEmptyPattern: as above
    async ({}, use, { project }) => {
      let enrolled: Promise<KioskMachine> | undefined;
      await use({
        copy: async () => {
          enrolled ??= enrolCustomer(project.use.baseURL!);
          return (await enrolled).copy();
        },
      });
      await (await enrolled)?.dispose();
    },
    { scope: 'worker' },
  ],
  openKiosk: async ({ baseURL, expectedErrors, disk, customerMachine }, use) => {
    const machine = disk === 'customer' ? await customerMachine.copy() : new KioskMachine(baseURL!);
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

async function enrolCustomer(address: string): Promise<KioskMachine> {
  const machine = new KioskMachine(address);
  const scene = { pictures: [{ file: lookOf(CUSTOMER.person, 'bare') }] };
  const { page, errors, strayRequests } = await machine.open({
    camera: { kind: 'stage', scene },
    path: '#/staff/enrol',
  });
  const { name } = CUSTOMER.person;
  await enrol(page, name.ko);
  await goTo(page, '#/staff/people');
  await openPerson(page, name.ko);
  await page.getByTestId(STAFF_IDS.telephone).fill(CUSTOMER.access.telephone);
  await page.getByTestId(STAFF_IDS.telephonePin).fill(CUSTOMER.access.pin);
  await page.getByTestId(STAFF_IDS.telephoneSave).click();
  await expect(page.getByTestId(STAFF_IDS.telephoneRemove)).toBeVisible();
  expect([...errors, ...strayRequests]).toEqual([]);
  return machine;
}

export { expect };
