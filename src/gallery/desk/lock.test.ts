import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';

const PIN = '493817';
const WRONG = '493818';
const TIMEOUT = 60_000;

const tick = (milliseconds: number): void => clock.pass(milliseconds);

let clock: TwoClocks;
beforeEach(() => {
  clock = new TwoClocks();
});
withGallery(() => ({ unlockTimeout: TIMEOUT, clock }));

describe('the staff lock', () => {
  it('is open to whoever comes first, until a PIN is set; then it holds over a restart', async () => {
    expect(gallery.lock.state()).toEqual({ kind: 'unset' });
    for (const weak of ['12345', '123456', '987654', '111111', '0000000', 'abcdef', '12345678901234'])
      await expect(gallery.lock.setPin(weak)).rejects.toMatchObject({ code: 'weak-pin' });
    await gallery.lock.setPin(PIN);
    expect(gallery.lock.state().kind).toBe('open');
    await expect(gallery.lock.setPin('284913')).rejects.toMatchObject({ code: 'already-set' });
    await reopen();
    expect(gallery.lock.state()).toEqual({ kind: 'locked', failures: 0, retryAt: null });
    expect(await gallery.lock.unlock(WRONG)).toEqual({ kind: 'wrong', retryAt: null });
    expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'open' });
    expect(gallery.lock.state()).toMatchObject({ kind: 'open' });
  });

  it('is not kept open once its time is up: a computer that slept wakes to a locked console', async () => {
    await gallery.lock.setPin(PIN);
    // While a computer sleeps no timer runs; the first touch may come before the one that locks.
    tick(8 * 3_600_000);
    gallery.lock.keepOpen();
    expect(gallery.lock.state().kind).toBe('locked');
    await expect(gallery.staff.people()).rejects.toMatchObject({ code: 'locked' });
  });

  it('tells that it is locked from the moment its time is up, without a touch', async () => {
    await gallery.lock.setPin(PIN);
    const told: string[] = [];
    gallery.lock.subscribe(({ kind }) => told.push(kind));
    tick(TIMEOUT + 1);
    expect(gallery.lock.state().kind).toBe('locked');
    expect(told).toEqual(['locked']);
  });

  it('keeps everything of staff’s behind it', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    const { staff } = gallery;
    const file = new Blob(['x']);
    const calls: (() => Promise<unknown>)[] = [
      () => staff.people(),
      () => staff.person(id),
      () => staff.opened(id),
      () => staff.rename(id, 'x'),
      () => staff.setNote(id, 'x'),
      () => staff.setAccess(id, null),
      () => staff.addTemplates(id, []),
      () => staff.replaceTemplates(id, []),
      () => staff.renewConsent(id, { version: '1', givenAt: new Date().toISOString() }),
      () => staff.withdraw(id),
      () => staff.log(1000),
      () => staff.exportLog(),
      () => staff.setStrictness('strict'),
      () => staff.backup('a long passphrase'),
      () => staff.previewBackup(file, 'x'),
      () => staff.restore(file, 'x', 'replace'),
      () => staff.rekey(),
      () => staff.wipe(),
      () => gallery.discardDamaged(id),
    ];
    for (const call of calls) await expect(call()).rejects.toMatchObject({ code: 'locked' });
    expect((await gallery.load()).people).toHaveLength(1);
  });

  it('makes guesses wait longer and longer, also after a reload, and counts those cut off', async () => {
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    for (let i = 0; i < 2; i++) expect(await gallery.lock.unlock(WRONG)).toMatchObject({ retryAt: null });
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      const result = await gallery.lock.unlock(WRONG);
      if (result.kind !== 'wrong' || result.retryAt === null) throw new Error('No waiting was asked for.');
      waits.push(result.retryAt - clock.wall);
      await reopen();
      // Too early: even the right PIN is refused.
      expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'wait', retryAt: result.retryAt });
      tick(waits.at(-1)! + 1);
    }
    expect(waits).toEqual([30_000, 60_000, 120_000, 240_000]);
    expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'open' });
    gallery.lock.lock();
    // The power is cut while a PIN is tried: the try was counted before.
    const pulled = gallery.lock.unlock(WRONG).catch(() => {});
    await pulled;
    await reopen();
    expect(gallery.lock.state()).toMatchObject({ kind: 'locked', failures: 1 });
  });

  it('gives nothing to somebody who damages the count', async () => {
    await gallery.lock.setPin(PIN);
    gallery.close();
    const raw = await new Dexie(name).open();
    await raw.table('meta').put({ id: 'staff-guesses', sealed: new Uint8Array(40) });
    raw.close();
    await reopen();
    expect((await gallery.lock.unlock(PIN)).kind).toBe('wait');
  });

  it('locks by itself, unless it is used', async () => {
    await gallery.lock.setPin(PIN);
    tick(TIMEOUT - 1);
    gallery.lock.keepOpen();
    tick(TIMEOUT - 1);
    await gallery.staff.people();
    tick(2);
    await expect(gallery.staff.people()).rejects.toMatchObject({ code: 'locked' });
    expect(gallery.lock.state().kind).toBe('locked');
  });

  it('takes another PIN, and the old one no more', async () => {
    await gallery.lock.setPin(PIN);
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.staff.setNote(id, 'kept');
    expect((await gallery.lock.changePin(WRONG, '284913')).kind).toBe('wrong');
    expect(await gallery.lock.changePin(PIN, '284913')).toEqual({ kind: 'open' });
    await reopen();
    expect((await gallery.lock.unlock(PIN)).kind).toBe('wrong');
    expect((await gallery.lock.unlock('284913')).kind).toBe('open');
    expect((await gallery.staff.person(id)).note).toBe('kept');
  });
});

