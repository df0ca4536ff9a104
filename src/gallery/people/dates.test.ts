import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { beforeEach, describe, expect, it } from 'vitest';
import type { GalleryEngine } from '../contract/gallery.ts';
import { openGallery } from '../gallery.ts';
import { TwoClocks } from '../test-clocks.ts';
import { newPerson } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';

const DAY = 86_400_000;
const NOW = Date.UTC(2026, 10, 28);
const PASSPHRASE = 'correct horse battery';

let name = '';
let count = 0;
let clock: TwoClocks;
let gallery: GalleryEngine;
let built: number | null;

const iso = (moment: number): string => new Date(moment).toISOString();
async function open(): Promise<void> {
  gallery = await openGallery({
    name,
    rounds: 100,
    backupCost: { memory: 8, passes: 1 },
    clock,
    built,
  });
}
async function reopenAt(wall: number): Promise<void> {
  gallery.close();
  clock.setWall(wall);
  await open();
}
const people = async () => (await gallery.load()).people;
const names = async (): Promise<string[]> => (await people()).map((person) => person.name).sort();
const consented = (who: string, seed: number, days = 30) => ({
  ...newPerson(who, seed),
  consent: { version: '1', givenAt: clock.date(), expiresAt: iso(Date.parse(clock.date()) + days * DAY) },
});
/** Lets the kiosk look for what is due. */
async function tick(): Promise<void> {
  clock.pass(61_000);
  await quiet();
}

beforeEach(async () => {
  name = `dates-${++count}`;
  clock = new TwoClocks();
  clock.setWall(NOW);
  built = NOW - 60 * DAY;
  await open();
});

describe('expired consents', () => {
  it('are erased and logged once, also where the next look comes before the last one is through', async () => {
    await gallery.enrol(consented('expired', 1, 1));
    clock.pass(2 * DAY);
    for (let i = 0; i < 3; i++) clock.pass(61_000);
    await quiet();
    expect(await names()).toEqual([]);
    const { entries } = await gallery.staff.log(100);
    expect(entries.filter(({ action }) => action === 'expired')).toHaveLength(1);
    gallery.close();
  });
});

describe('a clock that is ahead', () => {
  it.each([2036, 2090])('erases nobody, neither at a start in %i nor while the kiosk runs', async (year) => {
    for (let i = 0; i < 3; i++) await gallery.enrol(consented(`p${i}`, i + 1));
    await reopenAt(Date.UTC(year, 0, 1));
    await tick();
    expect(await names()).toEqual(['p0', 'p1', 'p2']);
    expect((await gallery.load()).clock).toMatchObject({
      reason: 'ahead',
      known: expect.stringMatching(/^2026-11-28/),
    });
    await reopenAt(NOW + 60_000);
    expect((await gallery.load()).clock).toBeNull();
    clock.setWall(Date.UTC(year, 0, 1));
    await tick();
    expect(await names()).toEqual(['p0', 'p1', 'p2']);
    gallery.close();
  });

  it('makes no backup look expired, and a restore that replaces erases nobody', async () => {
    await gallery.enrol(consented('anna', 1));
    const file = await gallery.staff.backup(PASSPHRASE);
    await reopenAt(Date.UTC(2090, 0, 1));
    expect(await gallery.staff.previewBackup(file, PASSPHRASE)).toMatchObject({ expired: 0, unchanged: 1 });
    await gallery.staff.restore(file, PASSPHRASE, 'replace');
    expect(await names()).toEqual(['anna']);
    gallery.close();
  });

  it('is believed once staff confirm the date: whose consent ended is erased then', async () => {
    await gallery.enrol(consented('short', 1, 30));
    await gallery.enrol(consented('long', 2, 90));
    await reopenAt(NOW + 40 * DAY);
    expect(await names()).toEqual(['long', 'short']);
    await gallery.staff.confirmDate();
    expect((await gallery.load()).clock).toBeNull();
    await tick();
    expect(await names()).toEqual(['long']);
    const { entries } = await gallery.staff.log(100);
    expect(entries.find(({ action }) => action === 'date-confirmed')).toMatchObject({ actor: 'staff' });
    expect(entries.find(({ action }) => action === 'expired')).toMatchObject({ actor: 'kiosk' });
    gallery.close();
  });
});

