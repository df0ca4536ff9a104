import 'fake-indexeddb/auto';
import { PEOPLE } from '@rounz/core/people/limits.ts';
import { Dexie } from 'dexie';
import { expect, it } from 'vitest';
import { GALLERY } from './base/config.ts';
import { openGallery } from './gallery.ts';
import { TwoClocks } from './test-clocks.ts';
import { Paper } from './test-gallery.ts';
import { newPerson, running } from './test-people.ts';
import { quiet } from './test-quiet.ts';

const PIN = '493817';
const DAY = 86_400_000;
const STEP = 28 * DAY;
/** Longer than anything is kept. */
const STEPS = Math.ceil((Math.max(GALLERY.logDays, GALLERY.withdrawnDays) * DAY) / STEP) + 13;

/** What the gallery has written, by table. */
async function stored(name: string) {
  const raw = await new Dexie(name).open();
  const counts = Object.fromEntries(
    await Promise.all(raw.tables.map(async (table) => [table.name, await table.count()] as const)),
  );
  const files: { bytes: Uint8Array }[] = await raw.table('files').toArray();
  const [oldest]: { at: string }[] = await raw.table('log').orderBy(':id').limit(1).toArray();
  raw.close();
  return { counts, fileBytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0), oldest: oldest!.at };
}

it('the gallery does not grow with the months: log, visits, keys and withdrawals stay as long as they are needed', async () => {
  const name = 'months';
  const clock = new TwoClocks();
  const withdrawn = new Paper();
  const gallery = await openGallery({ name, rounds: 10, clock, withdrawn });
  await gallery.matcher.setModel(running);
  await gallery.lock.setPin(PIN);
  let half: Awaited<ReturnType<typeof stored>> | undefined;
  let last = '';
  for (let step = 0; step < STEPS; step++) {
    clock.pass(STEP);
    await quiet();
    await gallery.lock.unlock(PIN);
    // One comes and stays a customer for twelve weeks.
    const { id } = await gallery.enrol({
      ...newPerson(`person ${step}`, step + 1),
      consent: { version: '1', givenAt: clock.date() },
    });
    await gallery.customers.visited(id, 'face');
    await gallery.customers.visited(id, 'face');
    const { people } = await gallery.load();
    const leaving = people.filter(({ id: one }) => one !== id).slice(0, Math.max(0, people.length - 3));
    for (const one of leaving) await gallery.staff.withdraw(one.id);
    gallery.lock.lock();
    last = id;
    if (step === STEPS >> 1) half = await stored(name);
  }
  clock.pass(GALLERY.purgeEvery);
  await quiet();
  const page = await gallery.customers.page(last);
  expect(page.visits).toBe(2);
  gallery.close();
  const { counts, fileBytes, oldest } = await stored(name);
  const now = clock.wall;

  expect(Date.parse(oldest)).toBeGreaterThan(now - GALLERY.logDays * DAY - 2 * STEP);
  const kept = Math.ceil((GALLERY.withdrawnDays * DAY) / STEP) + 2;
  expect(counts['tombstones']).toBeGreaterThan(kept / 2);
  expect(counts['tombstones']).toBeLessThanOrEqual(kept);
  expect((JSON.parse(withdrawn.text ?? '[]') as unknown[]).length).toBe(counts['tombstones']);
  // Three people, as at half time, with as many keys and notes.
  for (const table of ['identities', 'templates', 'staffParts', 'meta', 'counters', 'keys'])
    expect(counts[table], table).toBe(half!.counts[table]);
  expect(fileBytes).toBeLessThan(1.5 * half!.fileBytes);
});

it('a withdrawal is remembered for longer than any consent holds', () => {
  expect(GALLERY.withdrawnDays).toBeGreaterThan(PEOPLE.retentionDays);
});

it('a customer who saves frame after frame keeps the newest, and guesses at telephone numbers are counted for so many', async () => {
  const name = 'months-of-one';
  const clock = new TwoClocks();
  const gallery = await openGallery({ name, rounds: 10, clock });
  await gallery.lock.setPin(PIN);
  const { id } = await gallery.enrol(newPerson('anna', 1));
  const frames = Array.from({ length: GALLERY.maxSavedFrames + 10 }, (_, i) => `frame-${i}`);
  for (const frame of frames) await gallery.customers.saveFrame(id, frame);
  expect((await gallery.customers.page(id)).savedFrames).toEqual(frames.slice(-GALLERY.maxSavedFrames));

  const { numbers, kiosk } = GALLERY.customerGuesses;
  /** Bytes that the counts of wrong guesses take. */
  const counted = async (): Promise<number> => {
    const raw = await new Dexie(name).open();
    const row: { sealed: Uint8Array } = await raw.table('meta').get('customer-guesses');
    raw.close();
    return row.sealed.length;
  };
  let full = 0;
  for (let i = 0; i < numbers + 30; i++) {
    clock.pass(kiosk.drainEvery);
    const telephone = `0105555${String(i).padStart(4, '0')}`;
    expect((await gallery.customers.lookUp({ telephone, pin: '1357' })).kind).toBe('wrong');
    if (i === numbers - 1) full = await counted();
  }
  expect(full).toBeGreaterThan(0);
  expect(await counted()).toBeLessThan(1.02 * full);
  gallery.close();
});
