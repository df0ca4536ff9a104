import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGallery } from './gallery.ts';
import { deserialise, type StoredRecord, serialise } from './record.ts';
import type { Gallery, NewPerson } from './types.ts';

const MODEL = 'c'.repeat(64);
const AT = '2026-11-24T01:02:03.000Z';

function embedding(seed: number, size = 512): Float32Array {
  const values = Float32Array.from({ length: size }, (_, i) => Math.sin(seed * 12.9 + i * 78.2));
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

const newPerson = (name: string, seed = 1, demo = false): NewPerson => ({
  name,
  consent: { version: '1', givenAt: AT },
  templates: [0, 1, 2].map((i) => ({ embedding: embedding(seed + i), modelHash: MODEL, createdAt: AT })),
  demo,
});

let name = '';
let count = 0;
let gallery: Gallery;

beforeEach(async () => {
  name = `test-${++count}`;
  gallery = await openGallery(name);
});
afterEach(() => gallery.close());

/** Changes the stored record of `id` behind the gallery's back. */
async function tamper(id: string, change: (record: StoredRecord) => unknown): Promise<void> {
  const raw = await new Dexie(name).open();
  const table = raw.table('people');
  await table.put(change((await table.get(id)) as StoredRecord) as object);
  raw.close();
}

describe('the gallery', () => {
  it('gives back whom it was given, also after it was closed', async () => {
    const enrolled = await gallery.enrol(newPerson(' 김하늘 '));
    expect(enrolled.name).toBe('김하늘');
    gallery.close();
    gallery = await openGallery(name);
    const { people, damaged } = await gallery.load();
    expect(damaged).toEqual([]);
    expect(people).toEqual([enrolled]);
    expect(people[0]!.templates[2]!.embedding).toEqual(embedding(3));
  });

  it('removes one person, and the demonstration with one touch', async () => {
    const kept = await gallery.enrol(newPerson('kept'));
    const gone = await gallery.enrol(newPerson('gone'));
    await gallery.enrol(newPerson('demo 1', 4, true));
    await gallery.enrol(newPerson('demo 2', 5, true));
    await gallery.remove(gone.id);
    await gallery.removeDemo();
    expect((await gallery.load()).people.map(({ id }) => id)).toEqual([kept.id]);
  });

  it('notices every flipped byte of the payload, reports the record, and the others survive', async () => {
    const good = await gallery.enrol(newPerson('good'));
    const bad = await gallery.enrol(newPerson('bad', 9));
    const { payload } = await serialise(bad);
    for (const position of [0, 5, 60, payload.length >> 1, payload.length - 1]) {
      await tamper(bad.id, (record) => {
        const changed = Uint8Array.from(payload);
        changed[position]! ^= 1;
        return { ...record, payload: changed };
      });
      const { people, damaged } = await gallery.load();
      expect(people).toEqual([good]);
      expect(damaged).toEqual([{ id: bad.id, reason: expect.stringContaining('checksum') }]);
    }
    await gallery.discardDamaged(bad.id);
    expect(await gallery.load()).toEqual({ people: [good], damaged: [] });
  });

  it('reports records of another form', async () => {
    const bad = await gallery.enrol(newPerson('bad'));
    const forms: ((record: StoredRecord) => unknown)[] = [
      ({ id }) => ({ id }),
      (record) => ({ ...record, format: 2 }),
      (record) => ({ ...record, payload: 'text' }),
      (record) => ({ ...record, demo: 1 }),
      (record) => ({ ...record, extra: true }),
    ];
    for (const form of forms) {
      await tamper(bad.id, (record) => form({ ...record }));
      const { people, damaged } = await gallery.load();
      expect(people).toEqual([]);
      expect(damaged.map(({ id }) => id)).toEqual([bad.id]);
      await gallery.discardDamaged(bad.id);
      await tamper(bad.id, () => ({ id: bad.id }));
    }
  });

  it('writes nothing that it could not read back', async () => {
    const person = newPerson('odd');
    const crooked = { ...person.templates[0]!, embedding: new Float32Array(512).fill(1) };
    await expect(gallery.enrol({ ...person, templates: [crooked] })).rejects.toMatchObject({
      code: 'invalid-person',
    });
    await expect(gallery.enrol({ ...person, templates: [] })).rejects.toMatchObject({
      code: 'invalid-person',
    });
    await expect(gallery.enrol({ ...person, name: '  ' })).rejects.toMatchObject({ code: 'invalid-person' });
    expect((await gallery.load()).people).toEqual([]);
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

describe('a stored record', () => {
  it('carries the embedding and no other number of the face', async () => {
    const person = { ...newPerson('one'), id: 'x', enrolledAt: AT, demo: false };
    const stored = await serialise(person);
    const head = JSON.stringify({
      name: 'one',
      enrolledAt: AT,
      consent: person.consent,
      templates: person.templates.map(() => ({ modelHash: MODEL, createdAt: AT, size: 512 })),
    });
    expect(stored.payload.length).toBe(4 + head.length + 3 * 512 * 4);
    expect(await deserialise(stored)).toEqual(person);
  });
});
