import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { fakeCustomers } from '../kiosk/fake-customers.ts';
import { FakeClock, person, settle } from '../kiosk/fakes.ts';
import { kioskOfFakes } from '../kiosk/kiosk-of-fakes.ts';
import { HOURS, RECOGNITIONS } from './length.ts';

/**
 * Everything of the kiosk but browser and networks through the whole of its visits and hours: session, frames, matching, repair,
 * sight and the customer's page. `staying-power.spec.ts` does the same with a browser and real networks.
 */

const PEOPLE = 8;
/** of all visits; what is there after the first of these parts is there at the end */
const PARTS = 5;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    collect();
    await settle();
  }
  return process.memoryUsage().heapUsed;
}

/** A clock that tells how much waits for it. */
class CountingClock extends FakeClock {
  waiting = 0;
  override after(ms: number, task: () => void): () => void {
    this.waiting += 1;
    let done = false;
    const once = () => {
      if (!done) this.waiting -= 1;
      done = true;
    };
    const cancel = super.after(ms, () => {
      once();
      task();
    });
    return () => {
      once();
      cancel();
    };
  }
}

it(`the state of a kiosk is the same after ${RECOGNITIONS} recognitions and ${HOURS} hours`, async () => {
  const clock = new CountingClock();
  const { source, engine, gallery, kiosk, run, phase } = kioskOfFakes({
    clock,
    healing: {
      memory: { read: () => null, write: () => true },
      gpu: { had: () => false, keep: () => {} },
      reload: () => expect.unreachable('Nothing is broken.'),
      beat: () => {},
      visible: () => true,
      hour: () => 12,
    },
  });
  gallery.people = Array.from({ length: PEOPLE }, (_, i) => person(i, `customer ${i}`));
  Object.assign(gallery, { customers: fakeCustomers(gallery) });
  const stop = run();
  await clock.advance(1_000);
  const began = clock.now();

  async function visit(who: number): Promise<void> {
    engine.scene = [{ who }];
    await clock.advance(800);
    const greeted = phase();
    expect(greeted).toMatchObject({ kind: 'greeted', person: { name: `customer ${who}` } });
    kiosk.session.touch('done');
    engine.scene = [];
    await clock.advance(3_200);
    expect(phase().kind).toBe('attract');
    // The fakes keep what they were asked.
    engine.asked.length = 0;
    engine.embedded.length = 0;
    gallery.looks.length = 0;
  }

  const after: { heap: number; waiting: number; open: number }[] = [];
  for (let part = 0; part < PARTS; part++) {
    for (let i = 0; i < RECOGNITIONS / PARTS; i++) await visit(i % PEOPLE);
    after.push({ heap: await heap(), waiting: clock.waiting, open: source.opened - source.closed });
  }
  const hours = (clock.now() - began) / 3_600_000;
  const [first, last] = [after[1]!, after.at(-1)!];
  process.stdout.write(`${RECOGNITIONS} visits in ${hours.toFixed(1)} hours: ${JSON.stringify(after)}\n`);
  expect(hours).toBeGreaterThanOrEqual(HOURS);
  expect(last.open).toBe(0);
  expect(last.waiting).toBeLessThanOrEqual(first.waiting + 1);
  expect(last.heap).toBeLessThanOrEqual(1.02 * first.heap);
  await stop();
});
