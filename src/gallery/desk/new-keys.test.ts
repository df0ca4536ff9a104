import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bytes } from '../crypto/bytes.ts';
import { openStorage } from '../store/storage.ts';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, Paper, reopen as reopenGallery, withGallery } from '../test-gallery.ts';
import { newPerson, running } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';
import { openStoreOf } from '../test-store.ts';
import { openStaffKeys, unwrapWithPin, usable } from './staff-keys.ts';

const PIN = '493817';
const JIWOO = '572946';
const PASSPHRASE = 'correct horse battery';
const access = { telephone: '010-1234-5678', pin: '2468' };

let clock: TwoClocks;
let notes: { readonly seen: Paper; readonly log: Paper };

async function open(): Promise<void> {
  await reopenGallery();
  await gallery.matcher.setModel(running);
}
async function reopen(): Promise<void> {
  await open();
  expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'open' });
  await quiet();
}
async function newKeys(pin = PIN): Promise<void> {
  await gallery.lock.confirm(pin);
  await gallery.staff.rekey();
}
const people = async () => (await gallery.staff.people()).people;
const only = async () => (await people())[0]!;

/** What a thief makes of a copy of the store and the main PIN. */
async function stolen(): Promise<Bytes> {
  const storage = await openStorage(name, clock);
  const digest = (purpose: string, bytes: Bytes) => storage.installation.digest(purpose, bytes);
  const opened = await unwrapWithPin(digest, await openStaffKeys(storage), PIN);
  storage.database.close();
  return opened!.privateKey;
}

/** Something that a key of that name makes, to tell two keys apart that nobody can read. */
async function madeBy(id: 'device' | 'pepper' | 'pin-pepper'): Promise<string> {
  const raw = await new Dexie(name).open();
  const { key } = (await raw.table('keys').get(id)) as { key: CryptoKey };
  raw.close();
  const bytes = new Uint8Array(16);
  const made =
    id === 'device'
      ? await crypto.subtle.encrypt({ name: 'AES-GCM', iv: new Uint8Array(12) }, key, bytes)
      : await crypto.subtle.sign('HMAC', key, bytes);
  return Buffer.from(made).toString('hex');
}

/** Lets so many writes be begun and no more. @returns how many of them were part of a transaction that ended well */
function cutOff(after: number): { landed: number } {
  const writes = { begun: 0, landed: 0 };
  for (const how of ['put', 'add', 'delete'] as const) {
    const write = IDBObjectStore.prototype[how] as (...given: unknown[]) => IDBRequest;
    vi.spyOn(IDBObjectStore.prototype, how).mockImplementation(function dies(
      this: IDBObjectStore,
      ...given: unknown[]
    ) {
      if (++writes.begun > after) throw new DOMException('The power is gone.', 'UnknownError');
      this.transaction.addEventListener('complete', () => void writes.landed++);
      return write.apply(this, given);
    } as never);
  }
  return writes;
}

beforeEach(() => {
  clock = new TwoClocks();
  notes = { seen: new Paper(), log: new Paper() };
});
withGallery(() => ({ clock, note: notes.seen, logNote: notes.log }));
beforeEach(async () => {
  await gallery.lock.setPin(PIN);
  const { id } = await gallery.enrol({ ...newPerson('anna', 1), access });
  await gallery.staff.setNote(id, 'before');
  await quiet();
});
afterEach(() => void vi.restoreAllMocks());

