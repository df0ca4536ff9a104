import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headers } from '../../scripts/lib/headers.mjs';
import { startOf, watchFirstScreen } from '../helpers/first-screen.ts';
import { expectPhase, KioskMachine } from '../helpers/kiosk.ts';
import { StaticServer } from '../helpers/static-server.ts';
import { settled } from '../helpers/versions.ts';
import { alone, figure, type Subject } from './figure.ts';
import { fillKiosk } from './fill-kiosk.ts';

/** Enrolled people, starts to measure, and limits in milliseconds. */
const PLAN = { people: 100_000, starts: 9, limits: { painted: 800, ready: 1500 } } as const;
const QUICK = { ...PLAN, people: 5_000, starts: 2 } as const;

const DIST = join(import.meta.dirname, '../../dist');
const empty = { kind: 'clip', scenes: [{ seconds: 1, pictures: [] }] } as const;
/** The first start after so many people were imported reads each of them, milliseconds. */
const FIRST_START = 600_000;

/** The built kiosk with many people in its gallery, started from what it keeps for the day without a network. */
export function starts({ quick }: { readonly quick: boolean }): Subject {
  const plan = quick ? QUICK : PLAN;
  return {
    name: 'starts',
    async run(say) {
      const server = new StaticServer(DIST, headers('shipped'));
      await server.plugIn();
      const folder = mkdtempSync(join(tmpdir(), 'bench-starts-'));
      const machine = new KioskMachine(server.address, folder);
      try {
        const people = plan.people.toLocaleString('en');
        say(`${people} people are enrolled`);
        await fillKiosk(machine, DIST, plan.people);
        const kept = await machine.open({ camera: empty, keepsItself: true });
        await expectPhase(kept.page, 'attract', FIRST_START);
        await settled(kept.page, { onTrial: false });
        await server.unplug();
        say(`${plan.starts} starts without a network`);
        const painted: number[] = [];
        const ready: number[] = [];
        for (let start = 0; start < plan.starts; start++) {
          const { page } = await machine.open({
            camera: empty,
            keepsItself: true,
            asInShop: true,
            prepare: (context) => context.addInitScript(watchFirstScreen),
          });
          await expectPhase(page, 'attract');
          const times = await startOf(page);
          painted.push(times.painted);
          ready.push(times.ready);
        }
        return [
          figure(`${people} people, no network: the first screen`, alone(painted), plan.limits.painted),
          figure(`${people} people, no network: ready to look`, alone(ready), plan.limits.ready),
        ];
      } finally {
        await machine.dispose();
        await server.unplug();
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}