describe('a kiosk that was off from Saturday to Monday', () => {
  const MONDAY = NOW + 1.7 * DAY;
  const asked = async () => (await gallery.load()).clock?.reason ?? null;

  it('asks nobody for the date, dates whom it enrols, and erases days later whose consent ended', async () => {
    await gallery.enrol(consented('ended', 1, 1.5));
    await gallery.enrol(consented('holds', 2, 90));
    await reopenAt(MONDAY);
    await gallery.enrol(consented('new', 3, 90));
    await tick();
    expect([await asked(), await names()]).toEqual([null, ['ended', 'holds', 'new']]);
    const fresh = (await people()).find((one) => one.name === 'new')!;
    expect(fresh.consent.givenAt).toBe(iso(MONDAY));
    // The next mornings know that it is not proven yet.
    for (const days of [0.7, 1.3, 2]) {
      await reopenAt(MONDAY + days * DAY);
      await tick();
      expect([await asked(), await names()]).toEqual([
        null,
        days < 2 ? ['ended', 'holds', 'new'] : ['holds', 'new'],
      ]);
    }
    gallery.close();
  });

  it('takes dates back and erases nobody where the clock was ahead and is set right', async () => {
    await gallery.enrol(consented('soon', 1, 3));
    for (const restart of [false, true]) {
      const began = clock.wall;
      await reopenAt(began + 3.5 * DAY);
      const { id } = await gallery.enrol(consented(`new${restart}`, restart ? 3 : 2, 90));
      await tick();
      expect((await names()).includes('soon')).toBe(true);
      if (restart) await reopenAt(began + 3_600_000);
      else clock.setWall(began + 3_600_000);
      await tick();
      expect([await asked(), (await names()).includes('soon')]).toEqual([null, true]);
      const fresh = (await people()).find((person) => person.id === id)!;
      for (const date of [fresh.enrolledAt, fresh.consent.givenAt]) {
        expect(Date.parse(date)).toBeGreaterThanOrEqual(began - 3_600_000);
        expect(Date.parse(date)).toBeLessThanOrEqual(began + 2 * 3_600_000);
      }
      expect(Date.parse(fresh.consent.expiresAt!) - Date.parse(fresh.consent.givenAt)).toBe(90 * DAY);
    }
    gallery.close();
  });

  it('asks after a week', async () => {
    await gallery.enrol(consented('anna', 1, 3));
    await reopenAt(NOW + 7 * DAY);
    expect([await asked(), await names()]).toEqual(['ahead', ['anna']]);
    gallery.close();
  });
});

describe('a damaged record', () => {
  async function spoil(id: string, change: (record: Record<string, unknown>) => void): Promise<void> {
    gallery.close();
    const raw = await new Dexie(name).open();
    const record = (await raw.table('identities').get(id)) as Record<string, unknown>;
    change(record);
    await raw.table('identities').put(record);
    raw.close();
    await open();
    // The first look for what is due notes since when the record is known to be damaged.
    await quiet();
  }
  const damaged = async () => (await gallery.load()).damaged.map(({ id }) => id);

  it('expires on its date as others do, and not before', async () => {
    const { id } = await gallery.enrol(consented('anna', 1, 0.5));
    await spoil(id, (record) => {
      record['sealed'] = new Uint8Array(200);
    });
    expect(await damaged()).toEqual([id]);
    clock.pass(DAY / 2 - 120_000);
    await tick();
    expect(await damaged()).toEqual([id]);
    clock.pass(DAY / 2);
    await tick();
    expect(await damaged()).toEqual([]);
    gallery.close();
  });

  it('without a date expires as long after it was found as a consent holds', async () => {
    const { id } = await gallery.enrol(consented('anna', 1, 90));
    await spoil(id, (record) => {
      record['sealed'] = new Uint8Array(200);
      record['expiresAt'] = 7;
    });
    clock.pass(364 * DAY);
    await tick();
    expect(await damaged()).toEqual([id]);
    clock.pass(3 * DAY);
    await tick();
    expect(await damaged()).toEqual([]);
    gallery.close();
  });
});

describe('a person enrolled while the clock was wrong', () => {
  it.each([2000, 2090])('in %i gets the right dates once the clock is right', async (year) => {
    await reopenAt(Date.UTC(year, 0, 1));
    const { id } = await gallery.enrol(consented('anna', 1, 90));
    await tick();
    await reopenAt(NOW + DAY / 2);
    await tick();
    const [anna] = await people();
    expect(anna!.id).toBe(id);
    for (const date of [anna!.enrolledAt, anna!.consent.givenAt]) {
      expect(Date.parse(date)).toBeGreaterThanOrEqual(NOW);
      expect(Date.parse(date)).toBeLessThanOrEqual(NOW + DAY);
    }
    expect(Date.parse(anna!.consent.expiresAt!) - Date.parse(anna!.consent.givenAt)).toBe(90 * DAY);
    gallery.close();
  });

  it('gets the very date where the clock is set right while the kiosk runs', async () => {
    clock.setWall(Date.UTC(2000, 0, 1));
    const { id } = await gallery.enrol(consented('anna', 1, 90));
    clock.setWall(NOW + 5 * 3_600_000);
    await tick();
    const [anna] = await people();
    expect(anna).toMatchObject({ id, consent: { givenAt: iso(NOW + 5 * 3_600_000) } });
    gallery.close();
  });

  it('by an earlier version in 2090 gets today’s date when staff confirm it', async () => {
    gallery.close();
    name = `${name}-first`;
    built = null;
    clock.setWall(Date.UTC(2090, 0, 1));
    await open();
    await gallery.enrol(consented('anna', 1, 365));
    // Earlier versions kept no mark.
    const raw = await new Dexie(name).open();
    await raw.table('meta').delete('time');
    raw.close();
    await reopenAt(NOW);
    expect((await gallery.load()).clock).toMatchObject({ reason: 'behind' });
    await gallery.staff.confirmDate();
    const [anna] = await people();
    expect(anna!.consent).toMatchObject({ givenAt: iso(NOW), expiresAt: iso(NOW + 365 * DAY) });
    await reopenAt(NOW + 3_600_000);
    expect((await gallery.load()).clock).toBeNull();
    gallery.close();
  });
});
