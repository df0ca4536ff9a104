import { z } from 'zod';
import { GALLERY } from '../config.ts';
import type { Progress } from '../contract/backup.ts';
import type { AccessLog } from '../contract/log.ts';
import { closeBox, openBox } from '../crypto/box.ts';
import { type Bytes, fromBase64, fromJsonBytes, jsonBytes, toBase64 } from '../crypto/bytes.ts';
import { type Binding, seal, unseal } from '../crypto/seal.ts';
import { explained, GalleryError, words } from '../errors.ts';
import { EMPTY_LOG, headSchema, type LogHead, type LogLine, nextLines, readLog } from './access-log.ts';
import {
  type GalleryDatabase,
  RECORD_FORMAT,
  type StoredIdentity,
  type StoredMeta,
  type StoredStaffPart,
  type StoredTemplates,
} from './database.ts';
import { createQueue } from './exclusive.ts';
import type { FileStore } from './files.ts';
import { Installation } from './installation.ts';
import { KeyRing } from './key-ring.ts';
import { PeopleCache } from './people-cache.ts';
import {
  decodeIdentity,
  decodeStaffPart,
  decodeTemplates,
  encodeIdentity,
  encodeTemplates,
  type Identity,
  type KeptTemplate,
} from './records.ts';

z.config({ jitless: true });

/** people read at a time, so that their records are not all in memory at once */
const BATCH = 256;

const identityBinding = (r: Omit<StoredIdentity, 'sealed'>): Binding => [
  'identity',
  r.id,
  r.format,
  r.keyId,
  r.demo,
  r.expiresAt,
];
const templatesBinding = (r: Omit<StoredTemplates, 'sealed'>): Binding => [
  'templates',
  r.id,
  r.format,
  r.keyId,
  r.revision,
  r.epoch,
];
const staffBinding = (r: Omit<StoredStaffPart, 'sealed'>): Binding => ['staff', r.id, r.format, r.keyId];

const sealedFields = {
  id: z.string().min(1),
  format: z.literal(RECORD_FORMAT),
  keyId: z.uuid(),
  sealed: z.custom<Bytes>((value) => value instanceof Uint8Array),
};
const identityRecord = z.strictObject({
  ...sealedFields,
  demo: z.literal([0, 1]),
  expiresAt: z.iso.datetime(),
});
const templatesRecord = z.strictObject({
  ...sealedFields,
  revision: z.int().nonnegative(),
  epoch: z.int().nonnegative(),
});
const staffRecord = z.strictObject(sealedFields);

/** A person in memory: what the shopper's side needs, and where the rest lies. */
export interface Entry {
  readonly id: string;
  readonly demo: boolean;
  readonly keyId: string;
  readonly identity: Identity;
}

export interface TemplateSet {
  readonly epoch: number;
  readonly revision: number;
  readonly templates: readonly KeptTemplate[];
}

/** As stored; they may hold anything. */
export interface PersonRecords {
  readonly identity: StoredIdentity | undefined;
  readonly templates: StoredTemplates | undefined;
  readonly staff: StoredStaffPart | undefined;
}

export interface StaffWords {
  readonly note: string;
  readonly telephone: string | null;
}

/** A person to be written. Absent fields are kept. */
export interface PersonWrite {
  readonly id: string;
  readonly demo: boolean;
  readonly identity: Identity;
  /** under the transform of the change's epoch */
  readonly templates?: readonly KeptTemplate[];
  readonly note?: string;
  readonly telephone?: string | null;
  /** seal the identity with a new key and erase the old one: what stood there before is gone at once */
  readonly forgetOld?: boolean;
}

export interface Change {
  readonly put?: readonly PersonWrite[];
  readonly remove?: readonly string[];
  /** damaged or old records whose ids are known; no tombstones */
  readonly discard?: readonly string[];
  readonly meta?: readonly { readonly id: string; readonly value: unknown }[];
  /** a re-key: the epoch from now on */
  readonly epoch?: number;
  /** version 1's records, now moved */
  readonly legacyDone?: readonly string[];
  readonly log: readonly LogLine[];
  readonly at: string;
}

/** The result of a change, for the index. */
export interface Committed {
  readonly revision: number;
  readonly templatesPut: readonly { readonly id: string; readonly templates: readonly KeptTemplate[] }[];
  readonly removed: readonly string[];
}

