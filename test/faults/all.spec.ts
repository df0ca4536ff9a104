import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { FAULTS, type Fault } from './faults.ts';
import { breakable, survive } from './serves.ts';

/** Each fault of `FAULTS` on a kiosk of its own; what needs another kiosk than that has a file of its own. */

test.use({ disk: 'customer', expectedErrors: [/./] });

for (const fault of Object.values<Fault>(FAULTS))
  test(`fault: ${fault.name}`, async ({ openKiosk }) => {
    test.setTimeout(600_000);
    const kiosk = await openKiosk(breakable);
    await expectPhase(kiosk.page, 'attract');
    expect(await survive(kiosk, fault)).toBeLessThan(fault.within);
  });
