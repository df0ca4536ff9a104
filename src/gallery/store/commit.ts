import { GalleryError } from '../base/errors.ts';
import type { LogHead } from './access-log.ts';
import type { Change, Entry, PersonRecords, PersonWrite } from './change.ts';
import type { GalleryDatabase } from './database.ts';
import type { KeyRing } from './key-ring.ts';
import { LOG_HEAD, type LogTable } from './log-table.ts';
import type { MetaTable } from './meta-table.ts';
import type { SealedRecords } from './sealed-records.ts';
import type { UndoRows } from './undo-rows.ts';

/** Plain numbers of the store. */
export interface Counters {
  /** changes of anybody's templates; what the snapshot is compared with */
  readonly revision: number;
  /** which transform protects the templates */
  readonly epoch: number;
  /** commits; what the people's cache is compared with */
  readonly changes: number;
}

export interface CommitDeps {
  readonly database: GalleryDatabase;
  readonly keys: KeyRing;
  readonly records: SealedRecords;
  readonly meta: MetaTable;
  readonly log: LogTable;
  readonly undo: UndoRows;
  /** staff's public key */
  readonly staffKey: CryptoKey;
  recordsOf(ids: readonly string[]): Promise<readonly PersonRecords[]>;
}

/** What a transaction left behind. */
export interface Written {
  /** where the log ended before it, and ends now */
  readonly log: { readonly before: LogHead; readonly head: LogHead };
  readonly counters: Counters;
  readonly entries: readonly Entry[];
  /** ids that are gone */
  readonly gone: readonly string[];
  /** ids of people who had a record before */
  readonly rewritten: readonly string[];
  /** keys of records that were replaced or removed: to be erased now */
  readonly oldKeys: readonly string[];
}

/**
 * Writes a change: makes the new keys first, then writes everything in one transaction. The caller erases the old keys afterwards.
 * Cut off anywhere, the gallery is as before the change or as after it, and the next start erases keys that nothing uses.
 *
 * Nobody else may write meanwhile.
 */
export async function writeChange(deps: CommitDeps, change: Change, before: Counters): Promise<Written> {
  const { keys, log, meta, undo } = deps;
  const staffKey = change.keys?.staff?.publicKey ?? deps.staffKey;
  const put = change.put ?? [];
  await refuseTombstoned(deps.database, put);
  const gone = [...(change.remove ?? []), ...(change.discard ?? [])];
  const templatesChange = gone.length > 0 || put.some(({ templates }) => templates);
  const counters: Counters = {
    revision: before.revision + (templatesChange ? 1 : 0),
    epoch: change.epoch ?? before.epoch,
    changes: before.changes + 1,
  };
  const touched = [...put.map(({ id }) => id), ...gone];
  const stored = new Map((await deps.recordsOf(touched)).map((records, i) => [touched[i]!, records]));
  const plans = put.map((write) => planKeys(keys, write, keyIdsOf(stored.get(write.id))));
  const undoing = undo.plan(change.keep, change.release ?? [], gone, change.at);
  await keys.add([...plans.flatMap(({ fresh }) => fresh), ...(undoing.kept ? [undoing.kept.keyId] : [])]);

  const sealed = await Promise.all(
    plans.map((plan) => sealPerson({ records: deps.records, staffKey }, plan, stored, counters)),
  );
  const lines = await log.next(change.log, staffKey, change.at);
  const metaRows = await Promise.all(
    [...(change.meta ?? []), { id: LOG_HEAD, value: lines.head }].map(({ id, value }) => meta.row(id, value)),
  );
  const undoRow = await undo.rowOf(undoing, staffKey);
  await writeTables(deps.database, {
    change,
    gone,
    sealed,
    lines: lines.lines,
    metaRows: undoRow ? [...metaRows, undoRow] : metaRows,
    metaGone: undo.goneOf(undoing),
    counters,
  });
  undo.follow(undoing);

  const kept = new Set(plans.flatMap((plan) => [plan.identityKey, plan.templatesKey, plan.staffKey]));
  const known = [...stored.values()].flatMap((records) => Object.values(keyIdsOf(records)));
  return {
    counters,
    log: { before: lines.before, head: lines.head },
    entries: plans.map(({ write: { id, demo, identity }, identityKey }) => ({
      id,
      demo,
      keyId: identityKey,
      identity,
    })),
    gone,
    rewritten: touched.filter((id) => stored.get(id)?.identity !== undefined),
    oldKeys: [
      ...(known.filter((keyId) => keyId !== null && !kept.has(keyId)) as string[]),
      ...undoing.released.map(({ keyId }) => keyId),
    ],
  };
}

/**
 * Another window may have removed somebody whom this one still has in memory: their record must not be written again.
 *
 * @throws GalleryError `unknown-person`
 */
