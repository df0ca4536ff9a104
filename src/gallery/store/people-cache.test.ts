import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { fromJsonBytes, jsonBytes, toHex } from '../crypto/bytes.ts';
import { seal, unseal } from '../crypto/seal.ts';
import { openGallery } from '../gallery.ts';
import { near, newPerson, running } from '../test-people.ts';
import { openStoreOf } from '../test-store.ts';

let name = '';
let count = 0;
let gallery: GalleryEngine;

const open = (): Promise<GalleryEngine> =>
  openGallery({ name, rounds: 1_000, backupCost: { memory: 8, passes: 1 }, peopleCacheFrom: 2 });
async function reopen(): Promise<void> {
  gallery.close();
  gallery = await open();
  await gallery.matcher.setModel(running);
}
const names = async () => (await gallery.load()).people.map((person) => person.name).sort();
const known = (seed: number): boolean =>
  gallery.matcher.identify({ embedding: near(seed), modelHash: running.modelHash }).kind === 'known';

/** Reads the disk without the gallery. */
async function disk<T>(work: (raw: Dexie) => Promise<T>): Promise<T> {
  const raw = await new Dexie(name).open();
  try {
    return await work(raw);
  } finally {
    raw.close();
  }
}
const cacheFiles = () =>
  disk(async (raw) =>
    (await raw.table('files').toArray()).filter((file: { name: string }) => file.name.startsWith('people')),
  );
/** Makes every record unreadable, so that people can only come from the cache. */
const ruinRecords = () =>
  disk(async (raw) => {
    const records: { sealed: Uint8Array }[] = await raw.table('identities').toArray();
    for (const record of records) {
      record.sealed[20]! ^= 1;
      await raw.table('identities').put(record);
    }
  });

beforeEach(async () => {
  name = `cache-${++count}`;
  gallery = await open();
  await gallery.matcher.setModel(running);
  for (const [seed, who] of ['anna', 'bora', 'cho'].entries()) await gallery.enrol(newPerson(who, seed));
  // The first start reads the records and writes the cache.
  await reopen();
});
afterEach(() => gallery.close());

describe('the cache of people', () => {
  it('gives everybody without a record being read, and staff see what is damaged when they look', async () => {
    await ruinRecords();
    await reopen();
    expect(await names()).toEqual(['anna', 'bora', 'cho']);
    expect([0, 1, 2].map(known)).toEqual([true, true, true]);
    const { people, damaged } = await gallery.staff.people();
    expect(people).toEqual([]);
    expect(damaged).toHaveLength(3);
  });

  it('follows each change', async () => {
    const [anna, bora] = (await gallery.load()).people;
    // Somebody new is written in the background, before whatever is changed next.
    await gallery.enrol(newPerson('dasom', 3));
    await gallery.staff.rename(anna!.id, 'Anna Kim');
    await gallery.customers.visited(anna!.id, 'face');
    await gallery.staff.withdraw(bora!.id);
    await ruinRecords();
    await reopen();
    expect(await names()).toEqual(['Anna Kim', 'cho', 'dasom']);
    expect((await gallery.customers.page(anna!.id)).visits).toBe(1);
    expect([0, 1, 2, 3].map(known)).toEqual([true, false, true, true]);
  });

  it('is not believed where a change was cut off before it followed', async () => {
    const before = await cacheFiles();
    const [anna] = (await gallery.load()).people;
    await gallery.staff.withdraw(anna!.id);
    gallery.close();
    await disk((raw) => raw.table('files').bulkPut(before));
    gallery = await open();
    expect(await names()).toEqual(['bora', 'cho']);
  });

  it.each(['people', 'people-'])('is not believed where %s is damaged or gone', async (start) => {
    const files: { name: string; bytes: Uint8Array }[] = await cacheFiles();
    const hit = files.find((file) =>
      start === 'people' ? file.name === start : file.name.startsWith(start),
    )!;
    hit.bytes[hit.bytes.length - 1]! ^= 1;
    await disk((raw) => raw.table('files').put(hit));
    await reopen();
    expect(await names()).toEqual(['anna', 'bora', 'cho']);
    await disk((raw) => raw.table('files').delete(hit.name));
    await reopen();
    expect(await names()).toEqual(['anna', 'bora', 'cho']);
  });

  it('is there at the first start after many came at once', async () => {
    const file = await gallery.staff.backup('correct horse battery');
    gallery.close();
    name = `${name}-restored`;
    gallery = await open();
    await gallery.matcher.setModel(running);
    await gallery.staff.restore(file, 'correct horse battery', 'merge');
    await ruinRecords();
    await disk(async (raw) => {
      for (const record of await raw.table('templates').toArray()) {
        record.sealed[20] ^= 1;
        await raw.table('templates').put(record);
      }
    });
    await reopen();
    // Neither a name nor a template was read from a record.
    expect(await names()).toEqual(['anna', 'bora', 'cho']);
    expect([0, 1, 2].map(known)).toEqual([true, true, true]);
    expect((await gallery.load()).damaged).toEqual([]);
  });

  it('of the earlier form is read, and written anew when the start is over', async () => {
    gallery.close();
    const store = await openStoreOf(name, 2);
    const { files, installation, database } = store.storage;
    const entries = [...store.people.values()];
    const tags: (string | null)[] = [];
    for (let shard = 0; shard < 128; shard++) {
      const own = entries.filter(({ id }) => Number.parseInt(id.slice(0, 2), 16) % 128 === shard);
      if (own.length === 0) {
        tags.push(null);
        continue;
      }
      const sealed = await seal(installation.device, ['people', shard], jsonBytes(own));
      tags.push(toHex(sealed.subarray(0, 12)));
      await files.write(`people-${shard}`, sealed);
    }
    const changes = (await database.counters.get('changes'))!.value;
    const head = { format: 1, changes, tags };
    await files.write('people', await seal(installation.device, ['people'], jsonBytes(head)));
    database.close();
    await ruinRecords();

    const later = await openStoreOf(name, 2);
    expect([...later.people.values()].map(({ identity }) => identity.name).sort()).toEqual([
      'anna',
      'bora',
      'cho',
    ]);
    await later.sweep();
    const { installation: device, files: there } = later.storage;
    const newHead = fromJsonBytes(await unseal(device.device, ['people'], (await there.read('people'))!));
    expect(newHead).toMatchObject({ format: 2, changes });
    later.database.close();
    gallery = await open();
    expect(await names()).toEqual(['anna', 'bora', 'cho']);
  });

  it('of a small gallery is none', async () => {
    for (const { id } of (await gallery.load()).people.slice(1)) await gallery.staff.withdraw(id);
    await disk((raw) => raw.table('counters').put({ id: 'changes', value: 0 }));
    await reopen();
    expect(await cacheFiles()).toEqual([]);
  });
});
