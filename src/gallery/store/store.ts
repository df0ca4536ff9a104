import { errorMessage } from '@rounz/core/error-message.ts';
import { wallTime } from '@rounz/core/time/clock.ts';
import { GALLERY } from '../base/config.ts';
import { explained, GalleryError } from '../base/errors.ts';
import type { StaffName } from '../contract/lock.ts';
import type { AccessLog } from '../contract/log.ts';
import type { LogKeys, LogLine } from './access-log.ts';
import type { Change, Committed, Entry, NewKeys, PersonRecords, StaffWords, TemplateSet } from './change.ts';
import { type Counters, writeChange } from './commit.ts';
import type { GalleryDatabase, StoredIdentity } from './database.ts';
import type { Installation } from './installation.ts';
import { KeyRing } from './key-ring.ts';
import { LogAnchor } from './log-anchor.ts';
import { verifierOf } from './log-checkpoint.ts';
import { LogReader } from './log-reader.ts';
import { LogTable } from './log-table.ts';
import type { Note } from './note.ts';
import { PeopleCache } from './people-cache.ts';
import { SealedRecords } from './sealed-records.ts';
import type { Storage } from './storage.ts';
import { UndoRows } from './undo-rows.ts';

/** people read at a time, so that their records are not all in memory at once */
const BATCH = 256;
const DAY = 86_400_000;

export interface StoreOptions {
  /** people from whom on the cache of people is kept */
  readonly cacheFrom: number;
  /** outside of the store: where the log ends */
  readonly logNote: Note;
}

/** The sealed tables with their keys: everybody in memory, and each change in one transaction. */
export class Store {
  readonly storage: Storage;
  readonly people = new Map<string, Entry>();
  /** reasons by id */
  readonly damaged = new Map<string, string>();
  /** whose staff PIN opened the console; staff's lines of the log say so */
  onDuty: StaffName | null = null;
  /** acts of staff that can be undone */
  readonly undo: UndoRows;
  readonly #keys: KeyRing;
  readonly #records: SealedRecords;
  readonly #log: LogTable;
  readonly #anchor: LogAnchor;
  /** checks, reads and signs the log */
  readonly log: LogReader;
  readonly #cache: PeopleCache;
  #staffKey: CryptoKey;
  readonly #cacheFrom: number;
  #counters: Counters = { revision: 0, epoch: 0, changes: 0 };
  /** whether keys of writes that were cut off have been erased */
  #swept = true;

