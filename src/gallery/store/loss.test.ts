import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LostGallery } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';
import { openDatabase } from './database.ts';
import { openFiles } from './files.ts';
import type { Note } from './note.ts';

let noted: string | null;
const note: Note = {
  read: () => noted,
  write: (text) => {
    noted = text;
  },
};
const lost = async (): Promise<LostGallery | null> => (await gallery.load()).lost;
const exists = async (): Promise<boolean> =>
  (await indexedDB.databases()).some((database) => database.name === name);

beforeEach(() => {
  noted = null;
});
withGallery(() => ({ note }));
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe('a gallery that the browser lost', () => {
  /** Removes the whole store, as a browser does that clears it. */
  async function lose(): Promise<void> {
    gallery.close();
    await Dexie.delete(name);
    await reopen();
  }

  it('is told until staff take note of it', async () => {
    await gallery.enrol(newPerson('anna', 1));
    await gallery.enrol(newPerson('bora', 2));
    await gallery.enrol(newPerson('drawn', 3, true));
    await lose();
    expect(await lost()).toEqual({ people: 2, lastSeen: expect.stringMatching(/^\d{4}-/) });
    // Neither a new person nor a restart hides the loss.
    await gallery.enrol(newPerson('cho', 4));
    await reopen();
    expect(await lost()).toMatchObject({ people: 2 });
    await gallery.staff.acknowledgeLoss();
    expect(await lost()).toBeNull();
    const { entries } = await gallery.staff.log(1000);
    expect(entries.at(-1)).toMatchObject({ actor: 'staff', action: 'loss-acknowledged' });
    await lose();
    expect(await lost()).toMatchObject({ people: 1 });
  });

  it('is over once a backup is back', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const file = await gallery.staff.backup('correct horse battery');
    await lose();
    expect(await lost()).not.toBeNull();
    await gallery.staff.restore(file, 'correct horse battery', 'merge');
    expect(await lost()).toBeNull();
    expect((await gallery.load()).people.map((person) => person.id)).toEqual([id]);
  });

  it('is known by a backup of its own, and by no other: that takes the set-up code’s place', async () => {
    const passphrase = 'correct horse battery';
    await gallery.enrol(newPerson('anna', 1));
    const own = await gallery.staff.backup(passphrase);
    const elsewhere = await openGallery({
      name: `${name}-other`,
      rounds: 1_000,
      backupCost: { memory: 8, passes: 1 },
      note: { read: () => null, write: () => {} },
    });
    await elsewhere.enrol(newPerson('bora', 2));
    const foreign = await elsewhere.staff.backup(passphrase);
    elsewhere.close();
    // Where nothing was lost a backup opens nothing.
    expect(await gallery.isOwnBackup(own, passphrase)).toBe(false);
    await lose();
    expect(await gallery.isOwnBackup(foreign, passphrase)).toBe(false);
    await expect(gallery.isOwnBackup(own, 'another passphrase')).rejects.toMatchObject({
      problem: 'wrong-passphrase',
    });
    expect(await gallery.isOwnBackup(own, passphrase)).toBe(true);
    // The note outside knows a hash of the secret alone.
    expect(noted).not.toContain(passphrase);
    await gallery.staff.restore(own, passphrase, 'merge');
    await lose();
    expect(await gallery.isOwnBackup(own, passphrase)).toBe(true);
  });

  it('is not one that staff emptied, nor one that held nobody', async () => {
    await lose();
    expect(await lost()).toBeNull();
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.withdraw(id);
    await lose();
    expect(await lost()).toBeNull();
    await gallery.enrol(newPerson('bora', 2));
    await gallery.staff.wipe();
    await reopen();
    expect(await lost()).toBeNull();
  });

  it('holds in the note neither a name nor an id, and a spoilt note is none', async () => {
    const { id } = await gallery.enrol(newPerson('Plainly Anna', 1));
    expect(noted).not.toContain('Anna');
    expect(noted).not.toContain(id);
    noted = '{"people":"many"}';
    await lose();
    expect(await lost()).toBeNull();
  });
});

describe('the database', () => {
  it('is not deleted and not made anew where it cannot be opened', async () => {
    await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    const deleting = vi.spyOn(indexedDB, 'deleteDatabase');
    for (const error of ['UnknownError', 'AbortError', 'InvalidStateError', 'QuotaExceededError']) {
      const opening = vi.spyOn(indexedDB, 'open').mockImplementation(() => {
        throw new DOMException('The storage process has died.', error);
      });
      await expect(openGallery({ name, note })).rejects.toMatchObject({ name: 'GalleryError' });
      opening.mockRestore();
    }
    await reopen();
    expect((await gallery.load()).people.map((person) => person.name)).toEqual(['anna']);
    expect(deleting).not.toHaveBeenCalled();
  });

  it('that the browser removed under a running kiosk is not made anew: nothing is confirmed any more', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(name).onsuccess = resolve;
    });
    for (const work of [
      () => gallery.enrol(newPerson('bora', 2)),
      () => gallery.customers.visited(id, 'face'),
      () => gallery.staff.rename(id, 'Anna'),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await exists()).toBe(false);
    await reopen();
    expect(await lost()).toMatchObject({ people: 1 });
  });

  it('that the browser closed is opened again where it is still there, and not made where it is gone', async () => {
    gallery.close();
    const database = await openDatabase(name);
    const closed = () => {
      const raw = database.backendDB();
      raw.close();
      raw.onclose!(new Event('close'));
    };
    const keys = await database.keys.count();
    expect(keys).toBeGreaterThan(0);
    closed();
    expect(await database.keys.count()).toBe(keys);
    closed();
    await new Promise((resolve) => {
      indexedDB.deleteDatabase(name).onsuccess = resolve;
    });
    for (let tries = 0; tries < 3; tries++)
      await expect(database.counters.put({ id: 'changes', value: 1 })).rejects.toThrow();
    expect(await exists()).toBe(false);
    database.close();
    await reopen();
  });
});

describe('the private files', () => {
  /** A browser that has them, and may refuse them. */
  function withPrivateFiles(work: boolean): void {
    const directory = { getDirectoryHandle: async () => ({}) };
    const getDirectory = async () => {
      if (work) return directory;
      throw new DOMException('The storage process has died.', 'UnknownError');
    };
    vi.stubGlobal('navigator', { storage: { getDirectory } });
    vi.stubGlobal(
      'FileSystemFileHandle',
      class {
        createWritable() {}
      },
    );
  }

  it('that cannot be opened stop the start while people’s keys lie there', async () => {
    await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    const database = await openDatabase(name);
    await database.files.clear();
    withPrivateFiles(false);
    await expect(openFiles(name, database)).rejects.toThrow(/storage process/);
    withPrivateFiles(true);
    expect((await openFiles(name, database)).kind).toBe('private-files');
    await database.identities.clear();
    withPrivateFiles(false);
    expect((await openFiles(name, database)).kind).toBe('database');
    database.close();
  });

  it('are not taken where the keys lie in the database already', async () => {
    await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    const database = await openDatabase(name);
    withPrivateFiles(true);
    expect((await openFiles(name, database)).kind).toBe('database');
    database.close();
  });
});
