import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import { GALLERY } from '../base/config.ts';
import { openGallery } from '../gallery.ts';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, Paper, reopen, withGallery } from '../test-gallery.ts';
import { newPerson, running } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';
import { openStoreOf } from '../test-store.ts';

const PIN = '493817';
const PASSPHRASE = 'a long passphrase';
const DAY = 86_400_000;

let clock: TwoClocks;
let paper: Paper;

/** What an attacker with the browser's tools does to the closed store. */
async function tamper(work: (raw: Dexie) => Promise<unknown>): Promise<void> {
  await quiet();
  gallery.close();
  const raw = await new Dexie(name).open();
  await work(raw);
  raw.close();
  await reopen();
  await gallery.matcher.setModel(running);
  await gallery.lock.unlock(PIN);
  await quiet();
}
const check = () => gallery.staff.checkLog();
const visit = (id: string) => gallery.customers.visited(id, 'face');

/** The rows that hold where the log ends. */
const ends = async (raw: Dexie) => raw.table('meta').bulkGet(['log-head', 'log-checkpoint']);

beforeEach(() => {
  clock = new TwoClocks();
  paper = new Paper();
});
withGallery(() => ({ unlockTimeout: 3_600_000, clock, logNote: paper }));
beforeEach(async () => {
  await gallery.lock.setPin(PIN);
  await quiet();
});

describe('the access log, cut at its end', () => {
  it('is noticed though the note of its end was set back as well', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    gallery.close();
    const raw = await new Dexie(name).open();
    const [lines, rows] = [await raw.table('log').toArray(), await ends(raw)];
    raw.close();
    await reopen();
    await visit(id);
    await visit(id);
    await tamper(async (database) => {
      await database.table('log').where('seq').above(lines.length).delete();
      await database.table('meta').bulkPut(rows.filter(Boolean));
    });
    expect(await check()).toMatchObject({ ok: false });
    expect((await gallery.staff.log(10)).intact.ok).toBe(false);
    // Lines written since do not heal it.
    for (let i = 0; i < 5; i++) await visit(id);
    await reopen();
    await gallery.lock.unlock(PIN);
    expect(await check()).toMatchObject({ ok: false });
  });

  it('is noticed by a backup where the note outside was removed, too', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await quiet();
    gallery.close();
    const raw = await new Dexie(name).open();
    const [lines, rows] = [await raw.table('log').toArray(), await ends(raw)];
    raw.close();
    await reopen();
    await gallery.matcher.setModel(running);
    await gallery.lock.unlock(PIN);
    await visit(id);
    await gallery.lock.confirm(PIN);
    const file = await gallery.staff.backup(PASSPHRASE);
    expect(await gallery.staff.previewBackup(file, PASSPHRASE)).toMatchObject({ logHeld: true });
    await tamper(async (database) => {
      await database.table('log').where('seq').above(lines.length).delete();
      await database.table('meta').bulkPut(rows.filter(Boolean));
      paper.text = null;
    });
    expect(await check()).toEqual({ ok: true });
    expect(await gallery.staff.previewBackup(file, PASSPHRASE)).toMatchObject({ logHeld: false });
  });

  it('is not taken for cut where the power went before the note outside was written', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    const before = paper.text;
    await visit(id);
    gallery.close();
    paper.text = before;
    await reopen();
    await gallery.lock.unlock(PIN);
    expect(await check()).toEqual({ ok: true });
    expect(paper.text).not.toBe(before);
  });
});

describe('the access log, written anew', () => {
  it('is noticed from before the last signature on, whatever else was made to fit', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await visit(id);
    gallery.lock.lock();
    await quiet();
    // Another kiosk's staff key signs nothing here: the whole chain is replaced by one that fits in itself.
    const other = `${name}-other`;
    const stranger = await openGallery({ name: other, rounds: 1_000, clock, logNote: new Paper() });
    for (let i = 0; i < 6; i++) await stranger.enrol(newPerson(`p${i}`, i + 1));
    stranger.close();
    const foreign = await new Dexie(other).open();
    const lines = await foreign.table('log').toArray();
    foreign.close();
    await tamper(async (raw) => {
      await raw.table('log').clear();
      await raw.table('log').bulkAdd(lines);
      await raw.table('meta').delete('log-head');
      paper.text = null;
    });
    expect(await check()).toMatchObject({ ok: false });
  });

  it('is noticed where the checkpoint is damaged', async () => {
    await gallery.enrol(newPerson('anna', 1));
    await tamper((raw) => raw.table('meta').update('log-checkpoint', { sealed: new Uint8Array(60) }));
    expect(await check()).toMatchObject({ ok: false });
  });

  it('is noticed in an old line by the check of the whole, which follows the newest lines', async () => {
    await gallery.enrol(newPerson('anna', 1));
    await quiet();
    gallery.close();
    const store = await openStoreOf(name);
    await store.commit(() => ({
      log: Array.from({ length: GALLERY.logAtOnce + 50 }, () => ({ actor: 'kiosk', action: 'recognised' })),
      at: clock.date(),
    }));
    store.storage.database.close();
    await reopen();
    await tamper((raw) => raw.table('log').update(2, { at: '2020-01-01T00:00:00.000Z' }));
    const { checkedFrom, intact } = await gallery.staff.log(10);
    expect(checkedFrom).toBeGreaterThan(2);
    expect(intact).toEqual({ ok: true });
    expect(await gallery.staff.checkLog()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('Line 2'),
    });
  });
});

describe('the access log after its time', () => {
  it('loses old lines when staff open the console, and holds from there on', async () => {
    const { id } = await gallery.enrol(newPerson('anna', 1));
    await visit(id);
    clock.pass((GALLERY.logDays + 1) * DAY);
    await reopen();
    await gallery.lock.unlock(PIN);
    await quiet();
    // The clock jumped by two years: staff confirm that it is right.
    await gallery.staff.confirmDate().catch(() => {});
    gallery.lock.lock();
    await quiet();
    await gallery.lock.unlock(PIN);
    await quiet();
    const log = await gallery.staff.log(100);
    expect(log.first).toBeGreaterThan(1);
    expect(log.intact).toEqual({ ok: true });
    expect(await check()).toEqual({ ok: true });
    expect(log.entries.map(({ action }) => action)).not.toContain('enrolled');
    // Removing more of the beginning is noticed: the place where it begins is signed.
    await tamper((raw) => raw.table('log').delete(log.first));
    expect(await check()).toMatchObject({ ok: false });
  });
});
