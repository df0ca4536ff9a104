import { errorMessage } from '@rounz/core/error-message.ts';
import { type Clock, every, systemClock } from '@rounz/core/time/clock.ts';
import type { TrustedTime } from '@rounz/core/time/trusted-time.ts';
import { secretOf } from './backup/backup.ts';
import type { KeyCost } from './backup/container.ts';
import { GALLERY, type PassphraseCost } from './base/config.ts';
import { explained, GalleryError } from './base/errors.ts';
import type { DoubtedClock, EarlyNews, GalleryEngine } from './contract/gallery.ts';
import { createDesk } from './desk/desk.ts';
import { openFirstKnown } from './desk/first-known.ts';
import { createLock } from './desk/lock.ts';
import { openModelRecord, readKept } from './desk/recogniser.ts';
import { openStaffKeys, publicKeyOf } from './desk/staff-keys.ts';
import { LiveIndex } from './index/live-index.ts';
import { createMatcher } from './index/matcher.ts';
import { Snapshot } from './index/snapshot.ts';
import { createCustomers } from './people/customers.ts';
import { correctDates, newestDate } from './people/dates.ts';
import { createEditor } from './people/editor.ts';
import { fuseStored } from './people/fuse-stored.ts';
import { migrateLegacy } from './people/migrate.ts';
import { forgetWithdrawn, purgeExpired } from './people/purge.ts';
import { personOf } from './people/records.ts';
import { purgeUndo } from './people/undo.ts';
import { LookupGuesses } from './store/guesses.ts';
import { holdGallery } from './store/holder.ts';
import { LossDetector } from './store/loss-detector.ts';
import { browserNote, type Note } from './store/note.ts';
import { renewLog } from './store/renew-log.ts';
import { openSettings, readKeptSettings } from './store/settings.ts';
import { openStorage } from './store/storage.ts';
import { Store } from './store/store.ts';
import { openTally } from './store/tally.ts';

/** Name of the IndexedDB database and of the folder of private files. */
export const GALLERY_DATABASE = 'rounz-gallery';

/** Where the demonstration's people are enrolled: with known numbers and PINs they have no place among customers. */
export const DEMO_DATABASE = 'rounz-demo';

/** What tests make smaller. */
export interface GalleryOptions {
  readonly name?: string;
  /** PBKDF2 rounds of new PINs, and the fewest of older backups */
  readonly rounds?: number;
  readonly backupCost?: PassphraseCost;
  readonly unlockTimeout?: number;
  readonly peopleCacheFrom?: number;
  /** the note kept outside of the store */
  readonly note?: Note;
  /** the note, kept outside of the store, of who withdrew */
  readonly withdrawn?: Note;
  /** the note, kept outside of the store, of where the log ends */
  readonly logNote?: Note;
  readonly clock?: Clock;
  /** when the program was built, milliseconds since 1970 */
  readonly built?: number | null;
  readonly onEarlyNews?: (news: EarlyNews) => void;
}

function damagedStaffKeys(error: unknown): never {
  throw new GalleryError(
    'damaged',
    `The keys of the staff console are damaged (${errorMessage(error)}). Clear this site's data and restore a backup.`,
    error,
  );
}

function doubted(time: TrustedTime): DoubtedClock | null {
  const doubt = time.doubt();
  if (!doubt) return null;
  const date = (moment: number): string => new Date(moment).toISOString();
  return { reason: doubt.reason, clock: date(doubt.clock), known: date(doubt.known) };
}

/**
 * Opens the gallery of this kiosk: makes its keys at the first start, moves people of an older version, purges those whose
 * consent has run out. Damaged records stay where they are until staff discard them; they are reported beside the others.
 *
 * @throws GalleryError `held-elsewhere` where another window has it open; where the browser does not let us store anything
 */
export async function openGallery(options: GalleryOptions | string = {}): Promise<GalleryEngine> {
  const given = typeof options === 'string' ? { name: options } : options;
  const release = await explained(() => holdGallery(given.name ?? GALLERY_DATABASE));
  try {
    return await openHeld(given, release);
  } catch (error) {
    release();
    throw error;
  }
}