describe('new keys', () => {
  it('replace pepper, device key and staff’s pair: what a thief had of the old store opens nothing of the new one', async () => {
    gallery.close();
    const [privateKey, pepper, device, pins] = [
      await stolen(),
      await madeBy('pepper'),
      await madeBy('device'),
      await madeBy('pin-pepper'),
    ];
    await open();
    await gallery.lock.unlock(PIN);
    await newKeys();
    await gallery.staff.setNote((await only()).id, 'after');
    await reopen();
    const { id, note, telephone } = await only();
    expect({ note, telephone }).toEqual({ note: 'after', telephone: access.telephone });
    expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'found' });
    gallery.close();
    expect(await madeBy('pepper')).not.toBe(pepper);
    expect(await madeBy('device')).not.toBe(device);
    // Nobody but the customers know their PINs.
    expect(await madeBy('pin-pepper')).toBe(pins);
    expect(Buffer.from(await stolen()).equals(Buffer.from(privateKey))).toBe(false);
    const store = await openStoreOf(name);
    const [records] = await store.recordsOf([id]);
    const [old, now] = await Promise.all([usable(privateKey), usable(await stolen())]);
    await expect(store.staffWords(id, old, records!.staff)).rejects.toThrow(/does not open/);
    expect(await store.staffWords(id, now, records!.staff)).toMatchObject({ note: 'after' });
    const lines = (key: CryptoKey) => store.readLog({ current: key, former: [] }, 2);
    expect((await lines(old)).intact).toMatchObject({ ok: false });
    expect((await lines(now)).intact).toEqual({ ok: true });
    store.storage.database.close();
    await open();
  });

  it('leave the log whole, readable from its beginning, and as safe from being cut as before', async () => {
    for (let times = 0; times < 3; times++) {
      await newKeys();
      await gallery.staff.setNote((await only()).id, `after ${times}`);
      if (times === 1) await reopen();
    }
    for (const when of ['at once', 'after a restart']) {
      const { entries, intact } = await gallery.staff.log(200);
      expect([when, intact]).toEqual([when, { ok: true }]);
      const actions = entries.map(({ action }) => action);
      expect(actions[0]).toBe('pin-set');
      expect(actions.filter((one) => one === 're-keyed')).toHaveLength(3);
      await reopen();
    }
    gallery.close();
    const raw = await new Dexie(name).open();
    const last = await raw.table('log').orderBy('seq').last();
    await raw.table('log').delete(last.seq);
    raw.close();
    await open();
    await gallery.lock.unlock(PIN);
    expect((await gallery.staff.log(200)).intact).toMatchObject({ ok: false });
  });

  it('are no loss, and the kiosk knows its backups of before', async () => {
    await gallery.lock.confirm(PIN);
    const file = await gallery.staff.backup(PASSPHRASE);
    await newKeys();
    await reopen();
    expect((await gallery.load()).lost).toBeNull();
    expect(await gallery.staff.previewBackup(file, PASSPHRASE)).toMatchObject({
      logHeld: true,
      unchanged: 1,
    });
  });

  it('are made by the main PIN alone, which sets those of the others anew', async () => {
    await gallery.lock.addMember(PIN, '지우', JIWOO);
    const { id } = await only();
    await gallery.lock.confirm(JIWOO);
    await expect(gallery.staff.rekey()).rejects.toMatchObject({ code: 'not-main' });
    expect((await only()).id).toBe(id);
    expect(gallery.lock.members()).toMatchObject([{ name: '지우', hasPin: true }]);
    await newKeys();
    const [jiwoo] = gallery.lock.members();
    expect(jiwoo).toMatchObject({ name: '지우', hasPin: false });
    gallery.lock.lock();
    expect((await gallery.lock.unlock(JIWOO)).kind).toBe('wrong');
    await gallery.lock.unlock(PIN);
    await gallery.lock.setMemberPin(PIN, jiwoo!.id, JIWOO);
    gallery.lock.lock();
    expect((await gallery.lock.unlock(JIWOO)).kind).toBe('open');
    expect(await only()).toMatchObject({ note: 'before' });
  });

  it('wait for a PIN that is being changed, and one that is changed meanwhile waits for them', async () => {
    for (const [old, next] of [
      [PIN, '640182'],
      ['640182', PIN],
    ] as const) {
      await gallery.lock.confirm(old);
      const works = [() => gallery.staff.rekey(), () => gallery.lock.changePin(old, next)];
      if (old !== PIN) works.reverse();
      const done = await Promise.allSettled(works.map((work) => work()));
      // New keys under a PIN that is another one by now are refused, and nothing is lost.
      expect(done.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
      await open();
      expect(await gallery.lock.unlock(next)).toEqual({ kind: 'open' });
      expect(await only()).toMatchObject({ note: 'before', telephone: access.telephone });
    }
  });

  it('that are cut off at any write leave all of the old keys or all of the new ones', async () => {
    const states = new Set<string>();
    const seen = new Set<string>();
    for (let after = 0, cut = true; cut; after++) {
      const before = [(await only()).id, await madeBy('pepper'), await madeBy('device')];
      const texts = [notes.seen.text, notes.log.text];
      const writes = cutOff(after);
      cut = await newKeys().then(
        () => false,
        () => true,
      );
      vi.restoreAllMocks();
      gallery.close();
      await quiet();
      const told = [notes.seen.text, notes.log.text].map((text, i) => text !== texts[i]);
      await reopen();
      // Cut off at another write of one transaction, the same lies there: it is looked at once.
      const left = [writes.landed, ...told].join();
      if (seen.has(left)) continue;
      seen.add(left);
      const { people, damaged } = await gallery.staff.people();
      const { id, note, telephone } = people[0]!;
      expect([after, note, telephone, damaged]).toEqual([after, 'before', access.telephone, []]);
      expect(await gallery.customers.lookUp(access)).toMatchObject({ kind: 'found', page: { id } });
      // The newest; the whole of it is read at the end.
      expect([after, (await gallery.staff.log(30)).intact]).toEqual([after, { ok: true }]);
      const now = [id, await madeBy('pepper'), await madeBy('device')];
      const changed = now.map((one, i) => one !== before[i]);
      expect([after, new Set(changed).size]).toEqual([after, 1]);
      states.add(changed[0] ? 'new' : 'old');
    }
    expect([...states].sort()).toEqual(['new', 'old']);
    expect((await gallery.staff.log(500)).intact).toEqual({ ok: true });
  });
});
