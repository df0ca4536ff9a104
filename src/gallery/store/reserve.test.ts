import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { TwoClocks } from '../test-clocks.ts';
import { MODEL, near, newPerson, running } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';

const PIN = '493817';
const DAY = 86_400_000;
/** bytes that a full disk takes once the reserve is gone */
const ROOM = 1 << 20;

let clock: TwoClocks;
let gallery: GalleryEngine;
let count = 0;

/** Makes the disk full: what is written from now on finds room alone where something as large was removed. */
function fillDisk(): { free(): void } {
  let left = 0;
  let full = true;
  const { put, add } = IDBObjectStore.prototype;
  const remove = IDBObjectStore.prototype.delete;
  const sizeOf = (value: unknown): number =>
    Object.values(value as object).reduce(
      (sum, one) => sum + (one instanceof Uint8Array ? one.length : 16),
      0,
    );
  const taking = (write: typeof put) =>
    function taken(this: IDBObjectStore, ...given: Parameters<typeof put>) {
      if (full && sizeOf(given[0]) > left) throw new DOMException('The disk is full.', 'QuotaExceededError');
      left -= sizeOf(given[0]);
      return write.apply(this, given);
    };
  vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(taking(put));
  vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementation(taking(add));
  vi.spyOn(IDBObjectStore.prototype, 'delete').mockImplementation(function removed(
    this: IDBObjectStore,
    key,
  ) {
    if (this.name === 'files' && key === 'reserve') left += ROOM;
    return remove.call(this, key);
  });
  return {
    free() {
      full = false;
    },
  };
}
async function tick(): Promise<void> {
  clock.pass(61_000);
  await quiet();
}
const ids = async () => (await gallery.load()).people.map(({ id }) => id);
const who = (seed: number) => gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL }).kind;
const full = { code: 'full' };

beforeEach(async () => {
  clock = new TwoClocks();
  gallery = await openGallery({ name: `reserve-${++count}`, rounds: 100, clock });
  await gallery.matcher.setModel(running);
});
afterEach(() => {
  vi.restoreAllMocks();
  gallery.close();
});

it('a full disk prevents no withdrawal, no purge and no unlocking; it refuses new people', async () => {
  const givenAt = clock.date();
  const expiresAt = new Date(clock.wall + DAY / 2).toISOString();
  const short = await gallery.enrol({
    ...newPerson('short', 1),
    consent: { version: '1', givenAt, expiresAt },
  });
  const leaves = await gallery.enrol(newPerson('leaves', 2));
  const stays = await gallery.enrol(newPerson('stays', 3));
  await gallery.lock.setPin(PIN);
  await tick();

  const disk = fillDisk();
  await expect(gallery.enrol(newPerson('new', 4))).rejects.toMatchObject(full);
  gallery.lock.lock();
  expect(await gallery.customers.withdraw(leaves.id, { kind: 'staff-pin', pin: PIN })).toEqual({
    kind: 'done',
  });
  expect(await ids()).toEqual([short.id, stays.id]);
  expect([who(1), who(2), who(3)]).toEqual(['known', 'unknown', 'known']);
  expect(await gallery.lock.unlock('000000')).toMatchObject({ kind: 'wrong' });
  expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'open' });
  // The reserve is for those who leave, not for whatever comes next.
  await expect(gallery.enrol(newPerson('new', 4))).rejects.toMatchObject(full);
  clock.pass(DAY / 2);
  await tick();
  expect(await ids()).toEqual([stays.id]);
  const { entries } = await (async () => {
    await gallery.lock.unlock(PIN);
    return gallery.staff.log(100);
  })();
  expect(entries.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['withdrawn', 'expired', 'unlocked']),
  );

  disk.free();
  await tick();
  await gallery.enrol(newPerson('new', 4));
  expect(await ids()).toHaveLength(2);
});
