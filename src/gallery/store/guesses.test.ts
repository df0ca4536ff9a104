import 'fake-indexeddb/auto';
import { Dexie } from 'dexie';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GALLERY } from '../base/config.ts';
import { TwoClocks } from '../test-clocks.ts';
import { gallery, name, reopen, withGallery } from '../test-gallery.ts';
import { newPerson } from '../test-people.ts';
import { quiet } from '../test-quiet.ts';

const PIN = '493817';
const WRONG = '493818';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Removes a row behind the gallery's back. */
async function removeMeta(id: string): Promise<void> {
  gallery.close();
  const raw = await new Dexie(name).open();
  await raw.table('meta').delete(id);
  raw.close();
  await reopen();
}

let clock: TwoClocks;
beforeEach(() => {
  clock = new TwoClocks();
});
afterEach(() => void vi.restoreAllMocks());
withGallery(() => ({ clock }));

describe('a wait for the staff PIN', () => {
  async function guess(times: number): Promise<void> {
    await gallery.lock.setPin(PIN);
    gallery.lock.lock();
    for (let i = 0; i < times; i++) await gallery.lock.unlock(WRONG);
  }

  it('is ended by no clock that is set ahead', async () => {
    await guess(3);
    clock.setWall(clock.wall + 10 * DAY);
    expect((await gallery.lock.unlock(PIN)).kind).toBe('wait');
    await reopen();
    clock.setWall(clock.wall + 10 * DAY);
    expect((await gallery.lock.unlock(PIN)).kind).toBe('wait');
    clock.pass(30_000);
    expect((await gallery.lock.unlock(PIN)).kind).toBe('open');
  });

  it('is prolonged by no clock that is set back, and ends when it said', async () => {
    await guess(3);
    clock.setWall(0);
    clock.pass(29_999);
    expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'wait', retryAt: clock.wall + 1 });
    clock.pass(1);
    expect((await gallery.lock.unlock(PIN)).kind).toBe('open');
  });

  it('is not undone by the note that the wait before it is over, however late that is written', async () => {
    await guess(3);
    const { encrypt } = crypto.subtle;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...given) => {
      await released;
      return encrypt.apply(crypto.subtle, given);
    });
    clock.pass(30_000);
    const tried = gallery.lock.unlock(WRONG);
    await quiet();
    release();
    expect(await tried).toEqual({ kind: 'wrong', retryAt: clock.wall + 60_000 });
    await quiet();
    await reopen();
    expect(gallery.lock.state()).toMatchObject({ failures: 4 });
    expect(await gallery.lock.unlock(PIN)).toEqual({ kind: 'wait', retryAt: clock.wall + 60_000 });
  });

  it('that is over is not begun anew by a restart', async () => {
    await guess(3);
    clock.pass(30_000);
    await quiet();
    await reopen();
    expect(gallery.lock.state()).toMatchObject({ kind: 'locked', failures: 3, retryAt: null });
  });

  it('is as long as it gets where the count was removed', async () => {
    await gallery.lock.setPin(PIN);
    await removeMeta('staff-guesses');
    expect(await gallery.lock.unlock(PIN)).toMatchObject({ retryAt: clock.wall + HOUR });
  });
});

describe('guesses at customers’ PINs', () => {
  const anna = { telephone: '010-1234-5678', pin: '2468' };
  const bora = { telephone: '010-8765-4321', pin: '1357' };
  const lookUp = async (access: typeof anna) => (await gallery.customers.lookUp(access)).kind;
  const guessAt = (access: typeof anna) => lookUp({ ...access, pin: '9999' });
  beforeEach(async () => {
    await gallery.enrol({ ...newPerson('anna', 1), access: anna });
    await gallery.enrol({ ...newPerson('bora', 2), access: bora });
  });

  it('are counted for each number: an own success wins no tries at another’s', async () => {
    const kinds: string[] = [];
    for (let i = 0; i < 6; i++) {
      kinds.push(await guessAt(anna));
      expect(await lookUp(bora)).toBe('found');
    }
    expect(kinds).toEqual(['wrong', 'wrong', 'wrong', 'wrong', 'wrong', 'wait']);
    await reopen();
    expect(await lookUp(anna)).toBe('wait');
    expect(await lookUp(bora)).toBe('found');
  });

  it('at one number shut out nobody else', async () => {
    for (let i = 0; i < 50; i++) await guessAt(anna);
    expect(await lookUp(bora)).toBe('found');
  });

  it('at many numbers slow the whole kiosk down, one try each three minutes, until they are forgotten', async () => {
    const { capacity, drainEvery } = GALLERY.customerGuesses.kiosk;
    const numbers = Array.from({ length: capacity }, (_, i) => `010-5555-${1000 + i}`);
    for (const telephone of numbers) expect(await guessAt({ telephone, pin: '' })).toBe('wrong');
    expect(await lookUp(bora)).toBe('wait');
    await reopen();
    expect(await lookUp(bora)).toBe('wait');
    clock.setWall(clock.wall + DAY);
    expect(await lookUp(bora)).toBe('wait');
    clock.pass(drainEvery);
    expect(await lookUp(bora)).toBe('found');
    clock.pass(capacity * drainEvery);
    for (const telephone of numbers.slice(1)) expect(await guessAt({ telephone, pin: '' })).toBe('wrong');
  });

  it('count as used up where the count was removed', async () => {
    await removeMeta('customer-guesses');
    expect(await lookUp(bora)).toBe('wait');
    clock.pass(GALLERY.customerGuesses.kiosk.drainEvery);
    expect(await lookUp(bora)).toBe('found');
  });

  it('take as long at an unknown number as at a known one from the first on', async () => {
    // Counted in derivations, which take the time.
    const { deriveBits } = crypto.subtle;
    let derived = 0;
    crypto.subtle.deriveBits = (...args) => {
      derived += 1;
      return deriveBits.apply(crypto.subtle, args);
    };
    try {
      await guessAt(anna);
      const known = derived;
      await guessAt({ telephone: '010-5555-0000', pin: '' });
      expect(derived).toBe(2 * known);
    } finally {
      crypto.subtle.deriveBits = deriveBits;
    }
  });

  it('at easy PINs are spared: such PINs cannot be set', async () => {
    const { id } = await gallery.enrol(newPerson('chul', 3));
    for (const pin of ['0000', '1234', '1212'])
      await expect(gallery.staff.setAccess(id, { ...anna, telephone: '010-2222-3333', pin })).rejects.toThrow(
        /repetition such as 1212/,
      );
  });
});
