import { FAULTS } from '../faults/faults.ts';
import { breakable, survive } from '../faults/serves.ts';
import { test } from '../helpers/fixtures.ts';
import { expectPhase } from '../helpers/kiosk.ts';

/**
 * The quick half of the faults, one after the other on one running kiosk. `npm run faults` has all of them, and holds each to its
 * time.
 */

test.use({ disk: 'customer', expectedErrors: [/injected|worker/i] });

/** Milliseconds: only a kiosk that does not serve again at all is still waited for. */
const PATIENCE = 300_000;

test('faults, quick: camera, worker, screen and storage break, and the customer is greeted again after each @long', async ({
  openKiosk,
}) => {
  test.setTimeout(4 * PATIENCE);
  const kiosk = await openKiosk(breakable);
  await expectPhase(kiosk.page, 'attract');
  for (const fault of [FAULTS.unplugged, FAULTS.crashed, FAULTS.screen, FAULTS.closed])
    await test.step(fault.name, async () => {
      await survive(kiosk, fault, PATIENCE);
    });
});
