import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPin } from '@rounz/core/people/pin.ts';
import { GALLERY } from '../base/config.ts';
import { explained, GalleryError } from '../base/errors.ts';
import type { StaffMember, StaffName, UnlockResult } from '../contract/lock.ts';
import type { Bytes } from '../crypto/bytes.ts';
import { keptName } from '../people/records.ts';
import type { LogLine } from '../store/access-log.ts';
import { GuessCounter } from '../store/guesses.ts';
import type { Store } from '../store/store.ts';
import {
  type Renewal,
  renewedKeys,
  type StaffMeta,
  staffRows,
  unwrapWithPin,
  wrapWithPin,
} from './staff-keys.ts';

/** What a right PIN gave. */
export interface Opened {
  readonly privateKey: Bytes;
  readonly by: StaffName;
}

/** Staff's PINs: each try is counted, and each change is a line of the log. */
export interface Pins {
  readonly meta: StaffMeta;
  readonly failures: number;
  retryAt(): number | null;
  /** Tries a PIN; `use` is called where it is right. */
  attempt(pin: string, use: (opened: Opened) => Promise<void>): Promise<UnlockResult>;
  /** The first of all. */
  setFirst(privateKey: Bytes, pin: string): Promise<void>;
  change(oldPin: string, newPin: string, use: (opened: Opened) => Promise<void>): Promise<UnlockResult>;
  addMember(mainPin: string, name: string, pin: string): Promise<UnlockResult>;
  setMemberPin(mainPin: string, id: string, pin: string): Promise<UnlockResult>;
  removeMember(mainPin: string, id: string): Promise<UnlockResult>;
  /** A new pair of keys under the main PIN. @throws GalleryError `not-main` */
  renew(mainPin: string, given: RenewalOf): Promise<RenewedPair>;
  close(): void;
}

/** What new keys take beside the PIN. */
export type RenewalOf = Pick<Renewal, 'digest' | 'lines'>;

/** A new pair of keys, to be written; the old one is in force until `adopt`. */
export interface RenewedPair {
  readonly meta: StaffMeta;
  readonly privateKey: Bytes;
  adopt(): void;
}

interface PinDeps {
  readonly store: Store;
  readonly staffKeys: StaffMeta;
  readonly rounds: number;
}

export function requireStrong(pin: string): void {
  const { min, max } = PEOPLE.staffPin;
  if (!isStrongPin(pin, PEOPLE.staffPin))
    throw new GalleryError(
      'weak-pin',
      `The staff PIN takes ${min} to ${max} digits that are neither a run such as 123456 nor a repetition such as 121212.`,
    );
}

