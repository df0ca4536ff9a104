import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { describe, expect, it } from 'vitest';
import { gallery, name, who } from '../test-gallery.ts';
import { newPerson, template } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';
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
  rows,
  withUndo,
} from '../test-undo.ts';

/** Lets the kiosk look for what is due. */
async function tick(): Promise<void> {
  clock.pass(61_000);
  await quiet();
}

withUndo();

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
    expect(await rows()).toEqual([]);
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
    await reopen();
    expect(await rows()).toHaveLength(1);
    await gallery.staff.confirmDate();
    await tick();
    expect(await rows()).toEqual([]);
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

  it('brings no consent back that has run out: not after it was renewed, and not after a merge', async () => {
    const soon = new Date(Date.parse(clock.date()) + HOUR).toISOString();
    const short = { version: '1', givenAt: clock.date(), expiresAt: soon };
    const { id } = await gallery.enrol({ ...newPerson('cho', 3), consent: short });
    await gallery.staff.rename(id, 'jo');
    expect(Date.parse((await last()).until)).toBeGreaterThan(Date.parse(soon));
    await gallery.staff.renewConsent(id, { version: '1', givenAt: clock.date() });
    const renewal = await last();
    expect(renewal).toMatchObject({ action: 'consent-renewed', until: soon });
    clock.pass(HOUR);
    await expect(gallery.staff.undo(renewal.id)).rejects.toMatchObject({ code: 'past-undo' });
    expect(await names()).toEqual(['jo']);

    const ends = new Date(Date.parse(clock.date()) + HOUR).toISOString();
    const kept = await gallery.enrol({
      ...newPerson('anna', 1),
      consent: { version: '1', givenAt: clock.date(), expiresAt: ends },
    });
    clock.pass(1_000);
    const other = await enrol('anna again', 1);
    await gallery.staff.merge(kept.id, other.id);
    expect(await last()).toMatchObject({ action: 'merged', until: ends });
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
    expect(everything).not.toMatch(/1234[ -]?5678/);
  });

  it('is forgotten where its row is damaged, and the gallery opens', async () => {
    const { id } = await enrol('anna', 1);
    await gallery.staff.remove(id);
    gallery.close();
    const [row] = await rows();
    const raw = await new Dexie(name).open();
    await raw.table('meta').put({ id: row, sealed: new Uint8Array(40) });
    raw.close();
    await reopen();
    expect(await gallery.staff.undoable()).toEqual([]);
    expect(await rows()).toEqual([]);
  });
});