  private constructor(
    storage: Storage,
    { keys, undo }: { readonly keys: KeyRing; readonly undo: UndoRows },
    staffKey: CryptoKey,
    {
      cacheFrom,
      anchor,
      verifier,
      cache,
    }: {
      readonly cacheFrom: number;
      readonly anchor: LogAnchor;
      readonly verifier: CryptoKey;
      readonly cache: PeopleCache;
    },
  ) {
    this.storage = storage;
    this.#keys = keys;
    this.undo = undo;
    this.#records = new SealedRecords(keys);
    this.#log = new LogTable(storage.database, storage.meta);
    this.#anchor = anchor;
    this.log = new LogReader(this.#log, anchor, verifier);
    this.#cache = cache;
    this.#staffKey = staffKey;
    this.#cacheFrom = cacheFrom;
  }

  /** @param staffKey staff's public key, for what only staff may read */
  static async open(storage: Storage, staffKey: CryptoKey, options: StoreOptions): Promise<Store> {
    return storage.exclusively(async () => {
      const cache = new PeopleCache(storage.files, storage.installation.device);
      cache.readAhead();
      const keys = await KeyRing.open(storage.files, storage.installation.device);
      const anchor = new LogAnchor(options.logNote, storage.fingerprint);
      const point = new Uint8Array(await crypto.subtle.exportKey('raw', staffKey));
      const { cacheFrom } = options;
      const verifier = await verifierOf(point);
      const undo = await UndoRows.open(storage.database, storage.meta, keys);
      const store = new Store(storage, { keys, undo }, staffKey, { cacheFrom, anchor, verifier, cache });
      await store.#readAll();
      await store.log.catchUp();
      return store;
    });
  }

  get database(): GalleryDatabase {
    return this.storage.database;
  }
  get installation(): Installation {
    return this.storage.installation;
  }
  get epoch(): number {
    return this.#counters.epoch;
  }
  get revision(): number {
    return this.#counters.revision;
  }

  async #readAll(): Promise<void> {
    const { counters } = this.database;
    const [revision, epoch, changes] = await Promise.all([
      counters.get('revision'),
      counters.get('epoch'),
      counters.get('changes'),
    ]);
    // A damaged counter gets a value that fits no snapshot and no cache: both are then read anew from the records. Seconds,
    // because a row's revision has 32 bits there.
    const unlike = Math.floor(wallTime(this.storage.clock) / 1000);
    const known = counted(changes?.value);
    const usable = await this.#usableEpoch(counted(epoch?.value) ?? -1);
    this.#counters = {
      revision: counted(revision?.value) ?? unlike,
      epoch: usable,
      changes: known ?? unlike,
    };
    await this.installation.keepSeed(usable);
    const cached = known === null ? null : await this.#cache.read(known);
    if (!cached) return this.#readRecords();
    for (const entry of cached) this.people.set(entry.id, entry);
    this.#swept = false;
  }

  /**
   * The stored epoch where its seed is there. Else (first start, or a damaged counter) the newest one with a seed; where no seed is
   * left, a new epoch, and older templates are reported as damaged.
   */
  async #usableEpoch(stored: number): Promise<number> {
    const { installation, database } = this;
    if (installation.hasSeed(stored)) return stored;
    const newest = installation.newestEpoch();
    const epoch = newest < 0 ? Math.max(0, stored + 1) : newest;
    if (newest < 0) await installation.addSeed(epoch);
    await database.counters.put({ id: 'epoch', value: epoch });
    return epoch;
  }

  /** Reads every record; a large gallery is kept in the cache for the next start. */
  async #readRecords(): Promise<void> {
    const identities = await this.database.identities.toArray();
    await this.#eraseUnusedKeys(identities);
    await Promise.all(identities.map((record) => this.#readIdentity(record)));
    // The cache only saves time: without it the next start is slower.
    if (this.#cacheWorthwhile)
      await this.#cache.writeAll(this.people.values(), this.#counters.changes).catch(() => {});
    else await this.#cache.clear();
  }

  async #readIdentity(stored: unknown): Promise<void> {
    const id = String((stored as { id?: unknown }).id);
    try {
      this.people.set(id, await this.#records.openIdentity(stored));
    } catch (error) {
      this.damaged.set(id, `The record of this person cannot be read. ${errorMessage(error)}`);
    }
  }

  get #cacheWorthwhile(): boolean {
    return this.people.size >= this.#cacheFrom && this.damaged.size === 0;
  }

  /**
   * What a start that read the cache left for later: erases keys of writes that were cut off, and writes a cache of the earlier form
   * anew.
   */
  async sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    await this.storage.exclusively(() => this.#eraseUnusedKeys([...this.people.values()]));
    await this.storage.exclusively(() => this.#cache.renewForm(this.people, this.#counters.changes));
  }

  async #eraseUnusedKeys(identities: readonly Pick<StoredIdentity, 'keyId'>[]): Promise<void> {
    const used = new Set([...identities.map(({ keyId }) => keyId), ...this.undo.keyIds]);
    for (const table of [this.database.templates, this.database.staffParts])
      for (const keyId of await table.orderBy('keyId').keys()) used.add(String(keyId));
    await this.#keys.keepOnly(used);
  }

  /** Checks a record that the start took from the cache unread. @throws Error that says what is damaged */
  async checkIdentity(stored: unknown): Promise<void> {
    if (this.#cache.active) await this.#records.openIdentity(stored);
  }

  /** @throws GalleryError `unknown-person` */
  entry(id: string): Entry {
    const entry = this.people.get(id);
    if (!entry)
      throw new GalleryError(
        'unknown-person',
        'This person is not in the gallery any more, so nothing was changed. Look at the list again.',
      );
    return entry;
  }

  /** All records of these people, unread, in the order of the ids. */
  async recordsOf(ids: readonly string[]): Promise<readonly PersonRecords[]> {
    const [identities, templates, staffParts] = await Promise.all([
      this.database.identities.bulkGet([...ids]),
      this.database.templates.bulkGet([...ids]),
      this.database.staffParts.bulkGet([...ids]),
    ]);
    return ids.map((_, i) => ({ identity: identities[i], templates: templates[i], staff: staffParts[i] }));
  }

  /** Everybody with their records as they are stored, some hundred people at a time. */
  async *everybody(): AsyncGenerator<readonly (readonly [Entry, PersonRecords])[]> {
    const entries = [...this.people.values()];
    for (let start = 0; start < entries.length; start += BATCH) {
      const some = entries.slice(start, start + BATCH);
      const records = await this.recordsOf(some.map(({ id }) => id));
      yield some.map((entry, i) => [entry, records[i]!] as const);
    }
  }

  /** @returns null where the person has no templates. @throws Error that says what is damaged */
  async templatesOf(id: string): Promise<TemplateSet | null> {
    const stored = await this.database.templates.get(id);
    return stored ? this.readTemplates(stored) : null;
  }

  /** @throws Error that says what is damaged */
  async readTemplates(stored: unknown): Promise<TemplateSet> {
    const set = await this.#records.openTemplates(stored);
    if (!this.installation.hasSeed(set.epoch))
      throw new Error('Its transform was replaced or lost: the person must be enrolled anew.');
    return set;
  }

  /** @param staff staff's private key. @throws Error where the part is damaged or the key is not the staff's */
  staffWords(id: string, staff: CryptoKey, stored: unknown): Promise<StaffWords> {
    return this.#records.openStaffWords(id, staff, stored);
  }

  /** The newest lines of the log, read and checked with those around them. @param staff staff's private keys */
  readLog(staff: LogKeys, newest: number): Promise<AccessLog> {
    return this.storage.exclusively(() => this.log.newest(newest, staff));
  }

  /** Signs where the log ends now, with the key of staff who open or lock the console; removes lines after their time. */
  signLog(signer: CryptoKey): Promise<void> {
    const { time } = this.storage.record;
    // While the clock is in doubt nothing is removed.
    const expired = time.doubt() ? null : time.reached() - GALLERY.logDays * DAY;
    return this.log.sign(signer, time.date(), expired, this.storage.exclusively);
  }

  /** Nothing of the log stays outside of the store: staff empty the kiosk. */
  forgetLog(): void {
    this.#anchor.forget();
  }

  /**
   * Writes a change in one transaction and erases the keys of what it replaced. Cut off anywhere, the gallery is as before or as
   * after it.
   *
   * @param prepare makes the change from what is stored now, while nobody else writes
   * @throws GalleryError
   */
  async commit(prepare: () => Promise<Change> | Change): Promise<Committed> {
    return this.storage.exclusively(() => explained(async () => this.#commit(await prepare())));
  }

  #signed(line: LogLine): LogLine {
    return line.actor === 'staff' ? { by: this.onDuty, ...line } : line;
  }

  async #commit(change: Change): Promise<Committed> {
    const { database, meta, reserve } = this.storage;
    // People are never written with the last room: it is for those who leave, and for the log.
    const canWait = (change.put ?? []).length > 0;
    if (canWait && reserve.spent) throw new DOMException('Only the reserve is left.', 'QuotaExceededError');
    const { record } = this.storage;
    const time = record.rowsFor((change.put ?? []).map(({ id }) => id));
    const deps = {
      database,
      meta,
      keys: this.#keys,
      records: this.#records,
      log: this.#log,
      undo: this.undo,
      staffKey: this.#staffKey,
      recordsOf: (ids: readonly string[]) => this.recordsOf(ids),
    };
    const whole = {
      ...change,
      meta: [...time, ...(change.meta ?? [])],
      log: change.log.map((line) => this.#signed(line)),
    };
    const write = () => writeChange(deps, whole, this.#counters);
    const written = await (canWait ? write() : reserve.spend(write));
    const { log, counters, entries, gone, rewritten, oldKeys } = written;
    this.#counters = counters;
    if (change.keys) this.#adopt(change.keys);
    this.#anchor.follow(log.before, log.head);
    for (const entry of entries) this.people.set(entry.id, entry);
    for (const id of gone) this.people.delete(id);
    const touched = [...entries.map(({ id }) => id), ...gone];
    for (const id of touched) this.damaged.delete(id);
    await reserve.spend(() => this.#keys.remove(oldKeys));
    if (change.remove?.length || change.bury?.length) await this.storage.withdrawals.copy();
    const cached = this.#cache.keepUp(touched, this.people, counters.changes, this.#cacheWorthwhile);
    // A new person replaces nothing that must be gone from the cache, so nobody has to wait for it.
    if (rewritten.length > 0) await cached;
    return {
      revision: counters.revision,
      templatesPut: (change.put ?? []).flatMap(({ id, templates }) => (templates ? [{ id, templates }] : [])),
      removed: gone,
    };
  }

  #adopt({ pepper, staff }: NewKeys): void {
    this.installation.adoptPepper(pepper);
    if (!staff) return;
    this.#staffKey = staff.publicKey;
    this.log.adopt(staff.verifier);
    staff.adopt();
  }

  /** Resolves once the cache has followed every change so far. */
  cached(): Promise<void> {
    return this.#cache.settled();
  }
}

const counted = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