/** @throws Error where the count of guesses cannot be written */
export async function openPins({ store, staffKeys, rounds }: PinDeps): Promise<Pins> {
  const { storage } = store;
  let meta = staffKeys;
  const digest: Renewal['digest'] = (purpose, bytes) => storage.installation.digest(purpose, bytes);
  const guesses = await GuessCounter.open(storage, 'staff-guesses', GALLERY.staffGuesses, meta.pin !== null);

  async function write(line: Omit<LogLine, 'actor'>, next?: StaffMeta): Promise<void> {
    await store.commit(() => ({
      log: [{ actor: 'staff', ...line }],
      at: storage.record.time.date(),
      ...(next ? { meta: staffRows(next) } : {}),
    }));
    if (next) meta = next;
  }

  async function attempt(pin: string, use: (opened: Opened) => Promise<void>): Promise<UnlockResult> {
    const retryAt = guesses.retryAt();
    if (retryAt !== null) return { kind: 'wait', retryAt };
    await guesses.trying();
    const opened = await unwrapWithPin(digest, meta, pin);
    if (!opened) {
      await write({ action: 'unlock-failed', by: null });
      return { kind: 'wrong', retryAt: guesses.retryAt() };
    }
    await guesses.succeeded();
    await use(opened);
    return { kind: 'open' };
  }

  /** A PIN tells who did what, so no two people share one. The answer that it is taken gives it away, so it counts as a guess. */
  async function requireFree(pin: string, by: StaffName): Promise<void> {
    const taken = await unwrapWithPin(digest, meta, pin);
    if (!taken || idOf(taken.by) === idOf(by)) return;
    await guesses.trying();
    throw new GalleryError('pin-taken', 'Somebody else has this PIN. Choose another one.');
  }

  async function setPin(
    opened: Opened,
    who: { readonly by: StaffName; readonly pin: string },
    line: Omit<LogLine, 'actor'>,
  ) {
    await requireFree(who.pin, who.by);
    await write({ by: opened.by, ...line }, await wrapWithPin(digest, meta, opened.privateKey, who, rounds));
  }

  /** Members and keys are managed by the main PIN. */
  function requireMain({ by }: Opened): void {
    if (by !== 'main')
      throw new GalleryError(
        'not-main',
        'Only the main PIN adds and removes staff and makes new keys, so nothing was changed.',
      );
  }
  const asMain = (mainPin: string, work: (opened: Opened) => Promise<void>): Promise<UnlockResult> =>
    attempt(mainPin, async (opened) => {
      requireMain(opened);
      await work(opened);
    });

  function member(id: string): StaffMember {
    const found = meta.members.find((one) => one.id === id);
    if (!found) throw new GalleryError('unknown-person', 'This member of staff was removed already.');
    return { id, name: found.name };
  }

  return {
    get meta() {
      return meta;
    },
    get failures() {
      return guesses.failures;
    },
    retryAt: () => guesses.retryAt(),
    attempt,
    async setFirst(privateKey, pin) {
      const next = await wrapWithPin(digest, meta, privateKey, { by: 'main', pin }, rounds);
      await guesses.succeeded();
      await write({ action: 'pin-set', by: 'main' }, next);
    },
    async change(oldPin, newPin, use) {
      requireStrong(newPin);
      return attempt(oldPin, async (opened) => {
        await setPin(opened, { by: opened.by, pin: newPin }, { action: 'pin-changed' });
        await use(opened);
      });
    },
    async addMember(mainPin, name, pin) {
      requireStrong(pin);
      const by: StaffMember = { id: crypto.randomUUID(), name: keptName(name) };
      return asMain(mainPin, (main) =>
        setPin(main, { by, pin }, { action: 'member-added', detail: by.name }),
      );
    },
    async setMemberPin(mainPin, id, pin) {
      requireStrong(pin);
      const by = member(id);
      return asMain(mainPin, (main) =>
        setPin(main, { by, pin }, { action: 'member-pin-set', detail: by.name }),
      );
    },
    async removeMember(mainPin, id) {
      const { name } = member(id);
      return asMain(mainPin, ({ by }) =>
        write(
          { action: 'member-removed', detail: name, by },
          { ...meta, members: meta.members.filter((one) => one.id !== id) },
        ),
      );
    },
    async renew(mainPin, given) {
      const opened = await unwrapWithPin(digest, meta, mainPin);
      if (!opened)
        throw new GalleryError('pin-again', 'The PIN has changed, so nothing was done. Enter it again.');
      requireMain(opened);
      const renewed = await renewedKeys(meta, {
        privateKey: opened.privateKey,
        pin: mainPin,
        rounds,
        ...given,
      });
      return {
        ...renewed,
        adopt() {
          meta = renewed.meta;
        },
      };
    },
    close: () => guesses.close(),
  };
}

const idOf = (by: StaffName): string => (by === 'main' ? by : by.id);

/** For callers: the engine's own errors pass, others are explained. One try at a time. */
export function inTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let busy: Promise<unknown> = Promise.resolve();
  return (work) => {
    // Parallel tries would all start before the first is counted.
    const next = busy.then(work);
    busy = next.catch(() => {});
    return explained(() => next);
  };
}
