import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it, vi } from 'vitest';
import { openGallery } from '../gallery.ts';
import { gallery, name, reopen, who, withGallery } from '../test-gallery.ts';
import { newPerson, running } from '../test-people.ts';

withGallery();

const PASSPHRASE = 'correct horse battery';
const access = { telephone: '010-1234-5678', pin: '2468' };
const idOf = async (person: string): Promise<string> =>
  (await gallery.load()).people.find((one) => one.name === person)!.id;
const names = async (): Promise<string[]> => (await gallery.load()).people.map((one) => one.name).sort();
/** Everything of some tables, as it lies there. */
async function stored(...tables: string[]): Promise<string> {
  const raw = await new Dexie(name).open();
  const rows = await Promise.all(tables.map((table) => raw.table(table).toArray()));
  raw.close();
  const plain = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
  return JSON.stringify(rows, plain);
}

describe('a re-key', () => {
  it('keeps everybody with their note, number and PIN, under a new id that no table links with the old', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    await gallery.staff.setNote(id, 'a note');
    const progress: number[] = [];
    await gallery.staff.rekey((share) => progress.push(share));
    expect(progress.at(-1)).toBe(1);
    const next = await idOf('anna');
    expect(next).not.toBe(id);
    for (const when of ['at once', 'after a restart', 'after another']) {
      expect([who(1), when]).toEqual([next, when]);
      expect(await gallery.staff.person(next)).toMatchObject({ note: 'a note', telephone: access.telephone });
      expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'found', page: { id: next } });
      await reopen();
      await gallery.matcher.setModel(running);
    }
    await expect(gallery.staff.person(id)).rejects.toMatchObject({ code: 'unknown-person' });
    expect(await stored('identities', 'templates', 'staffParts', 'tombstones', 'files')).not.toContain(id);
  });

  it('makes the old records worthless', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const raw = await new Dexie(name).open();
    const [identity, templates] = [
      await raw.table('identities').get(id),
      await raw.table('templates').get(id),
    ];
    await gallery.staff.rekey();
    await raw.table('identities').put(identity);
    await raw.table('templates').put(templates);
    raw.close();
    await reopen();
    const { damaged } = await gallery.staff.people();
    expect(damaged.map((record) => record.id)).toEqual([id]);
  });

  it('replaces the device key at the next start: nothing opens with the old one, and nothing is lost', async () => {
    await gallery.enrol({ ...newPerson('anna', 1), access });
    await gallery.lock.setPin('493817');
    const keyOf = async (): Promise<CryptoKey> => {
      const raw = await new Dexie(name).open();
      const { key } = (await raw.table('keys').get('device')) as { key: CryptoKey };
      raw.close();
      return key;
    };
    const before = await keyOf();
    await gallery.lock.confirm('493817');
    await gallery.staff.rekey();
    await reopen();
    await gallery.matcher.setModel(running);
    expect(who(1)).toBe(await idOf('anna'));
    expect(await gallery.lock.unlock('493817')).toEqual({ kind: 'open' });
    expect((await gallery.staff.people()).damaged).toEqual([]);
    const raw = await new Dexie(name).open();
    const sealed = [
      ...(await raw.table('files').toArray()).map(({ bytes }) => bytes as Uint8Array),
      ...(await raw.table('meta').toArray()).map((row) => row.sealed as Uint8Array),
    ];
    raw.close();
    expect(sealed.length).toBeGreaterThan(5);
    const binding = (text: unknown) => new TextEncoder().encode(JSON.stringify(text));
    for (const bytes of sealed)
      for (const bound of [['secrets'], ['meta', 'staff'], ['meta', 'time']]) {
        const parameters = { name: 'AES-GCM', iv: bytes.slice(0, 12), additionalData: binding(bound) };
        await expect(crypto.subtle.decrypt(parameters, before, bytes.slice(12))).rejects.toThrow();
      }
  });

  it('goes on where the replacement of the device key was cut off', async () => {
    await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.setNote(await idOf('anna'), 'a note');
    await gallery.staff.rekey();
    gallery.close();
    // Cut off after some of the files: the database refuses further writes.
    for (const after of [1, 3]) {
      let writes = 0;
      const { put } = IDBObjectStore.prototype;
      vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function cut(
        this: IDBObjectStore,
        ...given
      ) {
        if (++writes > after) throw new DOMException('The power is gone.', 'UnknownError');
        return put.apply(this, given);
      });
      await expect(openGallery({ name })).rejects.toThrow();
      vi.restoreAllMocks();
    }
    await reopen();
    await gallery.matcher.setModel(running);
    expect(who(1)).toBe(await idOf('anna'));
    expect(await gallery.staff.person(await idOf('anna'))).toMatchObject({ note: 'a note' });
    expect((await gallery.staff.people()).damaged).toEqual([]);
  });
});

describe('a backup of before a re-key', () => {
  it('adds nobody twice, brings nobody back who withdrew since, and updates whom it knows', async () => {
    await gallery.enrol(newPerson('anna', 1));
    await gallery.enrol(newPerson('bora', 2));
    const older = await gallery.staff.backup(PASSPHRASE);
    await gallery.staff.rekey();
    await gallery.staff.rekey();
    expect(await gallery.staff.previewBackup(older, PASSPHRASE)).toMatchObject({ added: 0, unchanged: 2 });
    await gallery.staff.withdraw(await idOf('bora'));
    for (const mode of ['merge', 'replace'] as const) {
      expect(await gallery.staff.restore(older, PASSPHRASE, mode)).toMatchObject({ withdrawn: 1, added: 0 });
      expect(await names()).toEqual(['anna']);
    }
    expect(who(1)).toBe(await idOf('anna'));
  });

  it('and one of after it know each other’s people at a second kiosk', async () => {
    const second = await openGallery({
      name: `${name}-second`,
      rounds: 1_000,
      backupCost: { memory: 8, passes: 1 },
    });
    await gallery.enrol(newPerson('anna', 1));
    await gallery.enrol(newPerson('bora', 2));
    await second.staff.restore(await gallery.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    const kept = (await second.load()).people.map(({ id }) => id).sort();
    await gallery.staff.rekey();
    await gallery.staff.rename(await idOf('anna'), 'Anna Kim');
    const newer = await gallery.staff.backup(PASSPHRASE);
    expect(await second.staff.restore(newer, PASSPHRASE, 'merge')).toMatchObject({ added: 0, updated: 1 });
    expect((await second.load()).people.map(({ id }) => id).sort()).toEqual(kept);
    expect((await second.load()).people.map((one) => one.name).sort()).toEqual(['Anna Kim', 'bora']);
    // Who withdraws at the second kiosk leaves the first, whichever id they have there.
    const anna = (await second.load()).people.find((one) => one.name === 'Anna Kim')!;
    await second.staff.withdraw(anna.id);
    await gallery.staff.restore(await second.staff.backup(PASSPHRASE), PASSPHRASE, 'merge');
    expect(await names()).toEqual(['bora']);
    second.close();
  });
});