/** The sealed tables with their keys: reads people, and writes each change in one transaction. */
export class Store {
  readonly database: GalleryDatabase;
  readonly files: FileStore;
  readonly installation: Installation;
  readonly keys: KeyRing;
  readonly people = new Map<string, Entry>();
  readonly damaged = new Map<string, string>();
  /** set with the staff keys, before the first change */
  staffKey: CryptoKey | null = null;
  readonly exclusively: ReturnType<typeof createQueue>;
  readonly #cache: PeopleCache;
  readonly #cacheFrom: number;
  /** commits so far: what the people's cache is compared with */
  #changes = 0;
  revision = 0;
  epoch = 0;

  private constructor(
    database: GalleryDatabase,
    files: FileStore,
    installation: Installation,
    keys: KeyRing,
    exclusively: Store['exclusively'],
    cacheFrom: number,
  ) {
    this.database = database;
    this.files = files;
    this.installation = installation;
    this.keys = keys;
    this.exclusively = exclusively;
    this.#cache = new PeopleCache(files, installation.device);
    this.#cacheFrom = cacheFrom;
  }

  static async open(
    database: GalleryDatabase,
    files: FileStore,
    peopleCacheFrom = GALLERY.peopleCacheFrom,
  ): Promise<Store> {
    const exclusively = createQueue(`${database.name} write`);
    return exclusively(async () => {
      const installation = await Installation.open(database, files);
      const keys = await KeyRing.open(files, installation.device);
      const store = new Store(database, files, installation, keys, exclusively, peopleCacheFrom);
      await store.#readAll();
      return store;
    });
  }

