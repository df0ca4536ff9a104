import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPin } from '@rounz/core/people/pin.ts';
import { wallTime } from '@rounz/core/time/clock.ts';
import { GALLERY } from '../base/config.ts';
import { explained, GalleryError } from '../base/errors.ts';
import type { LockState, StaffLock, UnlockResult } from '../contract/lock.ts';
import type { Bytes } from '../crypto/bytes.ts';
import type { LogLine } from '../store/access-log.ts';
import { GuessCounter } from '../store/guesses.ts';
import type { Store } from '../store/store.ts';
import {
  forgetFirstKey,
  readFirstKey,
  type StaffMeta,
  staffRows,
  unwrapWithPin,
  usable,
  wrapWithPin,
} from './staff-keys.ts';

export interface LockDeps {
  readonly store: Store;
  readonly staffKeys: StaffMeta;
  readonly rounds: number;
  /** milliseconds without a touch until it locks */
  readonly timeout: number;
}

/** The lock, with the key that it gives while it is open. */
export interface Lock extends StaffLock {
  /** The key that opens staff's boxes. @throws GalleryError `locked` */
  staffKey(): CryptoKey;
  close(): void;
}

function requireStrong(pin: string): void {
  const { min, max } = PEOPLE.staffPin;
  if (!isStrongPin(pin, PEOPLE.staffPin))
    throw new GalleryError(
      'weak-pin',
      `The staff PIN takes ${min} to ${max} digits that are neither a run such as 123456 nor a repetition such as 121212.`,
    );
}

/** @throws Error where the staff keys are damaged */
export async function createLock({ store, staffKeys, rounds, timeout }: LockDeps): Promise<Lock> {
  const { storage } = store;
  const { clock } = storage;
  let meta = staffKeys;
  const guesses = await GuessCounter.open(storage, 'staff-guesses', GALLERY.staffGuesses, meta.pin !== null);
  let key: CryptoKey | null = null;
  let until = 0;
  let cancelTimer = (): void => {};
  const listeners = new Set<(state: LockState) => void>();

  // Before the first PIN the key is stored on the device, and anybody can open the console.
  if (!meta.pin) key = await usable(await readFirstKey(storage));

  const state = (): LockState => {
    lockIfExpired();
    if (!meta.pin) return { kind: 'unset' };
    if (key) return { kind: 'open', until };
    return { kind: 'locked', failures: guesses.failures, retryAt: guesses.retryAt() };
  };
  const tell = () => {
    for (const listener of listeners) listener(state());
  };
  const write = (line: LogLine, value?: StaffMeta) =>
    store.commit(() => ({
      log: [line],
      at: storage.record.time.date(),
      ...(value ? { meta: staffRows(value) } : {}),
    }));

  async function open(privateKey: Bytes): Promise<void> {
    key = await usable(privateKey);
    startTime();
  }
  /** The time until it locks by itself starts anew. */
  function startTime(): void {
    until = wallTime(clock) + timeout;
    cancelTimer();
    cancelTimer = clock.after(timeout, lock);
    tell();
  }
  /** Timers stand still while a computer sleeps, and a clock may jump: whatever uses the key asks for the time itself. */
  function lockIfExpired(): void {
    if (key && meta.pin && wallTime(clock) > until) lock();
  }
  function keepOpen(): void {
    lockIfExpired();
    if (meta.pin && key) startTime();
  }
  function lock(): void {
    cancelTimer();
    if (!meta.pin || !key) return;
    key = null;
    void write({ actor: 'staff', action: 'locked' }).catch(() => {});
    tell();
  }

  /** Tries a PIN; `use` gets the private key where it is right. */
  async function attempt(pin: string, use: (privateKey: Bytes) => Promise<void>): Promise<UnlockResult> {
    const retryAt = guesses.retryAt();
    if (retryAt !== null) return { kind: 'wait', retryAt };
    await guesses.trying();
    const privateKey = await unwrapWithPin(storage, meta, pin);
    if (!privateKey) {
      await write({ actor: 'staff', action: 'unlock-failed' });
      tell();
      return { kind: 'wrong', retryAt: guesses.retryAt() };
    }
    await guesses.succeeded();
    await use(privateKey);
    return { kind: 'open' };
  }

  let busy: Promise<unknown> = Promise.resolve();
  /** One try at a time: parallel tries would all start before the first is counted. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = busy.then(work);
    busy = next.catch(() => {});
    return explained(() => next);
  };

  return {
    state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setPin: (pin) =>
      inTurn(async () => {
        requireStrong(pin);
        if (meta.pin)
          throw new GalleryError('already-set', 'A staff PIN is set already. Unlock, then change it.');
        const privateKey = await readFirstKey(storage);
        const next = await wrapWithPin(storage, meta, privateKey, pin, rounds);
        await guesses.succeeded();
        await write({ actor: 'staff', action: 'pin-set' }, next);
        meta = next;
        await forgetFirstKey(storage);
        await open(privateKey);
      }),
    unlock: (pin) =>
      inTurn(() =>
        attempt(pin, async (privateKey) => {
          await write({ actor: 'staff', action: 'unlocked' });
          await open(privateKey);
        }),
      ),
    changePin: (oldPin, newPin) =>
      inTurn(async () => {
        requireStrong(newPin);
        return attempt(oldPin, async (privateKey) => {
          const next = await wrapWithPin(storage, meta, privateKey, newPin, rounds);
          await write({ actor: 'staff', action: 'pin-changed' }, next);
          meta = next;
          await open(privateKey);
        });
      }),
    lock,
    keepOpen,
    staffKey() {
      lockIfExpired();
      if (!key)
        throw new GalleryError(
          'locked',
          'The staff console is locked, so nothing was shown or changed. Unlock it.',
        );
      return key;
    },
    close() {
      guesses.close();
      cancelTimer();
      key = null;
    },
  };
}
