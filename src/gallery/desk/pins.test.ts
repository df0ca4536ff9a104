import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { openStorage } from '../store/storage.ts';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';
import { openStaffKeys } from './staff-keys.ts';

const PIN = '493817';
const WRONG = '493818';
const TIMEOUT = 60_000;

const tick = (milliseconds: number): void => clock.pass(milliseconds);

let clock: TwoClocks;
beforeEach(() => {
  clock = new TwoClocks();
});
withGallery(() => ({ unlockTimeout: TIMEOUT, clock }));

describe('staff with PINs of their own', () => {
  const JIWOO = '730164';
  const lastBy = async () => (await gallery.staff.log(1)).entries.at(-1)?.by;

  it('open the console each with theirs, and the log says who did what', async () => {
    await gallery.lock.setPin(PIN);
    expect(await gallery.lock.addMember(PIN, ' 지우 ', JIWOO)).toEqual({ kind: 'open' });
    const [member] = gallery.lock.members();
    expect(member).toMatchObject({ name: '지우', hasPin: true });
    const jiwoo = { id: member!.id, name: '지우' };
    await reopen();
    expect(() => gallery.lock.members()).toThrow(/locked/);
    expect(await gallery.lock.unlock(JIWOO)).toEqual({ kind: 'open' });
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.setNote(id, 'kept');
    expect(await lastBy()).toEqual(jiwoo);
    gallery.lock.lock();
    expect((await gallery.lock.unlock(PIN)).kind).toBe('open');
    await gallery.staff.setNote(id, 'by the main PIN');
    expect(await lastBy()).toBe('main');
    const { entries } = await gallery.staff.log(100);
    expect(entries.find(({ action }) => action === 'member-added')).toMatchObject({
      by: 'main',
      detail: '지우',
    });
    expect(entries.filter(({ action }) => action === 'locked').map(({ by }) => by)).toEqual([jiwoo]);
  });

  it('are managed by the main PIN alone', async () => {
    await gallery.lock.setPin(PIN);
    await gallery.lock.addMember(PIN, '지우', JIWOO);
    const { id } = gallery.lock.members()[0]!;
    const notMain = { code: 'not-main' };
    await expect(gallery.lock.addMember(JIWOO, '하나', '640182')).rejects.toMatchObject(notMain);
    await expect(gallery.lock.setMemberPin(JIWOO, id, '640182')).rejects.toMatchObject(notMain);
    await expect(gallery.lock.removeMember(JIWOO, id)).rejects.toMatchObject(notMain);
    expect(await gallery.lock.addMember(WRONG, '하나', '640182')).toMatchObject({ kind: 'wrong' });
    expect(gallery.lock.members()).toHaveLength(1);
    await gallery.lock.setMemberPin(PIN, id, '640182');
    gallery.lock.lock();
    expect((await gallery.lock.unlock(JIWOO)).kind).toBe('wrong');
    expect((await gallery.lock.unlock('640182')).kind).toBe('open');
    await gallery.lock.removeMember(PIN, id);
    expect(gallery.lock.members()).toEqual([]);
    gallery.lock.lock();
    expect((await gallery.lock.unlock('640182')).kind).toBe('wrong');
    expect((await gallery.lock.unlock(PIN)).kind).toBe('open');
  });

  it('have one PIN each, and nobody finds out another’s by trying to take it', async () => {
    await gallery.lock.setPin(PIN);
    await gallery.lock.addMember(PIN, '지우', JIWOO);
    const taken = { code: 'pin-taken' };
    await expect(gallery.lock.addMember(PIN, '하나', JIWOO)).rejects.toMatchObject(taken);
    for (let tries = 0; tries < 2; tries++)
      await expect(gallery.lock.changePin(JIWOO, PIN)).rejects.toMatchObject(taken);
    gallery.lock.lock();
    expect(gallery.lock.state()).toMatchObject({ kind: 'locked', failures: 1 });
    // One's own PIN may be kept, and another one chosen.
    expect((await gallery.lock.changePin(JIWOO, JIWOO)).kind).toBe('open');
    expect((await gallery.lock.changePin(JIWOO, '640182')).kind).toBe('open');
    expect(await lastBy()).toMatchObject({ name: '지우' });
  });

  it('begin with the one PIN of before, which is the main one', async () => {
    await gallery.lock.setPin(PIN);
    const { id } = await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    // As the version before wrote it: without members.
    const storage = await openStorage(name, clock);
    const { members: _, ...before } = await openStaffKeys(storage);
    for (const id of ['staff', 'staff-copy']) await storage.meta.put(id, before);
    storage.database.close();
    await reopen();
    expect((await gallery.lock.unlock(PIN)).kind).toBe('open');
    expect((await gallery.staff.person(id)).name).toBe('anna');
    await gallery.lock.addMember(PIN, '지우', JIWOO);
    await reopen();
    expect((await gallery.lock.unlock(JIWOO)).kind).toBe('open');
  });
});

describe('what an unattended console must not give away', () => {
  it('asks for the PIN again, once for each act, and not for ever', async () => {
    await gallery.lock.setPin(PIN);
    const { staff, lock } = gallery;
    const passphrase = 'a long passphrase';
    const again = { code: 'pin-again' };
    const acts = [
      () => staff.backup(passphrase),
      () => staff.exportLog(),
      () => staff.restore(new Blob(['x']), passphrase, 'replace'),
      () => staff.rekey(),
      () => staff.wipe(),
    ];
    for (const act of acts) await expect(act()).rejects.toMatchObject(again);
    expect(await lock.confirm(WRONG)).toMatchObject({ kind: 'wrong' });
    await expect(staff.wipe()).rejects.toMatchObject(again);
    expect(await lock.confirm(PIN)).toEqual({ kind: 'open' });
    const file = await staff.backup(passphrase);
    await expect(staff.backup(passphrase)).rejects.toMatchObject(again);
    await lock.confirm(PIN);
    tick(60_001);
    await expect(staff.rekey()).rejects.toMatchObject({ code: expect.stringMatching(/pin-again|locked/) });
    await lock.unlock(PIN);
    await lock.confirm(PIN);
    lock.lock();
    await lock.unlock(PIN);
    await expect(staff.exportLog()).rejects.toMatchObject(again);
    await lock.confirm(PIN);
    await staff.restore(file, passphrase, 'merge');
  });

  it('is not confirmed from outside: a locked console takes no confirmation', async () => {
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    await expect(gallery.lock.confirm(PIN)).rejects.toMatchObject({ code: 'locked' });
  });

  it('nobody is enrolled behind a locked console', async () => {
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    await expect(gallery.enrol(newPerson('anna', 1))).rejects.toMatchObject({ code: 'locked' });
    await gallery.enrol(newPerson('drawn', 2, true));
    expect((await gallery.load()).people).toHaveLength(1);
  });
});