async function refuseTombstoned(database: GalleryDatabase, put: readonly PersonWrite[]): Promise<void> {
  const tombstones = await database.tombstones.bulkGet(put.map(({ id }) => id));
  if (tombstones.some((tombstone) => tombstone !== undefined))
    throw new GalleryError(
      'unknown-person',
      'This person was removed from the gallery, so nothing was written. Reload the kiosk.',
    );
}

/** Ids of the keys of a person's records; null where there is no record. A damaged record may name anything. */
interface KeyIds {
  readonly identity: string | null;
  readonly templates: string | null;
  readonly staff: string | null;
}

function keyIdsOf(records: PersonRecords | undefined): KeyIds {
  const id = (record: { readonly keyId: unknown } | undefined): string | null =>
    typeof record?.keyId === 'string' ? record.keyId : null;
  return { identity: id(records?.identity), templates: id(records?.templates), staff: id(records?.staff) };
}

/** Which keys a write takes; null: that record is neither there nor made. */
interface KeyPlan {
  readonly write: PersonWrite;
  readonly identityKey: string;
  readonly templatesKey: string | null;
  readonly staffKey: string | null;
  /** to be made first */
  readonly fresh: readonly string[];
}

function planKeys(keys: KeyRing, write: PersonWrite, before: KeyIds): KeyPlan {
  const fresh: string[] = [];
  const newKey = (): string => {
    const id = keys.newId(write.id);
    fresh.push(id);
    return id;
  };
  // A new one each time: an older record put back in its place opens with nothing.
  const identityKey = newKey();
  const templatesKey = write.templates ? newKey() : before.templates;
  // A record for staff is made only where there is something to keep, now or before.
  const writesStaffPart = hasStaffWords(write) && Boolean(before.staff || write.note || write.telephone);
  return {
    write,
    identityKey,
    templatesKey,
    staffKey: writesStaffPart ? newKey() : before.staff,
    fresh,
  };
}

const hasStaffWords = ({ note, telephone }: PersonWrite): boolean =>
  note !== undefined || telephone !== undefined;

type Sealed = Awaited<ReturnType<typeof sealPerson>>;

async function sealPerson(
  { records, staffKey }: Pick<CommitDeps, 'records' | 'staffKey'>,
  plan: KeyPlan,
  stored: ReadonlyMap<string, PersonRecords>,
  { revision, epoch }: Counters,
) {
  const { write } = plan;
  const { id, templates } = write;
  return {
    identity: await records.sealIdentity(write, plan.identityKey),
    templates:
      templates && plan.templatesKey
        ? await records.sealTemplates(id, { templates, revision, epoch }, plan.templatesKey)
        : null,
    staff:
      hasStaffWords(write) && plan.staffKey
        ? await records.sealStaffWords(write, staffKey, stored.get(id)?.staff, plan.staffKey)
        : null,
  };
}

interface Rows {
  readonly change: Change;
  readonly gone: readonly string[];
  readonly sealed: readonly Sealed[];
  readonly lines: Awaited<ReturnType<LogTable['next']>>['lines'];
  readonly metaRows: readonly Awaited<ReturnType<MetaTable['row']>>[];
  /** ids of the installation's values that go */
  readonly metaGone: readonly string[];
  readonly counters: Counters;
}

async function writeTables(database: GalleryDatabase, rows: Rows): Promise<void> {
  const { change, sealed, counters } = rows;
  const gone = [...rows.gone];
  await database.transaction('rw', database.tables, async () => {
    await Promise.all([
      database.identities.bulkPut(sealed.map(({ identity }) => identity)),
      database.templates.bulkPut(sealed.flatMap(({ templates }) => templates ?? [])),
      database.staffParts.bulkPut(sealed.flatMap(({ staff }) => staff ?? [])),
      database.identities.bulkDelete(gone),
      database.templates.bulkDelete(gone),
      database.staffParts.bulkDelete(gone),
      database.people.bulkDelete([...(change.legacyDone ?? []), ...gone]),
      database.tombstones.bulkPut([
        ...(change.bury ?? []),
        ...(change.remove ?? []).map((id) => ({ id, at: change.at })),
      ]),
      database.log.bulkAdd([...rows.lines]),
      database.meta.bulkPut([...rows.metaRows]),
      database.keys.bulkPut(
        change.keys
          ? [
              { id: 'pepper', key: change.keys.pepper },
              { id: 'device-next', key: change.keys.device },
            ]
          : [],
      ),
      database.meta.bulkDelete([...rows.metaGone]),
      database.counters.bulkPut([
        { id: 'revision', value: counters.revision },
        { id: 'epoch', value: counters.epoch },
        { id: 'changes', value: counters.changes },
      ]),
    ]);
  });
}
