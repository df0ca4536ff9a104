import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it } from 'vitest';
import { openGallery } from './gallery.ts';
import { gallery, name, reopen, tamper, who, withGallery } from './test-gallery.ts';
import { newPerson, running, template } from './test-people.ts';

withGallery();

describe('the store', () => {
  it('holds neither name, note, telephone number nor template in plain', async () => {
    const person = newPerson('Kim Haneul Plaintext', 1);
    const { id } = await gallery.enrol({
      ...person,
      access: { telephone: '010-1234-5678', pin: '246813579' },
    });
    await gallery.staff.setNote(id, 'secret remark');
    const raw = await new Dexie(name).open();
    const all: Uint8Array[] = [];
    for (const table of raw.tables)
      for (const record of await table.toArray())
        for (const value of Object.values(record))
          if (value instanceof Uint8Array) all.push(value);
          else all.push(new TextEncoder().encode(String(value)));
    raw.close();
    const bytes = Buffer.concat(all);
    // Long ones: four digits are found by chance in ids and hashes.
    for (const text of ['Kim Haneul', 'secret remark', '010-1234-5678', '01012345678', '246813579'])
      expect(bytes.includes(text)).toBe(false);
    const values = person.templates[0]!.embedding;
    expect(bytes.includes(Buffer.from(values.buffer, values.byteOffset, 16))).toBe(false);
  });

  it('notices every changed byte and field, reports the record, and the others survive', async () => {
    const good = await gallery.enrol(newPerson('good', 1));
    const bad = await gallery.enrol(newPerson('bad', 9));
    type Record = { sealed: Uint8Array };
    const raw = await new Dexie(name).open();
    const before = (await raw.table('identities').get(bad.id)) as Record;
    raw.close();
    const forms: ((record: Record) => unknown)[] = [
      ...[0, 13, before.sealed.length - 1].map((position) => (record: Record) => {
        const sealed = Uint8Array.from(record.sealed);
        sealed[position]! ^= 1;
        return { ...record, sealed };
      }),
      (record) => ({ ...record, expiresAt: '2099-01-01T00:00:00.000Z' }),
      (record) => ({ ...record, demo: 1 }),
      (record) => ({ ...record, extra: true }),
      // The key of a record that names another is erased at the next start, so these come last.
      (record) => ({ ...record, keyId: crypto.randomUUID() }),
      () => ({ id: bad.id, keyId: 4 }),
    ];
    for (const form of forms) {
      await tamper('identities', bad.id, () => form(before));
      await reopen();
      const { people, damaged } = await gallery.load();
      expect(people).toEqual([good]);
      expect(damaged.map(({ id }) => id)).toEqual([bad.id]);
    }
    await gallery.discardDamaged(bad.id);
    expect(await gallery.load()).toEqual({ people: [good], damaged: [], lost: null, clock: null });
  });

  it('never shows the templates of one person under the name of another', async () => {
    const a = await gallery.enrol(newPerson('a', 1));
    const b = await gallery.enrol(newPerson('b', 2));
    const raw = await new Dexie(name).open();
    const of = (await raw.table('templates').get(a.id)) as object;
    await raw.table('templates').put({ ...of, id: b.id });
    raw.close();
    const { people, damaged } = await gallery.staff.people();
    expect(people.map(({ id }) => id)).toEqual([a.id]);
    expect(damaged.map(({ id }) => id)).toEqual([b.id]);
  });

  it('rebuilds the index from the records if the snapshot is missing, damaged or older', async () => {
    const a = await gallery.enrol(newPerson('a', 1));
    const raw = await new Dexie(name).open();
    const old = await raw.table('files').where('name').startsWith('snapshot').toArray();
    const b = await gallery.enrol(newPerson('b', 2));
    const spoil: (() => Promise<unknown>)[] = [
      () => raw.table('files').bulkPut(old),
      () => raw.table('files').where('name').startsWith('snapshot').delete(),
      () => raw.table('files').put({ name: 'snapshot-0', bytes: new Uint8Array(100) }),
      () => raw.table('files').put({ name: 'snapshot', bytes: new Uint8Array(3) }),
    ];
    for (const one of spoil) {
      await one();
      await reopen();
      await gallery.matcher.setModel(running);
      expect([who(1), who(2), who(3)]).toEqual([a.id, b.id, null]);
    }
    raw.close();
  });

  it('loses nobody by a damaged counter', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    for (const value of ['text', 7, -1, Number.NaN, undefined])
      for (const counter of ['epoch', 'revision']) {
        await tamper('counters', counter, () => ({ id: counter, value }));
        await reopen();
        await gallery.matcher.setModel(running);
        expect(who(1)).toBe(id);
        const { people, damaged } = await gallery.staff.people();
        expect([people.length, damaged.length]).toEqual([1, 0]);
        await gallery.staff.addTemplates(id, [template(1)]).catch(() => {});
        expect(who(1)).toBe(id);
      }
  });

  it('says what to do once it is closed or too new', async () => {
    gallery.close();
    await expect(gallery.load()).rejects.toMatchObject({ name: 'GalleryError', code: 'unavailable' });
    const newer = new Dexie(`${name}-newer`);
    newer.version(9).stores({ people: 'id' });
    await newer.open();
    newer.close();
    await expect(openGallery(`${name}-newer`)).rejects.toMatchObject({ code: 'newer-version' });
  });
});
