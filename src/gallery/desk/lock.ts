import { wallTime } from '@rounz/core/time/clock.ts';
import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';
import type { LockState, StaffLock, StaffName, UnlockResult, Vouched } from '../contract/lock.ts';
import { fromBase64 } from '../crypto/bytes.ts';
import type { LogKeys } from '../store/access-log.ts';
import type { NewStaffKeys } from '../store/change.ts';
import { signerOf, verifierOf } from '../store/log-checkpoint.ts';
import type { Store } from '../store/store.ts';
import { inTurns, type Opened, openPins, type RenewalOf, requireStrong } from './pins.ts';
import {
  forgetFirstKey,
  logKeysOf,
  publicKeyOf,
  readFirstKey,
  type StaffMeta,
  staffRows,
  usable,
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
  /** The keys that open lines of the log, also those from before new keys. @throws GalleryError `locked` */
  logKeys(): Promise<LogKeys>;
  /**
   * Uses up the PIN that was entered again for this act.
   *
   * @returns the PIN; null where none is set. @throws GalleryError `locked`, `pin-again`
   */
  useConfirmation(): string | null;
  /** Runs work while no PIN is tried or changed. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** A new pair of keys, to be written in one change within `inTurn`. @throws GalleryError `not-main` */
  renew(mainPin: string, given: RenewalOf): Promise<RenewedStaff>;
  /** Tries a PIN of staff who stand by a customer, and leaves the console as it is. */
  vouch(pin: string): Promise<Vouched>;
  close(): void;
}

/** A new pair of staff's keys, and what has to be written for it. */
export interface RenewedStaff extends NewStaffKeys {
  readonly rows: ReturnType<typeof staffRows>;
  /** signs the log */
  readonly signer: CryptoKey;
}

/** @throws Error where the staff keys are damaged */
export async function createLock({ store, staffKeys, rounds, timeout }: LockDeps): Promise<Lock> {
  const { storage } = store;
  const { clock } = storage;
  const pins = await openPins({ store, staffKeys, rounds });
  const inTurn = inTurns();
  let key: CryptoKey | null = null;
  /** signs the log; there as long as the key is */
  let signer: CryptoKey | null = null;
  let until = 0;
  /** the PIN that was entered again; it holds until then, on the monotonic clock */
  let confirmed: { readonly pin: string; readonly until: number } | null = null;
  let cancelTimer = (): void => {};
  const listeners = new Set<(state: LockState) => void>();

  // Before the first PIN the key is stored on the device, and anybody can open the console.
  if (!pins.meta.pin) key = await usable(await readFirstKey(storage));

  const state = (): LockState => {
    lockIfExpired();
    if (!pins.meta.pin) return { kind: 'unset' };
    if (key) return { kind: 'open', until };
    return { kind: 'locked', failures: pins.failures, retryAt: pins.retryAt() };
  };
  const tell = () => {
    for (const listener of listeners) listener(state());
  };
  const note = (action: 'unlocked' | 'locked', by: StaffName | null) =>
    store.commit(() => ({ log: [{ actor: 'staff', action, by }], at: storage.record.time.date() }));
  /** A wrong PIN changes the state, too. */
  const told = async (trying: Promise<UnlockResult>): Promise<UnlockResult> => {
    const result = await trying;
    if (result.kind === 'wrong') tell();
    return result;
  };

  async function open({ privateKey, by }: Opened): Promise<void> {
    key = await usable(privateKey);
    signer = await signerOf(privateKey);
    store.onDuty = by;
    // Checked against what was signed before, which takes a while where that was long ago.
    void store.signLog(signer).catch(() => {});
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
    if (key && pins.meta.pin && wallTime(clock) > until) lock();
  }
  function keepOpen(): void {
    lockIfExpired();
    if (pins.meta.pin && key) startTime();
  }
  function lock(): void {
    cancelTimer();
    confirmed = null;
    if (!pins.meta.pin || !key) return;
    key = null;
    const signing = signer;
    signer = null;
    void note('locked', store.onDuty)
      .then(() => signing && store.signLog(signing))
      .catch(() => {});
    store.onDuty = null;
    tell();
  }
  function staffKey(): CryptoKey {
    lockIfExpired();
    if (!key)
      throw new GalleryError(
        'locked',
        'The staff console is locked, so nothing was shown or changed. Unlock it.',
      );
    return key;
  }

  return {
    state,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setPin: (pin) =>
      inTurn(async () => {
        requireStrong(pin);
        if (pins.meta.pin)
          throw new GalleryError('already-set', 'A staff PIN is set already. Unlock, then change it.');
        const privateKey = await readFirstKey(storage);
        await pins.setFirst(privateKey, pin);
        await forgetFirstKey(storage);
        await open({ privateKey, by: 'main' });
      }),
    unlock: (pin) =>
      inTurn(() =>
        told(
          pins.attempt(pin, async (opened) => {
            await note('unlocked', opened.by);
            await open(opened);
          }),
        ),
      ),
    confirm: (pin) =>
      inTurn(async () => {
        staffKey();
        return told(
          pins.attempt(pin, async ({ by }) => {
            staffKey();
            // They stand there now, whoever opened it.
            store.onDuty = by;
            confirmed = { pin, until: clock.now() + GALLERY.confirmedFor };
            startTime();
          }),
        );
      }),
    changePin: (oldPin, newPin) => inTurn(() => told(pins.change(oldPin, newPin, open))),
    addMember: (...given) => inTurn(() => told(pins.addMember(...given))),
    setMemberPin: (...given) => inTurn(() => told(pins.setMemberPin(...given))),
    removeMember: (...given) => inTurn(() => told(pins.removeMember(...given))),
    members() {
      staffKey();
      return pins.meta.members
        .map(({ id, name, pin }) => ({ id, name, hasPin: pin !== null }))
        .sort((a, b) => a.name.localeCompare(b.name, 'ko'));
    },
    vouch: (pin) =>
      inTurn(async () => {
        let by: StaffName = 'main';
        const result = await told(
          pins.attempt(pin, async (opened) => {
            by = opened.by;
          }),
        );
        return result.kind === 'open' ? { kind: 'open', by } : result;
      }),
    lock,
    keepOpen,
    staffKey,
    inTurn,
    logKeys: () => logKeysOf(pins.meta, staffKey()),
    useConfirmation() {
      staffKey();
      // Without a PIN there is nothing to ask for: the first run comes before everything else.
      if (!pins.meta.pin) return null;
      const used = confirmed;
      confirmed = null;
      if (!used || clock.now() > used.until)
        throw new GalleryError(
          'pin-again',
          'This asks for the PIN again, so nothing was done. Enter it and repeat.',
        );
      return used.pin;
    },
    async renew(mainPin, given) {
      const { meta, privateKey, adopt } = await pins.renew(mainPin, given);
      const next = { key: await usable(privateKey), signer: await signerOf(privateKey) };
      return {
        rows: staffRows(meta),
        publicKey: await publicKeyOf(meta),
        verifier: await verifierOf(fromBase64(meta.publicKey)),
        signer: next.signer,
        adopt() {
          adopt();
          // It may have locked by itself meanwhile.
          if (!key) return;
          ({ key, signer } = next);
        },
      };
    },
    close() {
      pins.close();
      cancelTimer();
      confirmed = null;
      key = null;
      signer = null;
      store.onDuty = null;
    },
  };
}
