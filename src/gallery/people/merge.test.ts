import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { openGallery } from '../gallery.ts';
import { gallery, name, who } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';
import {
  ACCESS,
  clock,
  enrol,
  HOUR,
  last,
  names,
  PASSPHRASE,
  PIN,
  people,
  reopen,
  withUndo,
} from '../test-undo.ts';

withUndo();

describe('a merge of two records', () => {
  const consent = (version: string, givenAt: string) => ({ version, givenAt });

  it('keeps one record with the later consent, both notes, all visits and one template', async () => {
    const a = await enrol('anna', 1);
    clock.pass(HOUR);
    const b = await gallery.enrol({
      ...newPerson('anna again', 1),
      consent: { ...consent('2', clock.date()), by: 'guardian' },
      access: ACCESS,
    });
    await gallery.staff.setNote(a.id, 'round frames');
    await gallery.staff.setNote(b.id, 'narrow nose');
    for (const id of [a.id, b.id, b.id]) await gallery.customers.visited(id, 'face');
    expect(who(1)).toBeNull();
    expect(await gallery.staff.mergePreview(a.id, b.id)).toEqual({
      faces: 'alike',
      consentOf: 'other',
      losesFace: false,
      losesNumber: false,
      noteTooLong: false,
      visits: 3,
    });
    await gallery.staff.merge(a.id, b.id);
    expect(await names()).toEqual(['anna']);
    expect(await gallery.staff.person(a.id)).toMatchObject({
      note: 'round frames\nnarrow nose',
      telephone: ACCESS.telephone,
      visits: 3,
      currentTemplates: 6,
      consent: { version: '2', by: 'guardian' },
    });
    expect(who(1)).toBe(a.id);
    expect((await gallery.staff.log(2)).entries.map(({ action, person }) => [action, person])).toEqual([
      ['merged', a.id],
      ['merged', b.id],
    ]);
    await reopen();
    expect(who(1)).toBe(a.id);
  });

  it('keeps no face where the later consent is one without a face', async () => {
    const a = await enrol('anna', 1);
    clock.pass(HOUR);
    const b = await gallery.enrol({
      ...newPerson('anna', 1),
      templates: [],
      consent: consent('1-telephone', clock.date()),
      access: ACCESS,
    });
    expect(await gallery.staff.mergePreview(a.id, b.id)).toMatchObject({
      losesFace: true,
      faces: 'not-comparable',
    });
    await gallery.staff.merge(a.id, b.id);
    expect(await gallery.staff.person(a.id)).toMatchObject({
      currentTemplates: 0,
      telephone: ACCESS.telephone,
    });
    expect(who(1)).toBeNull();
  });

  it('is refused where the kiosk does not take both faces for one person', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('bora', 2)];
    expect((await gallery.staff.mergePreview(a.id, b.id)).faces).toBe('unlike');
    await expect(gallery.staff.merge(a.id, b.id)).rejects.toMatchObject({ code: 'unlike' });
    expect(await names()).toEqual(['anna', 'bora']);
  });

  it('is refused with itself, and where both notes do not fit into one', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna', 1)];
    await expect(gallery.staff.merge(a.id, a.id)).rejects.toMatchObject({ code: 'invalid-person' });
    for (const id of [a.id, b.id]) await gallery.staff.setNote(id, `${id}${'x'.repeat(300)}`);
    expect((await gallery.staff.mergePreview(a.id, b.id)).noteTooLong).toBe(true);
    await expect(gallery.staff.merge(a.id, b.id)).rejects.toMatchObject({ code: 'invalid-person' });
    expect(await names()).toEqual(['anna', 'anna']);
  });

  it('makes the look-alikes of both those of the one, and forgets that they were noted as two', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna', 1)];
    const c = await enrol('twin', 3);
    await gallery.staff.noteLookAlike(a.id, b.id);
    await gallery.staff.noteLookAlike(b.id, c.id);
    await gallery.staff.merge(a.id, b.id);
    const byId = new Map((await people()).map((one) => [one.id, one]));
    expect(byId.get(a.id)!.lookAlikes).toEqual([c.id]);
    expect(byId.get(c.id)!.lookAlikes).toContain(a.id);
  });

  it('asks for the PIN again', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna', 1)];
    await gallery.lock.setPin(PIN);
    await expect(gallery.staff.merge(a.id, b.id)).rejects.toMatchObject({ code: 'pin-again' });
    await gallery.lock.confirm(PIN);
    await gallery.staff.merge(a.id, b.id);
  });

  it('lets no older backup bring the other record back, here or at another kiosk', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna again', 1)];
    await gallery.staff.rekey();
    const [first, second] = await people();
    const older = await gallery.staff.backup(PASSPHRASE);
    expect([a.id, b.id]).not.toContain(first!.id);
    await gallery.staff.merge(first!.id, second!.id);
    await gallery.staff.restore(older, PASSPHRASE, 'merge');
    expect(await names()).toEqual([first!.name]);
    const newer = await gallery.staff.backup(PASSPHRASE);
    const elsewhere = await openGallery({
      name: `${name}-2`,
      rounds: 100,
      backupCost: { memory: 8, passes: 1 },
      clock,
    });
    await elsewhere.staff.restore(older, PASSPHRASE, 'merge');
    await elsewhere.staff.restore(newer, PASSPHRASE, 'merge');
    expect((await elsewhere.load()).people.map(({ id }) => id)).toEqual([first!.id]);
    elsewhere.close();
  });

  it('is undone: both records are as before, with what has come since', async () => {
    const a = await enrol('anna', 1);
    const b = await gallery.enrol({
      ...newPerson('anna again', 1),
      consent: consent('2', new Date(Date.parse(clock.date()) + 1_000).toISOString()),
      access: ACCESS,
    });
    await gallery.staff.setNote(b.id, 'narrow nose');
    await gallery.customers.visited(b.id, 'face');
    clock.pass(HOUR);
    await gallery.staff.merge(a.id, b.id);
    await gallery.customers.visited(a.id, 'face');
    await gallery.customers.saveFrame(a.id, 'jeju-sun');
    await gallery.staff.undo((await last()).id);
    const other = (await people()).find(({ id }) => id !== a.id)!;
    expect(await gallery.staff.person(a.id)).toMatchObject({
      name: 'anna',
      note: '',
      telephone: null,
      visits: 1,
      currentTemplates: 3,
      consent: { version: '1' },
    });
    expect((await gallery.customers.page(a.id)).savedFrames).toEqual(['jeju-sun']);
    expect(await gallery.staff.person(other.id)).toMatchObject({
      name: 'anna again',
      note: 'narrow nose',
      telephone: ACCESS.telephone,
      visits: 1,
      consent: { version: '2' },
    });
    expect(await gallery.customers.lookUp(ACCESS)).toMatchObject({ kind: 'found', page: { id: other.id } });
  });
});
