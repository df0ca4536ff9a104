import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GALLERY } from './base/config.ts';
import type { GalleryEngine } from './contract/gallery.ts';
import { DEMO_DATABASE, GALLERY_DATABASE, openGallery } from './gallery.ts';
import { AT, embedding, MODEL, near, newPerson, OTHER_MODEL, running, template } from './test-people.ts';

const PIN = '493817';
const ROUNDS = 1_000;

let name = '';
let count = 0;
let gallery: GalleryEngine;

const open = (): Promise<GalleryEngine> => openGallery({ name, rounds: ROUNDS });
async function reopen(): Promise<void> {
  gallery.close();
  gallery = await open();
}
const who = (seed: number): string | null => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.personId : null;
};
/** Changes stored data without the gallery. */
async function tamper<T>(table: string, key: string, change: (record: T) => unknown): Promise<void> {
  const raw = await new Dexie(name).open();
  await raw.table(table).put(change((await raw.table(table).get(key)) as T) as object);
  raw.close();
}

beforeEach(async () => {
  name = `gallery-${++count}`;
  gallery = await open();
  await gallery.matcher.setModel(running);
});
afterEach(() => {
  vi.useRealTimers();
  gallery.close();
});

describe('the people', () => {
  it('are there again after a restart, found by their face, without staff', async () => {
    const anna = await gallery.enrol(newPerson(' 김하늘 ', 1));
    await gallery.enrol(newPerson('bora', 2));
    expect(anna.name).toBe('김하늘');
    await gallery.lock.setPin(PIN);
    await reopen();
    await gallery.matcher.setModel(running);
    expect(gallery.lock.state().kind).toBe('locked');
    expect((await gallery.load()).people.map((person) => person.name)).toEqual(['김하늘', 'bora']);
    expect((await gallery.load()).people[0]).toEqual(anna);
    expect(who(1)).toBe(anna.id);
    expect(who(3)).toBeNull();
    expect(gallery.matcher.identify({ embedding: near(1), modelHash: MODEL }, [anna.id]).kind).toBe(
      'unknown',
    );
  });

  it('are changed by staff: renamed, re-enrolled, with another picture, noted upon', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.rename(id, 'Anna Kim');
    await gallery.staff.setNote(id, 'likes round frames');
    await gallery.staff.addTemplates(id, [template(1)]);
    expect(await gallery.staff.person(id)).toMatchObject({
      name: 'Anna Kim',
      note: 'likes round frames',
      currentTemplates: 4,
      oldTemplates: 0,
    });
    await gallery.staff.replaceTemplates(id, [template(7)]);
    expect([who(1), who(7)]).toEqual([null, id]);
    // Pictures are added for years: the oldest goes.
    for (let i = 0; i < GALLERY.maxTemplates; i += 2)
      await gallery.staff.addTemplates(id, [template(7), { ...template(7), embedding: near(7) }]);
    expect((await gallery.staff.person(id)).currentTemplates).toBe(GALLERY.maxTemplates);
    await reopen();
    await gallery.matcher.setModel(running);
    expect([who(1), who(7)]).toEqual([null, id]);
    await expect(gallery.staff.rename('nobody', 'x')).rejects.toMatchObject({ code: 'unknown-person' });
    await expect(gallery.staff.rename(id, ' ')).rejects.toMatchObject({ code: 'invalid-person' });
  });

  it('are forgotten: the record, its keys and its row', async () => {
    const gone = await gallery.enrol(newPerson('gone', 1));
    const kept = await gallery.enrol(newPerson('kept', 2));
    const raw = await new Dexie(name).open();
    const record = await raw.table('identities').get(gone.id);
    await gallery.staff.withdraw(gone.id);
    expect([who(1), who(2)]).toEqual([null, kept.id]);
    for (const table of ['identities', 'templates', 'staffParts'])
      expect(await raw.table(table).get(gone.id)).toBeUndefined();
    // No key opens what the disk still holds of the record.
    await raw.table('identities').put(record);
    raw.close();
    await reopen();
    const { people, damaged } = await gallery.load();
    expect(people.map(({ id }) => id)).toEqual([kept.id]);
    expect(damaged).toEqual([{ id: gone.id, reason: expect.stringContaining('key is gone') }]);
  });

  it('are purged when their consent runs out, and by nothing else', async () => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const { id } = await gallery.enrol({
      ...newPerson('short', 1),
      consent: { version: '1', givenAt: AT, expiresAt: soon },
    });
    const long = await gallery.enrol({
      ...newPerson('long', 2),
      consent: { version: '1', givenAt: new Date().toISOString() },
    });
    await reopen();
    expect((await gallery.load()).people).toHaveLength(2);
    vi.useFakeTimers({ now: Date.parse(soon) + 1, toFake: ['Date'] });
    await reopen();
    expect((await gallery.load()).people.map((person) => person.id)).toEqual([long.id]);
    vi.useRealTimers();
    const { entries } = await gallery.staff.log(1000);
    expect(entries.find(({ action }) => action === 'expired')).toMatchObject({ person: id, actor: 'kiosk' });
  });

  it('of the demonstration go with one touch', async () => {
    const kept = await gallery.enrol(newPerson('kept', 1));
    await gallery.enrol(newPerson('demo 1', 4, true));
    await gallery.enrol(newPerson('demo 2', 5, true));
    await gallery.removeDemo();
    expect((await gallery.load()).people.map(({ id }) => id)).toEqual([kept.id]);
  });

  it('of the demonstration leave the gallery of real customers, where earlier versions enrolled them', async () => {
    for (const [where, left] of [
      [GALLERY_DATABASE, ['kept']],
      [DEMO_DATABASE, ['kept', 'demo']],
    ] as const) {
      const before = await openGallery({ name: where, rounds: ROUNDS });
      await before.enrol(newPerson('kept', 1));
      await before.enrol(newPerson('demo', 4, true));
      before.close();
      const after = await openGallery({ name: where, rounds: ROUNDS });
      expect((await after.load()).people.map((person) => person.name)).toEqual(left);
      after.close();
    }
  });

  it('are not written where they could not be read back', async () => {
    const person = newPerson('odd', 1);
    const crooked = { ...template(1), embedding: new Float32Array(512).fill(1) };
    for (const bad of [{ templates: [crooked] }, { templates: [] }, { name: '  ' }])
      await expect(gallery.enrol({ ...person, ...bad })).rejects.toMatchObject({ code: 'invalid-person' });
    expect((await gallery.load()).people).toEqual([]);
  });

  it('of another model are kept, marked and never compared', async () => {
    const old = await gallery.enrol({ ...newPerson('old', 1), templates: [template(1, OTHER_MODEL)] });
    expect(who(1)).toBeNull();
    expect(await gallery.staff.person(old.id)).toMatchObject({ currentTemplates: 0, oldTemplates: 1 });
    expect(() => gallery.matcher.identify({ embedding: near(1), modelHash: OTHER_MODEL })).toThrow(
      /different models/,
    );
    await gallery.staff.addTemplates(old.id, [template(1)]);
    expect(who(1)).toBe(old.id);
    expect(await gallery.staff.person(old.id)).toMatchObject({ currentTemplates: 1, oldTemplates: 1 });
    await gallery.matcher.setModel({ ...running, modelHash: OTHER_MODEL });
    const decision = gallery.matcher.identify({ embedding: near(1), modelHash: OTHER_MODEL });
    expect(decision).toMatchObject({ kind: 'known', personId: old.id });
  });
});