function openHeld(options: GalleryOptions, release: () => void): Promise<GalleryEngine> {
  const {
    name = GALLERY_DATABASE,
    rounds = GALLERY.rounds,
    backupCost = GALLERY.backupCost,
    unlockTimeout = GALLERY.unlockTimeout,
    peopleCacheFrom = GALLERY.peopleCacheFrom,
    note = browserNote(name),
    withdrawn = browserNote(`${name}-withdrawn`),
    logNote = browserNote(`${name}-log`),
    clock = systemClock,
    built = null,
  } = options;
  const keyCost: KeyCost = { cost: backupCost, rounds };
  return explained(async () => {
    const storage = await openStorage(name, clock, { built, withdrawn });
    const { database, files } = storage;
    const [kept, keptSettings] = await Promise.all([readKept(storage.meta), readKeptSettings(storage.meta)]);
    options.onEarlyNews?.({ recogniser: kept, settings: keptSettings });
    const snapshot = new Snapshot(files, storage.installation.device);
    void snapshot.readAhead();
    const staffKeys = await openStaffKeys(storage).catch(damagedStaffKeys);
    const publicKey = await publicKeyOf(staffKeys).catch(damagedStaffKeys);
    const store = await Store.open(storage, publicKey, { cacheFrom: peopleCacheFrom, logNote });
    const { record } = storage;
    record.time.raise(newestDate(store.people.values()));
    const lock = await createLock({ store, staffKeys, rounds, timeout: unlockTimeout }).catch(
      damagedStaffKeys,
    );
    const live = new LiveIndex(store, snapshot);
    const losses = await LossDetector.open(note, store);
    const editor = createEditor(store, live, losses, rounds);
    const settings = openSettings(keptSettings);
    const matcher = createMatcher({ live, strictness: () => settings.current().strictness });
    const tally = await openTally(storage, () => matcher.model()?.modelHash ?? null);
    const recogniser = openModelRecord(store, editor, kept);
    const guesses = await LookupGuesses.open(
      storage,
      'customer-guesses',
      GALLERY.customerGuesses,
      [...store.people.values()].some(({ identity }) => identity.access),
    );
    const turns = await LookupGuesses.open(storage, 'turn-guesses', GALLERY.turnGuesses, false);
    let closed = false;
    let renewed = false;
    /** Once, in the background, when the start has read what it needs: this would hold it up. */
    const renew = (): void => {
      if (renewed || closed) return;
      renewed = true;
      renewLog(name).catch(() => {});
    };
    const cancelRenewing = clock.after(GALLERY.renewWithin, renew);
    const stop = (): void => {
      closed = true;
      live.close();
      cancelRenewing();
      cancelTidying();
      lock.close();
      database.close();
    };
    const close = (): void => {
      stop();
      release();
    };
    const wipe = async (): Promise<void> => {
      stop();
      losses.forget();
      store.forgetLog();
      await live.forget().catch(() => {});
      if (files.kind === 'private-files')
        await Promise.all((await files.list()).map((file) => files.remove(file)));
      await database.delete();
      release();
    };
    await migrateLegacy(store, editor);
    const removeDemo = (): Promise<void> =>
      editor.remove(
        [...store.people.values()].filter(({ demo }) => demo).map(({ id }) => id),
        { actor: 'kiosk', action: 'demo-removed' },
      );
    // Earlier versions enrolled them here.
    if (name === GALLERY_DATABASE) await removeDemo();
    await correctDates(store, editor);
    await purgeExpired(store, editor);
    await purgeUndo(store, editor);
    await record.keep(GALLERY.keepTimeEvery);
    const firstKnown = await openFirstKnown(store);
    // It only dates what is told anyway: a kiosk that cannot write it opens.
    await firstKnown
      .note({
        ...(store.damaged.size > 0 ? { 'records-damaged': true } : {}),
        ...(losses.lost ? { 'gallery-lost': true } : {}),
      })
      .catch(() => {});
    const tidy = async (): Promise<void> => {
      await correctDates(store, editor);
      await purgeExpired(store, editor);
      await purgeUndo(store, editor);
      await store.sweep();
      await live.upkeep().catch(() => {});
      await forgetWithdrawn(store);
      await fuseStored(store, editor);
      await storage.reserve.fill();
      await record.keep(GALLERY.keepTimeEvery);
    };
    let tidying = false;
    /** Where a turn takes longer than its minute, the next one is left out. */
    const tidyOnce = async (): Promise<void> => {
      if (tidying) return;
      tidying = true;
      await tidy().catch(() => {});
      tidying = false;
    };
    const tidyAlways = (): void => {
      cancelTidying = every(clock, GALLERY.purgeEvery, () => void tidyOnce());
    };
    // The first time later: the start has purged already, and sweeping would make it slow.
    let cancelTidying = clock.after(GALLERY.purgeEvery, tidyAlways);

    const requireOpen = (): void => {
      if (closed)
        throw new GalleryError('unavailable', 'The gallery is closed. Reload the kiosk to open it again.');
    };
    return {
      lock,
      recogniser,
      settings,
      tally,
      matcher: {
        ...matcher,
        async setModel(model) {
          requireOpen();
          await matcher.setModel(model);
          renew();
        },
      },
      customers: createCustomers({ store, editor, guesses, turns, vouch: lock.vouch, rounds }),
      staff: createDesk({
        store,
        editor,
        matcher,
        lock,
        losses,
        keyCost,
        settings,
        recogniser,
        firstKnown,
        tally,
        wipe,
      }),
      load: () =>
        explained(async () => {
          requireOpen();
          const people = [...store.people.values()].map(personOf);
          people.sort((a, b) => Number(a.enrolledAt > b.enrolledAt) - Number(a.enrolledAt < b.enrolledAt));
          const damaged = [...store.damaged].map(([id, reason]) => ({ id, reason }));
          return { people, damaged, lost: losses.lost, clock: doubted(record.time) };
        }),
      enrol: (person) =>
        explained(async () => {
          // The demonstration enrols its rendered people by itself.
          if (!person.demo) lock.staffKey();
          return editor.enrol(person);
        }),
      discardDamaged: (id) =>
        explained(async () => {
          lock.staffKey();
          await editor.discard(id);
        }),
      isOwnBackup: (file, passphrase) =>
        explained(async () => {
          const secret = await secretOf(file, passphrase, keyCost);
          return secret !== null && losses.owns(secret);
        }),
      removeDemo,
      close,
    };
  });
}
