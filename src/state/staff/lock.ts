import type { Clock } from '@rounz/core/time/clock.ts';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LockState, StaffLock } from '../../gallery/contract/lock.ts';
import { codeOf, type Failure, failureOf } from '../engine/failure.ts';
import type { People } from '../engine/people.ts';
import type { StaffConfig } from './config.ts';
import { noSetUpCode, type SetUpCode, type SetUpNeed, type SetUpProof } from './set-up-code.ts';

/** What became of the last PIN that was typed. */
export type Attempt =
  | { readonly kind: 'none' }
  | { readonly kind: 'trying' }
  | { readonly kind: 'wrong' }
  | { readonly kind: 'wrong-code' }
  | { readonly kind: 'wrong-backup' }
  | { readonly kind: 'differs' }
  | { readonly kind: 'weak' }
  | { readonly kind: 'failed'; readonly failure: Failure };

export type ConsoleLockState =
  /** the gallery is not open yet, so nothing can be said of its lock */
  | { readonly kind: 'waiting' }
  /** nobody has chosen a PIN: that comes before everything else */
  | { readonly kind: 'first-run'; readonly attempt: Attempt }
  | {
      readonly kind: 'locked';
      readonly attempt: Attempt;
      /** seconds until a PIN is tried again; 0: now */
      readonly wait: number;
    }
  | {
      readonly kind: 'open';
      /** seconds until it locks by itself, told shortly before alone; else null */
      readonly closing: number | null;
    };

export interface ConsoleLock {
  readonly store: StoreApi<ConsoleLockState>;
  /** Somebody stands before the console: follows the lock. The result is called when they leave it, and locks. */
  enter(): () => void;
  /** Whether the first run asks for a set-up code. @throws Error where it cannot be known */
  setUpNeed(): Promise<SetUpNeed>;
  /** First run: the PIN, once more the PIN, and what allows it. Never rejects: the outcome is the store's state, as below. */
  setPin(pin: string, again: string, proof: SetUpProof): Promise<void>;
  unlock(pin: string): Promise<void>;
  /** Somebody used the console: its time starts anew. */
  touch(): void;
  lock(): void;
  /** Tells each time the console is opened, locked, or left by whoever stood before it. The result ends it. */
  watch(listener: (event: ConsoleEvent) => void): () => void;
}

export type ConsoleEvent = 'opened' | 'locked' | 'left';

const NONE: Attempt = { kind: 'none' };

/** The lock as staff see it: what to do next, with the seconds that they have to wait or have left. */
export function createConsoleLock(
  people: Pick<People, 'store' | 'engine'>,
  clock: Clock,
  config: StaffConfig,
  setUpCode: SetUpCode = noSetUpCode,
): ConsoleLock {
  const store = createStore<ConsoleLockState>()(() => ({ kind: 'waiting' }));
  let attempt: Attempt = NONE;
  let visitors = 0;
  let cancelTick = () => {};
  let forgetLock = () => {};
  let followed: StaffLock | null = null;
  let touchedAt = Number.NEGATIVE_INFINITY;

  const watchers = new Set<(event: ConsoleEvent) => void>();
  const tell = (event: ConsoleEvent) => {
    for (const watcher of watchers) watcher(event);
  };
  store.subscribe(({ kind }, { kind: before }) => {
    if (kind === before || kind === 'waiting') return;
    tell(kind === 'open' ? 'opened' : 'locked');
  });

  const lockOf = (): StaffLock | null =>
    people.store.getState().kind === 'open' ? (people.engine()?.lock ?? null) : null;
  const wallTime = () => Date.parse(clock.date());
  const secondsTo = (at: number | null) =>
    at === null ? 0 : Math.max(0, Math.ceil((at - wallTime()) / 1000));

  function shown(lock: LockState): ConsoleLockState {
    switch (lock.kind) {
      case 'unset':
        return { kind: 'first-run', attempt };
      case 'locked':
        return { kind: 'locked', attempt, wait: secondsTo(lock.retryAt) };
      case 'open': {
        const left = secondsTo(lock.until);
        return { kind: 'open', closing: left * 1000 <= config.warnBefore ? left : null };
      }
      default:
        return lock satisfies never;
    }
  }

  function show(): void {
    cancelTick();
    follow();
    store.setState(followed ? shown(followed.state()) : { kind: 'waiting' }, true);
    if (visitors > 0) cancelTick = clock.after(config.tick, show);
  }

  /** The gallery may have been opened anew, and its lock with it. */
  function follow(): void {
    const lock = lockOf();
    if (lock === followed) return;
    forgetLock();
    followed = lock;
    forgetLock = lock?.subscribe(show) ?? (() => {});
  }

  async function tryPin(work: (lock: StaffLock) => Promise<Attempt>): Promise<void> {
    if (!followed || attempt.kind === 'trying') return;
    attempt = { kind: 'trying' };
    show();
    try {
      attempt = await work(followed);
    } catch (error) {
      attempt =
        codeOf(error) === 'weak-pin' ? { kind: 'weak' } : { kind: 'failed', failure: failureOf(error) };
    }
    show();
  }

  /** Never first come, first served. */
  async function mayChoose(proof: SetUpProof): Promise<boolean> {
    if (proof.kind === 'backup')
      return (await people.engine()?.isOwnBackup(proof.file, proof.passphrase)) ?? false;
    if ((await setUpCode.need()) === 'free') return true;
    return proof.kind === 'code' && setUpCode.fits(proof.code);
  }

  return {
    store,
    enter() {
      visitors += 1;
      attempt = NONE;
      show();
      return () => {
        visitors -= 1;
        if (visitors > 0) return;
        cancelTick();
        followed?.lock();
        tell('left');
      };
    },
    setUpNeed: () => setUpCode.need(),
    setPin: (pin, again, proof) =>
      tryPin(async (lock) => {
        if (!(await mayChoose(proof)))
          return { kind: proof.kind === 'backup' ? 'wrong-backup' : 'wrong-code' };
        if (pin !== again) return { kind: 'differs' };
        await lock.setPin(pin);
        return NONE;
      }),
    unlock: (pin) =>
      tryPin(async (lock) => ((await lock.unlock(pin)).kind === 'open' ? NONE : { kind: 'wrong' })),
    touch() {
      const warned = store.getState();
      if (warned.kind !== 'open') return;
      if (warned.closing === null && clock.now() - touchedAt < config.touchEvery) return;
      touchedAt = clock.now();
      followed?.keepOpen();
    },
    lock() {
      attempt = NONE;
      followed?.lock();
      show();
    },
    watch(listener) {
      watchers.add(listener);
      return () => watchers.delete(listener);
    },
  };
}
