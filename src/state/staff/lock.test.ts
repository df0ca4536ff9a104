import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FakeLock } from '../../../test/kiosk/fake-lock.ts';
import { FakeClock } from '../../../test/kiosk/fakes.ts';
import type { GalleryEngine } from '../../gallery/contract/gallery.ts';
import type { LockState } from '../../gallery/contract/lock.ts';
import type { PeopleState } from '../engine/people.ts';
import { staffConfig } from './config.ts';
import { createConsoleLock } from './lock.ts';
import type { SetUpCode } from './set-up-code.ts';

const config = staffConfig;

function setUp(state?: LockState, setUpCode?: SetUpCode) {
  const clock = new FakeClock();
  const lock = new FakeLock(clock);
  if (state) lock.current = state;
  const store = createStore<PeopleState>()(() => ({
    kind: 'open',
    people: [],
    damaged: [],
    lost: null,
    clock: null,
  }));
  const own = 'the right passphrase';
  const isOwnBackup = async (_: Blob, passphrase: string) => passphrase === own;
  const people = { store, engine: () => ({ lock, isOwnBackup }) as unknown as GalleryEngine };
  const consoleLock = createConsoleLock(people, clock, config, setUpCode);
  return { clock, lock, consoleLock, own, store, state: () => consoleLock.store.getState() };
}
const LOCKED: LockState = { kind: 'locked', failures: 0, retryAt: null };

describe('the console lock, on the first run,', () => {
  it('takes the first PIN from whoever has the set-up code alone', async () => {
    const code: SetUpCode = { need: async () => 'code', fits: async (typed) => typed === '123456789012' };
    const { consoleLock, state } = setUp(undefined, code);
    consoleLock.enter();
    expect(await consoleLock.setUpNeed()).toBe('code');
    await consoleLock.setPin('493817', '493817', { kind: 'code', code: '000000000000' });
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'wrong-code' } });
    await consoleLock.setPin('493817', '493817', { kind: 'code', code: '123456789012' });
    expect(state().kind).toBe('open');
  });

  it('asks for a PIN twice and tells what is wrong with it', async () => {
    const { consoleLock, state } = setUp();
    consoleLock.enter();
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'none' } });
    await consoleLock.setPin('482915', '482916', { kind: 'none' });
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'differs' } });
    await consoleLock.setPin('111111', '111111', { kind: 'none' });
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'weak' } });
    await consoleLock.setPin('482915', '482915', { kind: 'none' });
    expect(state()).toEqual({ kind: 'open', closing: null });
  });
});

describe('the console lock, on the first run of an installation without a set-up code,', () => {
  const missing: SetUpCode = { need: async () => 'missing', fits: async () => false };

  it('takes a PIN from nobody', async () => {
    const { consoleLock, state } = setUp(undefined, missing);
    consoleLock.enter();
    for (const proof of [{ kind: 'none' }, { kind: 'code', code: '' }] as const) {
      await consoleLock.setPin('493817', '493817', proof);
      expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'wrong-code' } });
    }
  });

  it('takes one from whoever has a backup of the kiosk whose records were lost, and its passphrase', async () => {
    const { consoleLock, state, own } = setUp(undefined, missing);
    consoleLock.enter();
    const proof = { kind: 'backup', file: new Blob(['x']), passphrase: 'another' } as const;
    await consoleLock.setPin('493817', '493817', proof);
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'wrong-backup' } });
    await consoleLock.setPin('493817', '493817', { ...proof, passphrase: own });
    expect(state().kind).toBe('open');
  });
});

describe('the console lock', () => {
  it('says nothing before the gallery is open, and follows it then', async () => {
    const { consoleLock, store, state, clock } = setUp(LOCKED);
    store.setState({ kind: 'opening' }, true);
    consoleLock.enter();
    expect(state()).toEqual({ kind: 'waiting' });
    store.setState({ kind: 'open', people: [], damaged: [], lost: null, clock: null }, true);
    await clock.advance(config.tick);
    expect(state()).toMatchObject({ kind: 'locked', wait: 0 });
  });

  it('counts down the wait after wrong PINs', async () => {
    const { consoleLock, state, clock } = setUp(LOCKED);
    consoleLock.enter();
    await consoleLock.unlock('0000');
    expect(state()).toEqual({ kind: 'locked', attempt: { kind: 'wrong' }, wait: 30 });
    await clock.advance(10_000);
    expect(state()).toMatchObject({ kind: 'locked', wait: 20 });
    await clock.advance(20_000);
    expect(state()).toMatchObject({ kind: 'locked', wait: 0 });
    await consoleLock.unlock('2468');
    expect(state()).toEqual({ kind: 'open', closing: null });
  });

  it('warns before it closes by itself, and goes on where somebody is there', async () => {
    const { consoleLock, state, clock, lock } = setUp(LOCKED);
    consoleLock.enter();
    await consoleLock.unlock('2468');
    await clock.advance(300_000 - config.warnBefore);
    expect(state()).toEqual({ kind: 'open', closing: config.warnBefore / 1000 });
    await clock.advance(1_000);
    expect(state()).toEqual({ kind: 'open', closing: config.warnBefore / 1000 - 1 });
    consoleLock.touch();
    expect(state()).toEqual({ kind: 'open', closing: null });
    consoleLock.touch();
    expect(lock.kept).toBe(1);
  });

  it('locks when it is told to, and when the last one leaves the console', async () => {
    const { consoleLock, state, lock } = setUp(LOCKED);
    const leave = consoleLock.enter();
    await consoleLock.unlock('2468');
    consoleLock.lock();
    expect(state()).toEqual({ kind: 'locked', attempt: { kind: 'none' }, wait: 0 });
    await consoleLock.unlock('2468');
    leave();
    expect(lock.current.kind).toBe('locked');
    expect(state().kind).toBe('locked');
  });
});
