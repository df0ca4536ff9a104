import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { KeyRing } from '../store/key-ring.ts';
import { gallery, name, who } from '../test-gallery.ts';
import { openStoreOf } from '../test-store.ts';
import { clock, enrol, last, names, people, reopen, withUndo } from '../test-undo.ts';

withUndo();
afterEach(() => void vi.restoreAllMocks());

const cut = new Error('the power was cut');
/** Where a write is cut off: before its transaction is confirmed, with its new keys written; or after it, with the old keys left. */
const CUTS = {
  before: () => void vi.spyOn(Dexie.prototype, 'transaction').mockRejectedValueOnce(cut as never),
  after: () => void vi.spyOn(KeyRing.prototype, 'remove').mockRejectedValueOnce(cut),
};

/** Runs a change that is cut off, and starts anew. */
async function cutOff(when: keyof typeof CUTS, change: () => Promise<unknown>): Promise<void> {
  CUTS[when]();
  await expect(change()).rejects.toThrow();
  vi.restoreAllMocks();
  await reopen();
}

/** Keys on the disk that open nothing that is there. */
async function orphans(): Promise<number> {
  gallery.close();
  const { database, storage, undo } = await openStoreOf(name);
  const tables = await Promise.all(
    [database.identities, database.templates, database.staffParts].map((table) => table.toArray()),
  );
  const used = new Set([...tables.flat().map(({ keyId }) => keyId), ...undo.keyIds]);
  const ring = await KeyRing.open(storage.files, storage.installation.device);
  const left = await ring.keepOnly(used);
  database.close();
  await reopen();
  return left;
}

describe('a removal that is cut off', () => {
  it.each([
    ['before', ['anna', 'bora'], 0],
    ['after', ['bora'], 1],
  ] as const)('%s it is confirmed leaves the whole of one state', async (when, left, kept) => {
    const { id } = await enrol('anna', 1);
    await enrol('bora', 2);
    await cutOff(when, () => gallery.staff.remove(id));
    expect(await names()).toEqual(left);
    expect(await gallery.staff.undoable()).toHaveLength(kept);
    expect(await orphans()).toBe(0);
    if (kept > 0) await gallery.staff.undo((await last()).id);
    expect(await names()).toEqual(['anna', 'bora']);
    expect(who(1)).toBe((await people()).find((one) => one.name === 'anna')!.id);
  });
});

describe('an undo that is cut off', () => {
  it.each([
    ['before', 1],
    ['after', 0],
  ] as const)('%s it is confirmed brings nobody back twice, and loses nobody', async (when, kept) => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    await cutOff(when, async () => gallery.staff.undo((await last()).id));
    expect(await gallery.staff.undoable()).toHaveLength(kept);
    expect(await orphans()).toBe(0);
    if (kept > 0) await gallery.staff.undo((await last()).id);
    expect(await names()).toEqual(['anna']);
    expect(who(1)).toBe((await people())[0]!.id);
  });
});

describe('a merge that is cut off', () => {
  it.each([
    ['before', 2],
    ['after', 1],
  ] as const)('%s it is confirmed leaves both records or the one', async (when, left) => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna', 1)];
    await cutOff(when, () => gallery.staff.merge(a.id, b.id));
    expect(await people()).toHaveLength(left);
    expect(await orphans()).toBe(0);
    if (left === 1) expect(who(1)).toBe(a.id);
  });
});

describe('a purge that is cut off', () => {
  it.each(['before', 'after'] as const)('%s it is confirmed is done by the next start', async (when) => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    const [act] = await gallery.staff.undoable();
    await cutOff(when, () => gallery.staff.forget(act!.id));
    clock.pass(25 * 3_600_000);
    await reopen();
    expect(await gallery.staff.undoable()).toEqual([]);
    expect(await orphans()).toBe(0);
  });
});
