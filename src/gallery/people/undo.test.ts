import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { TwoClocks } from '../test-clocks.ts';
import { MODEL, near, newPerson, running, template } from '../test-people.ts';

const HOUR = 3_600_000;
const PASSPHRASE = 'correct horse battery';
const PIN = '482915';
const ACCESS = { telephone: '010-1234-5678', pin: '3951' };

let name = '';
let count = 0;
let clock: TwoClocks;
let gallery: GalleryEngine;

async function open(): Promise<void> {
  gallery = await openGallery({ name, rounds: 100, backupCost: { memory: 8, passes: 1 }, clock });
  await gallery.matcher.setModel(running);
}
async function reopen(): Promise<void> {
  gallery.close();
  await open();
}
const people = async () => (await gallery.load()).people;
const names = async () => (await people()).map((one) => one.name).sort();
const who = (seed: number): string | null => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.personId : null;
};
const enrol = (called: string, seed: number) =>
  gallery.enrol({ ...newPerson(called, seed), consent: { version: '1', givenAt: clock.date() } });
const last = async () => (await gallery.staff.undoable())[0]!;
/** Values of the installation that are kept for undoing. */
async function rows(): Promise<readonly string[]> {
  const raw = await new Dexie(name).open();
  const ids = (await raw.table('meta').toCollection().primaryKeys()) as string[];
  raw.close();
  return ids.filter((id) => id.startsWith('undo-'));
}
/** Lets the kiosk look for what is due. */
async function tick(): Promise<void> {
  clock.pass(61_000);
  await new Promise((resolve) => setTimeout(resolve, 100));
}

beforeEach(async () => {
  name = `undo-${++count}`;
  clock = new TwoClocks();
  await open();
});

describe('a removal by staff', () => {
  it('leaves the gallery at once and comes back whole within the day, under a new id', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.setAccess(id, ACCESS);
    await gallery.staff.setNote(id, 'likes round frames');
    await gallery.customers.saveFrame(id, 'jeju-sun');
    await gallery.staff.remove(id);
    expect(await names()).toEqual([]);
    expect(who(1)).toBeNull();
    await reopen();
    const act = await last();
    expect(act).toMatchObject({ action: 'removed', name: 'anna' });
    expect(Date.parse(act.until) - Date.parse(act.at)).toBe(24 * HOUR);
    await gallery.staff.undo(act.id);
    const [back] = await people();
    expect(back!.id).not.toBe(id);
    expect(await gallery.staff.person(back!.id)).toMatchObject({
      name: 'anna',
      note: 'likes round frames',
      telephone: ACCESS.telephone,
    });
    expect(who(1)).toBe(back!.id);
    expect(await gallery.customers.lookUp(ACCESS)).toMatchObject({
      kind: 'found',
      page: { savedFrames: ['jeju-sun'] },
    });
    expect(await gallery.staff.undoable()).toEqual([]);
    expect(await rows()).toEqual([]);
  });

  it('is final after the day by the trusted time, without anybody asking', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    clock.pass(23 * HOUR);
    await tick();
    expect(await rows()).toHaveLength(1);
    clock.pass(HOUR);
    const [act] = await gallery.staff.undoable();
    expect(act).toBeUndefined();
    await tick();
    await vi.waitFor(async () => expect(await rows()).toEqual([]), { timeout: 20_000 });
    const { entries } = await gallery.staff.log(3);
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'removal-final', actor: 'kiosk', person: id }),
    );
  });

  it('outlives no clock that jumps ahead: it is kept until the date is confirmed, and then erased', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    gallery.close();
    clock.setWall(clock.wall + 40 * 24 * HOUR);
    await open();
    expect(await rows()).toHaveLength(1);
    await gallery.staff.confirmDate();
    await tick();
    await vi.waitFor(async () => expect(await rows()).toEqual([]), { timeout: 20_000 });
  });

  it('is in no backup made in between, and no older backup brings it back', async () => {
    const { id } = await enrol('anna', 1);
    await enrol('bora', 2);
    const older = await gallery.staff.backup(PASSPHRASE);
    await gallery.staff.remove(id);
    const between = await gallery.staff.backup(PASSPHRASE);
    expect(await gallery.staff.previewBackup(between, PASSPHRASE)).toMatchObject({ people: 1 });
    for (const mode of ['merge', 'replace'] as const) {
      expect(await gallery.staff.restore(older, PASSPHRASE, mode)).toMatchObject({ withdrawn: 1 });
      expect(await names()).toEqual(['bora']);
    }
    await gallery.staff.undo((await last()).id);
    // Neither backup erases whom staff brought back.
    for (const file of [older, between]) {
      await gallery.staff.restore(file, PASSPHRASE, 'merge');
      expect(await names()).toEqual(['anna', 'bora']);
    }
  });

  it('comes back as the look-alike of whoever looks like them, so that neither is guessed', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('bora', 2)];
    await gallery.staff.noteLookAlike(a.id, b.id);
    await gallery.staff.remove(a.id);
    await gallery.staff.undo((await last()).id);
    const back = (await people()).find((one) => one.name === 'anna')!;
    const bora = (await people()).find((one) => one.name === 'bora')!;
    expect(back.lookAlikes).toEqual([b.id]);
    expect(bora.lookAlikes).toContain(back.id);
  });

  it('can be made final at once', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    await gallery.staff.forget((await last()).id);
    expect(await rows()).toEqual([]);
    expect(await gallery.staff.undoable()).toEqual([]);
  });

  it('brings nobody back whose number is somebody else’s by now, or whose consent has run out', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.setAccess(id, ACCESS);
    await gallery.staff.remove(id);
    await gallery.enrol({
      ...newPerson('bora', 2),
      consent: { version: '1', givenAt: clock.date() },
      access: ACCESS,
    });
    await gallery.staff.undo((await last()).id);
    const anna = (await people()).find((one) => one.name === 'anna')!;
    expect((await gallery.staff.person(anna.id)).telephone).toBeNull();
    expect(await gallery.customers.lookUp(ACCESS)).toMatchObject({ kind: 'found', page: { name: 'bora' } });

    const soon = new Date(Date.parse(clock.date()) + HOUR).toISOString();
    const { id: short } = await gallery.enrol({
      ...newPerson('cho', 3),
      consent: { version: '1', givenAt: clock.date(), expiresAt: soon },
    });
    await gallery.staff.remove(short);
    expect((await last()).until).toBe(soon);
  });

  it('is refused an undo after new keys were made, and nothing of it is left', async () => {
    const { id } = await enrol('anna', 1);
    await enrol('bora', 2);
    await gallery.staff.remove(id);
    await gallery.staff.rekey();
    expect(await rows()).toEqual([]);
  });
});

