import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it, vi } from 'vitest';
import { GALLERY } from './base/config.ts';
import { DEMO_DATABASE, GALLERY_DATABASE, openGallery } from './gallery.ts';
import { gallery, name, ROUNDS, reopen, who, withGallery } from './test-gallery.ts';
import { AT, embedding, MODEL, near, newPerson, OTHER_MODEL, running, template } from './test-people.ts';

const PIN = '493817';

withGallery();

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

describe('thresholds', () => {
  it('follow the scores between the people of the gallery, as they come and go', async () => {
    const impostors = { all: { mean: 0, deviation: 0.05 }, lookalikes: { mean: 0, deviation: 0.05 } };
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