describe('the access log', () => {
  it('is a chain over everything that happened', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.lock.setPin(PIN);
    await gallery.customers.visited(id, 'face');
    await gallery.staff.withdraw(id);
    const { entries, intact } = await gallery.staff.log(1000);
    expect(intact).toEqual({ ok: true });
    expect(entries.map(({ action }) => action)).toEqual(['enrolled', 'pin-set', 'recognised', 'withdrawn']);
    expect(entries.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    await gallery.lock.confirm(PIN);
    const lines = (await (await gallery.staff.exportLog()).text()).trim().split('\n');
    expect(JSON.parse(lines[3]!)).toMatchObject({ action: 'withdrawn', person: id });
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({ intact: { ok: true } });
  });

  it('says whose page staff opened, and that they looked into a backup', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await gallery.lock.setPin(PIN);
    await gallery.staff.opened(id);
    await gallery.lock.confirm(PIN);
    const file = await gallery.staff.backup('a long passphrase');
    await gallery.staff.previewBackup(file, 'a long passphrase');
    const { entries } = await gallery.staff.log(1000);
    expect(entries.slice(2)).toMatchObject([
      { actor: 'staff', action: 'person-opened', person: id },
      { actor: 'staff', action: 'backup-made' },
      { actor: 'staff', action: 'backup-previewed' },
    ]);
  });

  it('is checked whole and read as far as was asked for', async () => {
    for (let i = 0; i < 4; i++) await gallery.enrol(newPerson(`p${i}`, i + 1));
    const { entries } = await gallery.staff.log(1000);
    const newest = await gallery.staff.log(2);
    // Reading it wrote a line of its own.
    expect(newest.entries.map(({ action }) => action)).toEqual(['enrolled', 'log-read']);
    expect(newest.entries[0]).toEqual(entries.at(-1));
    expect(newest).toMatchObject({ total: entries.length + 1, intact: { ok: true } });
    const raw = await new Dexie(name).open();
    await raw.table('log').update(1, { at: '2020-01-01T00:00:00.000Z' });
    raw.close();
    expect(await gallery.staff.log(2)).toMatchObject({ entries: [], total: 0, intact: { ok: false } });
  });

  it('shows a line that was changed, taken out or cut off', async () => {
    for (let i = 0; i < 4; i++) await gallery.enrol(newPerson(`p${i}`, i + 1));
    const raw = await new Dexie(name).open();
    const log = raw.table('log');
    const [before, head] = [await log.toArray(), await raw.table('meta').get('log-head')];
    const restore = async () => {
      await log.clear();
      await log.bulkAdd(before);
      await raw.table('meta').put(head);
      // There is no note outside of the store here: what this one remembers is gone with a restart.
      await reopen();
    };
    const attacks: (() => Promise<unknown>)[] = [
      () => log.update(2, { at: '2020-01-01T00:00:00.000Z' }),
      () => log.delete(2),
      () => log.delete(4),
      () => log.put({ ...before[0], seq: 5 }),
      () => log.put({ ...before[1], box: Uint8Array.from(before[1].box).fill(0, 70, 80) }),
      () => raw.table('meta').delete('log-head'),
    ];
    for (const attack of attacks) {
      await restore();
      expect((await gallery.staff.log(1000)).intact).toEqual({ ok: true });
      await restore();
      await attack();
      expect((await gallery.staff.log(1000)).intact.ok).toBe(false);
      // Lines written since do not heal it.
      await gallery.enrol(newPerson('later', 50));
      expect((await gallery.staff.log(1000)).intact.ok).toBe(false);
      expect((await gallery.staff.checkLog()).ok).toBe(false);
    }
    raw.close();
  });
});