  async #readAll(): Promise<void> {
    const { database } = this;
    const [revision, epoch, changes] = await Promise.all([
      database.counters.get('revision'),
      database.counters.get('epoch'),
      database.counters.get('changes'),
    ]);
    // A damaged counter only makes the snapshot stale. Seconds, for a row's revision has 32 bits there.
    this.revision = counted(revision?.value) ?? Math.floor(Date.now() / 1000);
    this.epoch = counted(epoch?.value) ?? -1;
    if (!this.installation.hasSeed(this.epoch)) await this.#findEpoch();
    await this.installation.keepSeed(this.epoch);
    const known = counted(changes?.value);
    // A damaged counter makes the cache stale.
    this.#changes = known ?? Math.floor(Date.now() / 1000);
    const cached = known === null ? null : await this.#cache.read(known);
    if (!cached) return this.#readRecords();
    for (const entry of cached) this.people.set(entry.id, entry);
    this.#swept = false;
  }

  /** Reads every record; a large gallery is kept in the cache for the next start. */
  async #readRecords(): Promise<void> {
    const identities = await this.database.identities.toArray();
    await this.#sweepKeys(identities);
    await Promise.all(identities.map((record) => this.#readIdentity(record)));
    // The cache only saves time; without it the next start is slower.
    if (this.#cacheWorthwhile)
      await this.#cache.writeAll(this.people.values(), this.#changes).catch(() => {});
    else await this.#cache.clear();
  }

  get #cacheWorthwhile(): boolean {
    return this.people.size >= this.#cacheFrom && this.damaged.size === 0;
  }

  #swept = true;
  /** Erases keys of interrupted writes, which the start postponed. They open nothing until then. */
  async sweep(): Promise<void> {
    if (this.#swept) return;
    this.#swept = true;
    await this.exclusively(() => this.#sweepKeys([...this.people.values()]));
  }

  /** Whether a record still says what is known of this person. @throws Error that says what is damaged */
  async checkIdentity(stored: unknown): Promise<void> {
    if (!this.#cache.active) return;
    const record = identityRecord.parse(stored);
    await unseal(await this.keys.key(record.keyId), identityBinding(record), record.sealed);
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

  /** First start, a damaged counter, or the seed is lost: then templates of before are reported, new ones get a new one. */
  async #findEpoch(): Promise<void> {
    const newest = this.installation.newestEpoch();
    const lost = newest < 0;
    this.epoch = lost ? Math.max(0, this.epoch + 1) : newest;
    if (lost) await this.installation.addSeed(this.epoch);
    await this.database.counters.put({ id: 'epoch', value: this.epoch });
  }

  /** Erases keys of writes that were interrupted before their confirmation, and of deletions just after it. */
  async #sweepKeys(identities: readonly Pick<StoredIdentity, 'keyId'>[]): Promise<void> {
    const used = new Set(identities.map(({ keyId }) => keyId));
    for (const table of [this.database.templates, this.database.staffParts])
      for (const keyId of await table.orderBy('keyId').keys()) used.add(String(keyId));
    await this.keys.keepOnly(used);
  }

  async #readIdentity(stored: unknown): Promise<void> {
    const id = String((stored as { id?: unknown }).id);
    try {
      const record = identityRecord.parse(stored);
      const plain = await unseal(await this.keys.key(record.keyId), identityBinding(record), record.sealed);
      const identity = decodeIdentity(plain);
      if (identity.consent.expiresAt !== record.expiresAt)
        throw new Error('Its dates contradict each other.');
      this.people.set(id, { id, demo: record.demo === 1, keyId: record.keyId, identity });
    } catch (error) {
      this.damaged.set(id, `The record of this person cannot be read. ${words(error)}`);
    }
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

  /** @throws Error that says what is damaged; null where the person has no templates */
  async templatesOf(id: string): Promise<TemplateSet | null> {
    const stored = await this.database.templates.get(id);
    return stored ? this.readTemplates(stored) : null;
  }

  /** The people's records as they are stored, some hundred people at a time. */
  async *everybody(): AsyncGenerator<readonly (readonly [Entry, PersonRecords])[]> {
    const entries = [...this.people.values()];
    for (let start = 0; start < entries.length; start += BATCH) {
      const some = entries.slice(start, start + BATCH);
      const records = await this.recordsOf(some.map(({ id }) => id));
      yield some.map((entry, i) => [entry, records[i]!] as const);
    }
  }

  async readTemplates(stored: unknown): Promise<TemplateSet> {
    const record = templatesRecord.parse(stored);
    const plain = await unseal(await this.keys.key(record.keyId), templatesBinding(record), record.sealed);
    const { epoch, revision } = record;
    if (!this.installation.hasSeed(epoch))
      throw new Error('Its transform was revoked or lost: the person must be enrolled anew.');
    return { epoch, revision, templates: decodeTemplates(plain) };
  }

  /** @throws Error where the part is damaged or the key is not the staff's */
  async staffWords(id: string, staff: CryptoKey, stored: unknown): Promise<StaffWords> {
    const part = await this.#readStaffPart(stored);
    const open = async (name: string, box: string | null): Promise<string | null> =>
      box === null ? null : (fromJsonBytes(await openBox(staff, [name, id], fromBase64(box))) as string);
    return {
      note: (await open('note', part.note)) ?? '',
      telephone: await open('telephone', part.telephone),
    };
  }

  async #readStaffPart(stored: unknown) {
    if (!stored) return { note: null, telephone: null };
    const record = staffRecord.parse(stored);
    return decodeStaffPart(
      await unseal(await this.keys.key(record.keyId), staffBinding(record), record.sealed),
    );
  }

  /** Reads a value of the installation; null if there is none. @throws Error if it is damaged */
  async meta<T>(id: string, schema: z.ZodType<T>): Promise<T | null> {
    const stored = await this.database.meta.get(id);
    if (!stored) return null;
    if (!(stored.sealed instanceof Uint8Array)) throw new Error(`The stored ${id} has another form.`);
    return schema.parse(fromJsonBytes(await unseal(this.installation.device, ['meta', id], stored.sealed)));
  }

  async #sealMeta(id: string, value: unknown): Promise<StoredMeta> {
    return { id, sealed: await seal(this.installation.device, ['meta', id], jsonBytes(value)) };
  }

  /** Writes a value of the installation, without a line in the log. */
  async putMeta(id: string, value: unknown): Promise<void> {
    await explained(async () => this.database.meta.put(await this.#sealMeta(id, value)));
  }

  /**
   * Where the log goes on. Whatever was done to it, a next line can be written: nobody must be kept from withdrawing by a
   * tampered log, and reading it tells.
   */
  async #logHead(): Promise<LogHead> {
    const head = await this.meta('log-head', headSchema).catch(() => null);
    const last = await this.database.log.orderBy('seq').last();
    // Without the note of its end the chain begins anew, and so stays broken at that line for good.
    const { seq, hash } = head ?? EMPTY_LOG;
    return { seq: Math.max(seq, last?.seq ?? 0), hash };
  }

  /** The log as it stands now; it is read without holding up whoever writes meanwhile. */
  async readLog(staff: CryptoKey, newest?: number, onProgress?: Progress): Promise<AccessLog> {
    const [head, lines] = await this.exclusively(() =>
      Promise.all([
        this.meta('log-head', headSchema).catch(() => null),
        this.database.log.orderBy('seq').toArray(),
      ]),
    );
    return readLog(lines, head ?? (lines.length === 0 ? EMPTY_LOG : null), staff, newest, onProgress);
  }

  /**
   * Writes a change: new keys first, then one transaction over everything, then old keys are erased. Cut off anywhere, the
   * gallery is as before or as after it.
   *
   * @param prepare makes the change from what is stored now, with nobody else writing
   */
  async commit(prepare: () => Promise<Change> | Change): Promise<Committed> {
    return this.exclusively(() => explained(async () => this.#commit(await prepare())));
  }

  async #commit(change: Change): Promise<Committed> {
    const { database } = this;
    if (!this.staffKey) throw new Error('The staff keys are not there yet.');
    const epoch = change.epoch ?? this.epoch;
    const put = change.put ?? [];
    const gone = [...(change.remove ?? []), ...(change.discard ?? [])];
    const templatesChange = gone.length > 0 || put.some(({ templates }) => templates);
    const revision = this.revision + (templatesChange ? 1 : 0);
    const changes = this.#changes + 1;
    const touched = [...put.map(({ id }) => id), ...gone];
    const before = await this.#keyIds(touched);
    const plan = put.map((write) => this.#plan(write, before.get(write.id)));
    await this.keys.add(plan.flatMap(({ fresh }) => fresh));

    const records = await Promise.all(plan.map((one) => this.#seal(one, revision, epoch)));
    const log = await nextLines(await this.#logHead(), change.log, this.staffKey, change.at);
    const meta = await Promise.all(
      [...(change.meta ?? []), { id: 'log-head', value: log.head }].map((m) => this.#sealMeta(m.id, m.value)),
    );
    const { identities, templates, staffParts, tombstones, counters, people } = database;
    await database.transaction('rw', database.tables, async () => {
      await Promise.all([
        identities.bulkPut(records.map((r) => r.identity)),
        templates.bulkPut(records.flatMap((r) => r.templates ?? [])),
        staffParts.bulkPut(records.flatMap((r) => r.staff ?? [])),
        identities.bulkDelete(gone),
        templates.bulkDelete(gone),
        staffParts.bulkDelete(gone),
        people.bulkDelete([...(change.legacyDone ?? []), ...gone]),
        tombstones.bulkPut((change.remove ?? []).map((id) => ({ id, at: change.at }))),
        database.log.bulkAdd([...log.lines]),
        database.meta.bulkPut(meta),
        counters.bulkPut([
          { id: 'revision', value: revision },
          { id: 'epoch', value: epoch },
          { id: 'changes', value: changes },
        ]),
      ]);
    });
    this.revision = revision;
    this.epoch = epoch;
    this.#changes = changes;
    for (const { write, identityKey } of plan) {
      const { id, demo, identity } = write;
      this.people.set(id, { id, demo, keyId: identityKey, identity });
      this.damaged.delete(id);
    }
    for (const id of gone) {
      this.people.delete(id);
      this.damaged.delete(id);
    }
    const kept = new Set(plan.flatMap((p) => [p.identityKey, p.templatesKey, p.staffKey]));
    const old = [...before.values()].flatMap((ids) => Object.values(ids)).filter((id) => id && !kept.has(id));
    await this.keys.remove(old as string[]);
    const cached = this.#followInCache(touched);
    // A new person has no older data in the cache, so the commit does not wait.
    if (touched.some((id) => before.get(id)?.identity !== undefined)) await cached;
    return {
      revision,
      templatesPut: put.flatMap(({ id, templates: t }) => (t ? [{ id, templates: t }] : [])),
      removed: gone,
    };
  }

  #caching: Promise<void> = Promise.resolve();
  /** The cache must not keep older data of changed people. If it cannot be written it is removed. One change at a time. */
  #followInCache(ids: readonly string[]): Promise<void> {
    const changes = this.#changes;
    const written = this.#caching.then(async () => {
      const followed = this.#cache.active
        ? this.#cache.follow(ids, this.people, changes)
        : // The gallery has grown, perhaps by 100,000 at once: the next start need not read all of their records.
          this.#cacheWorthwhile && this.#cache.writeAll(this.people.values(), changes);
      await Promise.resolve(followed).catch(() => this.#cache.clear());
    });
    this.#caching = written.catch(() => {});
    return written;
  }

  /** Resolves once the cache has followed every change so far. */
  cached(): Promise<void> {
    return this.#caching;
  }

  async #keyIds(ids: readonly string[]): Promise<Map<string, KeyIds>> {
    const records = await this.recordsOf(ids);
    return new Map(
      records.map(({ identity, templates, staff }, i) => [
        ids[i]!,
        {
          identity: known(identity?.keyId),
          templates: known(templates?.keyId),
          staff: known(staff?.keyId),
        } satisfies KeyIds,
      ]),
    );
  }

  #plan(write: PersonWrite, before: KeyIds | undefined): Plan {
    const fresh: string[] = [];
    const take = (old: string | undefined, renew: boolean): string => {
      if (old && !renew) return old;
      const id = this.keys.newId(write.id);
      fresh.push(id);
      return id;
    };
    const renew = write.forgetOld ?? false;
    const templatesKey = write.templates ? take(before?.templates, true) : (before?.templates ?? '');
    // Where there is nothing to keep and nothing was kept, no record is made.
    const hasStaffPart = saysWords(write) && Boolean(before?.staff || write.note || write.telephone);
    return {
      write,
      identityKey: take(before?.identity, renew),
      templatesKey,
      staffKey: hasStaffPart ? take(before?.staff, true) : (before?.staff ?? ''),
      fresh,
    };
  }

  async #seal({ write, identityKey, templatesKey, staffKey }: Plan, revision: number, epoch: number) {
    const { id, identity } = write;
    const demo: 0 | 1 = write.demo ? 1 : 0;
    const head = { id, format: RECORD_FORMAT } as const;
    const identityHead = { ...head, keyId: identityKey, demo, expiresAt: identity.consent.expiresAt };
    const sealed = await seal(
      await this.keys.key(identityKey),
      identityBinding(identityHead),
      encodeIdentity(identity),
    );
    return {
      identity: { ...identityHead, sealed },
      templates: write.templates && (await this.#sealTemplates(write, templatesKey, revision, epoch)),
      staff: saysWords(write) && staffKey ? await this.#sealStaffPart(write, staffKey) : undefined,
    };
  }

  async #sealTemplates(write: PersonWrite, keyId: string, revision: number, epoch: number) {
    const head = { id: write.id, format: RECORD_FORMAT, keyId, revision, epoch } as const;
    const plain = encodeTemplates(write.templates ?? []);
    return { ...head, sealed: await seal(await this.keys.key(keyId), templatesBinding(head), plain) };
  }

  /** A note or a number is closed for staff; the other stays as it is, for it may be closed to us. */
  async #sealStaffPart({ id, note, telephone }: PersonWrite, keyId: string): Promise<StoredStaffPart> {
    const stored = await this.database.staffParts.get(id);
    const before = await this.#readStaffPart(stored).catch(() => ({ note: null, telephone: null }));
    const box = async (name: string, value: string | null | undefined, old: string | null) => {
      if (value === undefined) return old;
      if (value === null || value === '') return null;
      return toBase64(await closeBox(this.staffKey!, [name, id], jsonBytes(value)));
    };
    const part = {
      note: await box('note', note, before.note),
      telephone: await box('telephone', telephone, before.telephone),
    };
    const head = { id, format: RECORD_FORMAT, keyId } as const;
    return { ...head, sealed: await seal(await this.keys.key(keyId), staffBinding(head), jsonBytes(part)) };
  }
}

const saysWords = ({ note, telephone }: PersonWrite): boolean =>
  note !== undefined || telephone !== undefined;

const counted = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;

/** A damaged record may name anything. */
const known = (keyId: unknown): string | undefined => (typeof keyId === 'string' ? keyId : undefined);

interface KeyIds {
  readonly identity: string | undefined;
  readonly templates: string | undefined;
  readonly staff: string | undefined;
}

/** Which keys a write takes; `fresh` are to be made first. */
interface Plan {
  readonly write: PersonWrite;
  readonly identityKey: string;
  readonly templatesKey: string;
  readonly staffKey: string;
  readonly fresh: readonly string[];
}