describe('the store', () => {
  it('holds neither name, note, telephone number nor template in plain', async () => {
    const person = newPerson('Kim Haneul Plaintext', 1);
    const { id } = await gallery.enrol({ ...person, access: { telephone: '010-1234-5678', pin: '2468' } });
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
    for (const text of ['Kim Haneul', 'secret remark', '010-1234-5678', '01012345678', '2468'])
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
      gallery.close();
      gallery = await open();
      const { people, damaged } = await gallery.load();
      expect(people).toEqual([good]);
      expect(damaged.map(({ id }) => id)).toEqual([bad.id]);
    }
    await gallery.discardDamaged(bad.id);
    expect(await gallery.load()).toEqual({ people: [good], damaged: [], lost: null, clock: null });
  });

  it('lays templates and names of two people never crosswise', async () => {
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

  it('mends the index from the records where the snapshot is gone, damaged or of before', async () => {
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

describe('thresholds', () => {
  it('follow the scores between the people of the gallery, as they come and go', async () => {
    const impostors = { all: { mean: 0, deviation: 0.05 }, alike: { mean: 0, deviation: 0.05 } };
    await gallery.matcher.setModel({ ...running, impostors });
    const threshold = (): number =>
      gallery.staff.strictnessChoices().find(({ strictness }) => strictness === 'normal')!.threshold!;
    const alone = threshold();
    expect(alone).toBeCloseTo(0.5, 6);
    // Ten people who all look a good deal like the first.
    const common = embedding(50);
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      const face = embedding(60 + i).map((value, k) => value + common[k]!);
      const length = Math.hypot(...face);
      const alike = { ...template(60 + i), embedding: face.map((value) => value / length) };
      ids.push((await gallery.enrol({ ...newPerson(`p${i}`, 60 + i), templates: [alike] })).id);
    }
    const crowded = threshold();
    expect(crowded).toBeGreaterThan(alone + 0.1);
    const probe = embedding(99).map((value, k) => value + common[k]!);
    const length = Math.hypot(...probe);
    const decision = gallery.matcher.identify({
      embedding: probe.map((value) => value / length),
      modelHash: MODEL,
    });
    expect(decision).toMatchObject({ kind: 'unknown', threshold: expect.closeTo(crowded, 6) });
    for (const id of ids.slice(1)) await gallery.staff.withdraw(id);
    expect(threshold()).toBeCloseTo(alone, 6);
  });
});

describe('a person of several pictures', () => {
  const unitOf = (values: Float32Array): Float32Array => {
    const length = Math.hypot(...values);
    return values.map((value) => value / length);
  };
  const cosine = (a: Float32Array, b: Float32Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  /** The unit vector of a sum, recomputed here. */
  const sumOf = (...parts: readonly Float32Array[]): Float32Array =>
    unitOf(parts[0]!.map((_, i) => parts.reduce((sum, part) => sum + part[i]!, 0)));
  const scoreOf = (probe: Float32Array): number => {
    const decision = gallery.matcher.identify({ embedding: probe, modelHash: MODEL });
    return decision.kind === 'known' ? decision.score : decision.nearest!.score;
  };
  /** Any two are nearly orthogonal, as pictures of one person never are: the sum and the better of the two lie far apart. */
  const [one, two] = [embedding(31), embedding(32)];
  const person = {
    ...newPerson('anna', 31),
    templates: [
      { ...template(31), embedding: one },
      { ...template(32), embedding: two },
    ],
  };

  it('is searched by their sum, never by the better one', async () => {
    const { id } = await gallery.enrol(person);
    const sum = sumOf(one, two);
    expect(scoreOf(sum)).toBeCloseTo(1, 3);
    expect(scoreOf(one)).toBeCloseTo(cosine(one, sum), 3);
    expect(scoreOf(one)).toBeLessThan(0.8);
    // Whether they are enrolled already is asked of the same template.
    expect(gallery.matcher.alreadyEnrolled({ embedding: sum, modelHash: MODEL })).toMatchObject({
      personId: id,
      score: expect.closeTo(1, 3),
    });
    expect(gallery.matcher.alreadyEnrolled({ embedding: two, modelHash: MODEL })!.score).toBeCloseTo(
      cosine(two, sum),
      3,
    );
  });

  it('keeps each picture’s own template through further ones, a restart, new keys and a restored backup', async () => {
    const { id } = await gallery.enrol(person);
    await gallery.staff.addTemplates(id, [{ ...template(33), embedding: embedding(33) }]);
    const sum = sumOf(one, two, embedding(33));
    const expectSum = async (): Promise<void> => {
      await gallery.matcher.setModel(running);
      expect(scoreOf(sum)).toBeCloseTo(1, 3);
      expect(scoreOf(one)).toBeCloseTo(cosine(one, sum), 3);
      expect((await gallery.staff.person(id)).currentTemplates).toBe(3);
    };
    await expectSum();
    await reopen();
    await expectSum();
    await gallery.staff.rekey();
    await expectSum();
    const file = await gallery.staff.backup('correct horse battery');
    await gallery.staff.replaceTemplates(id, [template(40)]);
    expect(scoreOf(sum)).toBeLessThan(0.3);
    await gallery.staff.restore(file, 'correct horse battery', 'replace');
    await expectSum();
  });

  it('does not keep the others from being found where their pictures cancel each other out', async () => {
    const opposite = one.map((value) => -value);
    const odd = await gallery.enrol({
      ...person,
      templates: [person.templates[0]!, { ...template(31), embedding: opposite }],
    });
    const bora = await gallery.enrol(newPerson('bora', 2));
    expect((await gallery.load()).damaged.map(({ id }) => id)).toEqual([odd.id]);
    await reopen();
    await gallery.matcher.setModel(running);
    expect(who(2)).toBe(bora.id);
    await gallery.matcher.setModel({ ...running, modelHash: OTHER_MODEL });
    await gallery.matcher.setModel(running);
    expect(who(2)).toBe(bora.id);
    expect((await gallery.load()).damaged.map(({ id }) => id)).toEqual([odd.id]);
  });
});

describe('a re-key', () => {
  it('keeps everybody and makes what was before worthless', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.setNote(id, 'a note');
    const raw = await new Dexie(name).open();
    const before = (await raw.table('templates').get(id)) as object;
    const progress: number[] = [];
    await gallery.staff.rekey((share) => progress.push(share));
    expect(progress.at(-1)).toBe(1);
    expect(who(1)).toBe(id);
    expect(await gallery.staff.person(id)).toMatchObject({ note: 'a note' });
    await reopen();
    await gallery.matcher.setModel(running);
    expect(who(1)).toBe(id);
    await raw.table('templates').put(before);
    raw.close();
    const { damaged } = await gallery.staff.people();
    expect(damaged.map((record) => record.id)).toEqual([id]);
  });
});

describe('strictness', () => {
  it('is remembered and says what it means for this gallery', async () => {
    await gallery.enrol(newPerson('anna', 1));
    const thresholds = gallery.staff.strictnessChoices().map(({ threshold }) => threshold!);
    expect(thresholds).toEqual([...thresholds].sort((a, b) => a - b));
    expect(gallery.staff.strictnessChoices()[1]).toMatchObject({
      strictness: 'normal',
      oneStrangerIn: 100,
      gallerySize: 1,
    });
    await gallery.staff.setStrictness('strict');
    await reopen();
    expect(gallery.staff.strictness()).toBe('strict');
  });
});

describe('the customers’ side', () => {
  const access = { telephone: '010 1234 5678', pin: '2468' };

  it('opens a page by telephone and PIN, as well without a face', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), templates: [], access });
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    await gallery.customers.visited(id, 'telephone');
    await gallery.customers.saveFrame(id, 'frame-1');
    await gallery.customers.saveFrame(id, 'frame-2');
    await gallery.customers.removeFrame(id, 'frame-1');
    const found = await gallery.customers.lookUp({ telephone: '01012345678', pin: '2468' });
    expect(found).toMatchObject({
      kind: 'found',
      page: { id, visits: 1, savedFrames: ['frame-2'], hasFace: false },
    });
    expect(JSON.stringify(found)).not.toContain('1234');
    expect(await gallery.customers.lookUp({ ...access, pin: '1357' })).toMatchObject({ kind: 'wrong' });
    expect(await gallery.customers.lookUp({ ...access, telephone: '010 9999 9999' })).toMatchObject({
      kind: 'wrong',
    });
  });

  it('makes whoever guesses wait, also after a reload', async () => {
    await gallery.enrol({ ...newPerson('anna', 1), access });
    for (let i = 0; i < 5; i++) await gallery.customers.lookUp({ ...access, pin: '0001' });
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wait' });
    await reopen();
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wait' });
  });

  it('gives one number to one person, keeps it from the shopper’s side and lets staff read it', async () => {
    const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
    await expect(gallery.enrol({ ...newPerson('b', 2), access })).rejects.toMatchObject({
      code: 'access-taken',
    });
    expect((await gallery.staff.person(id)).telephone).toBe('010 1234 5678');
    await gallery.staff.setAccess(id, null);
    expect((await gallery.staff.person(id)).telephone).toBeNull();
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'wrong' });
  });

  it('renews a consent while the console is locked: it holds to its new end, and the log says whose hand it was', async () => {
    const enrolled = await gallery.enrol(newPerson('김민지', 1));
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    const givenAt = new Date(Date.now() + 100 * 86_400_000).toISOString();
    const { consent } = await gallery.customers.renewConsent(enrolled.id, {
      version: '9',
      givenAt,
      language: 'ko',
    });
    expect(consent).toMatchObject({ version: '9', language: 'ko', givenAt });
    expect(Date.parse(consent.expiresAt!)).toBeGreaterThan(Date.parse(enrolled.consent.expiresAt!));
    expect((await gallery.customers.page(enrolled.id)).consent).toEqual(consent);
    await gallery.lock.unlock(PIN);
    const { entries } = await gallery.staff.log(100);
    expect(entries.find(({ action }) => action === 'consent-renewed')).toMatchObject({ actor: 'person' });
  });

  it('withdraws by itself while the console is locked', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    await gallery.customers.withdraw(id);
    expect((await gallery.load()).people).toEqual([]);
    await expect(gallery.customers.page(id)).rejects.toMatchObject({ code: 'unknown-person' });
  });
});

describe('migration', () => {
  it('moves the people of a stored version 1 database, and reports a damaged one', async () => {
    gallery.close();
    name = `${name}-old`;
    const { storeVersion1 } = await import('./test-version-1.ts');
    const stored = await storeVersion1(name);
    gallery = await open();
    await gallery.matcher.setModel(running);
    const { people, damaged } = await gallery.load();
    expect(people.map((person) => person.name)).toEqual(['김하늘']);
    expect(people[0]).toMatchObject({ id: stored.good, consent: { version: '1', givenAt: AT } });
    expect(who(1)).toBe(stored.good);
    expect(damaged.map(({ id }) => id)).toEqual([stored.bad]);
    await reopen();
    expect((await gallery.load()).people).toHaveLength(1);
    expect((await gallery.load()).damaged).toHaveLength(1);
    const raw = await new Dexie(name).open();
    expect(await raw.table('people').toCollection().primaryKeys()).toEqual([stored.bad]);
    raw.close();
    await gallery.discardDamaged(stored.bad);
    expect((await gallery.load()).damaged).toEqual([]);
    expect(embedding(1)).toHaveLength(512);
  });
});