describe('a customer’s own erasure', () => {
  it('takes along what is kept of staff’s acts on the record', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.rename(id, 'hanna');
    expect(await rows()).toHaveLength(1);
    await gallery.customers.withdraw(id, { kind: 'head-turned' });
    expect(await rows()).toEqual([]);
    expect(await gallery.staff.undoable()).toEqual([]);
  });

  it('is not kept, by staff neither where the customer asks them', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.withdraw(id);
    expect(await gallery.staff.undoable()).toEqual([]);
  });

  it('takes along both records of a merge', async () => {
    const [a, b] = [await enrol('anna', 1), await enrol('anna again', 1)];
    await gallery.staff.merge(a.id, b.id);
    await gallery.customers.withdraw(a.id, { kind: 'head-turned' });
    expect(await rows()).toEqual([]);
  });
});

describe('the last change by staff', () => {
  it('can be undone, and what has changed since stays', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.rename(id, 'hanna');
    await gallery.customers.visited(id, 'face');
    await gallery.customers.saveFrame(id, 'jeju-sun');
    expect(await last()).toMatchObject({ action: 'renamed', name: 'anna' });
    await gallery.staff.undo((await last()).id);
    expect(await gallery.staff.person(id)).toMatchObject({ name: 'anna', visits: 1 });
    expect((await gallery.customers.page(id)).savedFrames).toEqual(['jeju-sun']);
    expect((await gallery.staff.log(1)).entries).toMatchObject([
      { action: 'undone', person: id, detail: 'renamed' },
    ]);
  });

  it('is the only one that can: a later one makes it final', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.rename(id, 'hanna');
    await gallery.staff.setNote(id, 'a note');
    expect((await gallery.staff.undoable()).map(({ action }) => action)).toEqual(['note-changed']);
    await gallery.staff.undo((await last()).id);
    expect(await gallery.staff.person(id)).toMatchObject({ name: 'hanna', note: '' });
  });

  it.each([
    ['access-changed', (id: string) => gallery.staff.setAccess(id, ACCESS)],
    ['re-enrolled', (id: string) => gallery.staff.replaceTemplates(id, [template(7)])],
    ['picture-added', (id: string) => gallery.staff.addTemplates(id, [template(1)])],
    [
      'consent-renewed',
      (id: string) => gallery.staff.renewConsent(id, { version: '2', givenAt: clock.date() }),
    ],
  ] as const)('is undone where it was %s', async (action, act) => {
    const { id } = await enrol('anna', 1);
    const before = await gallery.staff.person(id);
    clock.pass(1_000);
    await act(id);
    expect(await gallery.staff.person(id)).not.toEqual(before);
    expect((await last()).action).toBe(action);
    await gallery.staff.undo((await last()).id);
    expect(await gallery.staff.person(id)).toEqual(before);
    expect([who(1), who(7)]).toEqual([id, null]);
  });

  it('gives nobody a number back that somebody else has by now', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.setAccess(id, ACCESS);
    await gallery.staff.setAccess(id, null);
    await gallery.enrol({
      ...newPerson('bora', 2),
      consent: { version: '1', givenAt: clock.date() },
      access: ACCESS,
    });
    await expect(gallery.staff.undo((await last()).id)).rejects.toMatchObject({ code: 'access-taken' });
  });

  it('is nobody’s without the PIN', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    for (const asked of [gallery.staff.undoable(), gallery.staff.undo('x'), gallery.staff.remove(id)])
      await expect(asked).rejects.toMatchObject({ code: 'locked' });
  });
});

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

describe('what is kept for undoing', () => {
  it('opens with staff’s key alone: neither name nor number lies there in plain', async () => {
    const { id } = await enrol('a rare name', 1);
    await gallery.staff.setAccess(id, ACCESS);
    await gallery.staff.remove(id);
    const raw = await new Dexie(name).open();
    const everything = JSON.stringify(await raw.table('meta').toArray(), (_, value) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    raw.close();
    expect(everything).not.toContain('a rare name');
    expect(everything).not.toContain('1234');
  });

  it('is forgotten where its row is damaged, and the gallery opens', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    gallery.close();
    const [row] = await rows();
    const raw = await new Dexie(name).open();
    await raw.table('meta').put({ id: row, sealed: new Uint8Array(40) });
    raw.close();
    await open();
    expect(await gallery.staff.undoable()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});
