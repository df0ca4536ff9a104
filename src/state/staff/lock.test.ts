import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { FakeClock } from '../../../test/kiosk/fakes.ts';
import type { GalleryEngine } from '../../gallery/contract/gallery.ts';
import type { LockState, StaffLock, UnlockResult } from '../../gallery/contract/lock.ts';
import type { PeopleState } from '../engine/people.ts';
import { staffConfig } from './config.ts';
import { createConsoleLock } from './lock.ts';

const config = staffConfig;

/** A lock in memory whose PIN is `2468`; it opens for five minutes. */
class FakeLock implements StaffLock {
  current: LockState = { kind: 'unset' };
  listeners = new Set<(state: LockState) => void>();
  answer: UnlockResult | null = null;
  kept = 0;
  readonly clock: FakeClock;
  constructor(clock: FakeClock) {
    this.clock = clock;
  }
  state = () => this.current;
  subscribe(listener: (state: LockState) => void) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  set(state: LockState) {
    this.current = state;
    for (const listener of this.listeners) listener(state);
  }
  open() {
    this.set({ kind: 'open', until: Date.parse(this.clock.date()) + 300_000 });
  }
  async setPin(pin: string) {
    if (pin === '111111') throw Object.assign(new Error('weak'), { code: 'weak-pin' });
    this.open();
  }
  async unlock(pin: string): Promise<UnlockResult> {
    if (pin === '2468') {
      this.open();
      return { kind: 'open' };
    }
    const retryAt = Date.parse(this.clock.date()) + 30_000;
    this.set({ kind: 'locked', failures: 3, retryAt });
    return { kind: 'wrong', retryAt };
  }
  changePin = async (): Promise<UnlockResult> => ({ kind: 'open' });
  lock() {
    if (this.current.kind === 'open') this.set({ kind: 'locked', failures: 0, retryAt: null });
  }
  keepOpen() {
    this.kept += 1;
    this.open();
  }
}

function setUp(state?: LockState) {
  const clock = new FakeClock();
  const lock = new FakeLock(clock);
  if (state) lock.current = state;
  const store = createStore<PeopleState>()(() => ({ kind: 'open', people: [], damaged: [], lost: null }));
  const people = { store, engine: () => ({ lock }) as unknown as GalleryEngine };
  const consoleLock = createConsoleLock(people, clock, config);
  return { clock, lock, consoleLock, store, state: () => consoleLock.store.getState() };
}
const LOCKED: LockState = { kind: 'locked', failures: 0, retryAt: null };

describe('the console lock, on the first run,', () => {
  it('asks for a PIN twice and tells what is wrong with it', async () => {
    const { consoleLock, state } = setUp();
    consoleLock.enter();
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'none' } });
    await consoleLock.setPin('482915', '482916');
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'differs' } });
    await consoleLock.setPin('111111', '111111');
    expect(state()).toEqual({ kind: 'first-run', attempt: { kind: 'weak' } });
    await consoleLock.setPin('482915', '482915');
    expect(state()).toEqual({ kind: 'open', closing: null });
  });
});

describe('the console lock', () => {
  it('says nothing before the gallery is open, and follows it then', async () => {
    const { consoleLock, store, state, clock } = setUp(LOCKED);
    store.setState({ kind: 'opening' }, true);
    consoleLock.enter();
    expect(state()).toEqual({ kind: 'waiting' });
    store.setState({ kind: 'open', people: [], damaged: [], lost: null }, true);
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
