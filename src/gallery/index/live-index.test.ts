import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { gallery, name, reopen, who, withGallery } from '../test-gallery.ts';
import { MODEL, near, newPerson, running } from '../test-people.ts';
import { openStoreOf } from '../test-store.ts';
import { LiveIndex } from './live-index.ts';
import { Snapshot } from './snapshot.ts';

/** A gallery of a few people is a large one here: two rows a chunk, and low planes come after the start. */
vi.mock(import('../base/config.ts'), async (original) => {
  const { GALLERY } = await original();
  return { GALLERY: { ...GALLERY, snapshotRows: 2, readAheadFrom: 1 } };
});

withGallery();

const PEOPLE = [1, 2, 3, 4, 5];
let ids: string[];
beforeEach(async () => {
  ids = [];
  for (const seed of PEOPLE) ids.push((await gallery.enrol(newPerson(`p${seed}`, seed))).id);
});

const score = (seed: number): number => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.score : 0;
};

/** Changes the snapshot's files, which lie in a table where there are no private files. */
async function spoil(change: (files: ReturnType<Dexie['table']>) => Promise<unknown>): Promise<void> {
  const raw = await new Dexie(name).open();
  await change(raw.table('files'));
  raw.close();
}

/** Starts anew twice. @returns the rows that the first start read from the disk, with all their planes, by person */
async function keptRows(): Promise<Map<string, string>> {
  gallery.close();
  const store = await openStoreOf(name);
  const live = new LiveIndex(store, new Snapshot(store.storage.files, store.storage.installation.device));
  await live.use(MODEL);
  await live.flush();
  const kept = live.index!;
  const rows = Array.from({ length: kept.length }, (_, i) => kept.row(i));
  store.database.close();
  await reopen();
  return new Map(
    rows.map(({ personId, template: { scale, high, low } }) => [
      personId,
      JSON.stringify([scale, [...high], [...low]]),
    ]),
  );
}

describe('the live index of a large gallery', () => {
  it('finds everybody while low planes are still to come, and exactly as before once they came', async () => {
    const before = PEOPLE.map(score);
    await keptRows();
    await gallery.matcher.setModel(running);
    // Nothing was awaited since.
    expect(PEOPLE.map(who)).toEqual(ids);
    expect(PEOPLE.map(score)).not.toEqual(before);
    for (const [i, seed] of PEOPLE.entries()) expect(score(seed)).toBeCloseTo(before[i]!, 2);
    await vi.waitFor(() => expect(PEOPLE.map(score)).toEqual(before));
  });

  it('takes rows whose low planes are missing or damaged from the records, and writes them anew', async () => {
    const before = await keptRows();
    expect(before.size).toBe(PEOPLE.length);
    await spoil(async (files) => {
      await files.delete('snapshot-low-0');
      await files.put({ name: 'snapshot-low-2', bytes: new Uint8Array(100) });
    });
    await gallery.matcher.setModel(running);
    expect(PEOPLE.map(who)).toEqual(ids);
    await vi.waitFor(async () => {
      const raw = await new Dexie(name).open();
      const found = await raw.table('files').get('snapshot-low-0');
      raw.close();
      expect(found).toBeDefined();
    });
    expect(await keptRows()).toEqual(before);
  });

  it('follows a change at once after the start: rows that move keep their low planes', async () => {
    const before = await keptRows();
    await gallery.matcher.setModel(running);
    const [first, ...others] = ids;
    await gallery.staff.remove(first!);
    const { id } = await gallery.enrol(newPerson('p6', 6));
    expect([who(1), ...[2, 3, 4, 5].map(who), who(6)]).toEqual([null, ...others, id]);
    const after = await keptRows();
    expect(new Set(after.keys())).toEqual(new Set([...others, id]));
    for (const other of others) expect(after.get(other)).toBe(before.get(other));
  });
});
