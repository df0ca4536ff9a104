import { expect, test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';
import { FAULTS } from './faults.ts';
import { breakable, survive } from './serves.ts';

/** The quick half of the faults, one after the other on one running kiosk. `npm run faults` has all of them. */

test.use({ disk: 'customer', expectedErrors: [/injected|worker/i] });

test('faults, quick: camera, worker, screen and storage break, and the customer is greeted again after each', async ({
  openKiosk,
}) => {
  test.setTimeout(600_000);
  const kiosk = await openKiosk(breakable);
  await expectPhase(kiosk.page, 'attract');
  for (const fault of [FAULTS.unplugged, FAULTS.crashed, FAULTS.screen, FAULTS.closed])
    await test.step(fault.name, async () => {
      expect(await survive(kiosk, fault)).toBeLessThan(fault.within);
    });
});
