import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { Paper } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';

const PASSPHRASE = 'correct horse battery';

let count = 0;
const opened: GalleryEngine[] = [];
async function kiosk(name = `withdrawn-${++count}`, withdrawn = new Paper()) {
  const gallery = await openGallery({
    name,
    rounds: 100,
    backupCost: { memory: 8, passes: 1 },
    withdrawn,
  });
  opened.push(gallery);
  return { name, withdrawn, gallery };
}
const names = async (gallery: GalleryEngine): Promise<string[]> =>
  (await gallery.load()).people.map((person) => person.name).sort();

beforeEach(() => {
  opened.length = 0;
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const gallery of opened) gallery.close();
});

describe('a person who withdrew', () => {
  it('does not come back through the emptying of the kiosk and an older backup', async () => {
    const first = await kiosk();
    const { id } = await first.gallery.enrol(newPerson('anna', 1));
    await first.gallery.enrol(newPerson('bora', 2));
    const file = await first.gallery.staff.backup(PASSPHRASE);
    await first.gallery.staff.withdraw(id);
    await first.gallery.staff.wipe();
    const { gallery } = await kiosk(first.name, first.withdrawn);
    for (const mode of ['merge', 'replace'] as const) {
      expect(await gallery.staff.restore(file, PASSPHRASE, mode)).toMatchObject({ withdrawn: 1 });
      expect(await names(gallery)).toEqual(['bora']);
    }
  });

  it('does not come back where the browser lost the store', async () => {
    const first = await kiosk();
    const { id } = await first.gallery.enrol(newPerson('anna', 1));
    const file = await first.gallery.staff.backup(PASSPHRASE);
    await first.gallery.staff.withdraw(id);
    first.gallery.close();
    await Dexie.delete(first.name);
    const { gallery } = await kiosk(first.name, first.withdrawn);
    expect(await gallery.staff.restore(file, PASSPHRASE, 'merge')).toMatchObject({ withdrawn: 1 });
    expect(await names(gallery)).toEqual([]);
  });

  it('does not come back through the newer backup of a second kiosk, and leaves that one too', async () => {
    const [first, second] = [await kiosk(), await kiosk()];
    const { id } = await first.gallery.enrol(newPerson('anna', 1));
    await first.gallery.enrol(newPerson('bora', 2));
    await second.gallery.staff.restore(await first.gallery.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    await first.gallery.staff.withdraw(id);
    const newer = await second.gallery.staff.backup(PASSPHRASE);
    expect(await first.gallery.staff.restore(newer, PASSPHRASE, 'merge')).toMatchObject({ withdrawn: 1 });
    expect(await names(first.gallery)).toEqual(['bora']);

    const tells = await first.gallery.staff.backup(PASSPHRASE);
    expect(await second.gallery.staff.previewBackup(tells, PASSPHRASE)).toMatchObject({
      withdrawnElsewhere: 1,
    });
    expect(await names(second.gallery)).toEqual(['anna', 'bora']);
    await second.gallery.staff.restore(tells, PASSPHRASE, 'merge');
    expect(await names(second.gallery)).toEqual(['bora']);
    const { entries } = await second.gallery.staff.log(100);
    expect(entries.find(({ action }) => action === 'withdrawn')).toMatchObject({ person: id });
    // A third kiosk hears of it from the second.
    const third = await kiosk();
    await third.gallery.staff.restore(await second.gallery.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    expect(await third.gallery.staff.restore(newer, PASSPHRASE, 'merge')).toMatchObject({ withdrawn: 1 });
    expect(await names(third.gallery)).toEqual(['bora']);
  });

  it('is not written back from memory', async () => {
    const { gallery, name } = await kiosk();
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const raw = await new Dexie(name).open();
    await raw.table('tombstones').put({ id, at: new Date().toISOString() });
    raw.close();
    const unknown = { code: 'unknown-person' };
    await expect(gallery.customers.visited(id, 'face')).rejects.toMatchObject(unknown);
    await expect(gallery.staff.rename(id, 'Anna')).rejects.toMatchObject(unknown);
  });

  it('is known to both places, whichever of them was lost or spoiled', async () => {
    const first = await kiosk();
    const { id } = await first.gallery.enrol(newPerson('anna', 1));
    const file = await first.gallery.staff.backup(PASSPHRASE);
    await first.gallery.staff.withdraw(id);
    expect(first.withdrawn.read()).toContain(id);
    for (const text of [null, 'no list', '[{"id":4}]']) {
      first.withdrawn.write(text);
      for (const gallery of opened) gallery.close();
      const { gallery } = await kiosk(first.name, first.withdrawn);
      expect(first.withdrawn.read()).toContain(id);
      expect(await gallery.staff.previewBackup(file, PASSPHRASE)).toMatchObject({ withdrawn: 1, added: 0 });
    }
  });
});

describe('a second window', () => {
  it('is refused while the first has the gallery open, and goes on once that is closed', async () => {
    const { gallery, name } = await kiosk();
    await expect(openGallery({ name })).rejects.toMatchObject({
      code: 'held-elsewhere',
      message: expect.stringMatching(/Close the other one/),
    });
    await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    expect(await names((await kiosk(name)).gallery)).toEqual(['anna']);
  });

  it('asks the browser for a lock that lasts as long as the gallery is open, and waits for a window that is reloading', async () => {
    const holders = new Map<string, Promise<unknown>>();
    let waits = (): void => {};
    const request = async (lock: string, ...rest: unknown[]) => {
      const work = rest.at(-1) as () => Promise<unknown>;
      const { signal } = (rest.length > 1 ? rest[0] : {}) as { signal?: AbortSignal };
      const aborted = new Promise((_, reject) =>
        signal?.addEventListener('abort', () => reject(signal.reason)),
      );
      aborted.catch(() => {});
      if (holders.has(lock)) waits();
      while (holders.has(lock)) await Promise.race([holders.get(lock), aborted]);
      const held = work().finally(() => holders.delete(lock));
      holders.set(lock, held);
      return held;
    };
    vi.stubGlobal('navigator', { locks: { request } });
    const { gallery, name } = await kiosk();
    expect([...holders.keys()].some((lock) => lock.startsWith(name))).toBe(true);
    waits = () => gallery.close();
    await kiosk(name);
    // Within one window a second opening is a fault of the program, and no other window's.
    await expect(openGallery({ name })).rejects.toMatchObject({ code: 'unavailable' });
  });
});
