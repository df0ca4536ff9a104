import { errorMessage } from '@rounz/core/error-message.ts';
import { type BackupDeps, makeBackup, previewBackup, restoreBackup } from '../backup/backup.ts';
import type { KeyCost } from '../backup/container.ts';
import { explained, GalleryError } from '../base/errors.ts';
import { stoppable } from '../base/long-work.ts';
import type { LogAction } from '../contract/log.ts';
import type { DamagedRecord } from '../contract/person.ts';
import type { StaffDesk, StaffPerson } from '../contract/staff.ts';
import type { MergePreview, UndoableAction } from '../contract/undo.ts';
import type { FullMatcher } from '../index/matcher.ts';
import { confirmDate } from '../people/dates.ts';
import type { Editor } from '../people/editor.ts';
import { previewOf } from '../people/merge.ts';
import { datedConsent, keptConsent, keptName, keptNote, personOf } from '../people/records.ts';
import { createUndo } from '../people/undo.ts';
import type { Entry, PersonRecords } from '../store/change.ts';
import type { LossDetector } from '../store/loss-detector.ts';
import { fitsMarks } from '../store/records.ts';
import type { SettingsKeeper } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import type { TallyKeeper } from '../store/tally.ts';
import type { FirstKnown } from './first-known.ts';
import type { Lock } from './lock.ts';
import type { OpenModelRecord } from './recogniser.ts';
import { rekey, rekeyNeeds } from './rekey.ts';

export interface DeskDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly matcher: FullMatcher;
  readonly lock: Lock;
  /** of backups' keys */
  readonly keyCost: KeyCost;
  readonly losses: LossDetector;
  readonly settings: SettingsKeeper;
  readonly recogniser: Pick<OpenModelRecord, 'replace'>;
  readonly firstKnown: FirstKnown;
  readonly tally: TallyKeeper;
  /** removes everything from the disk */
  readonly wipe: () => Promise<void>;
}

/** Staff's side of the gallery: each call asks the lock first. */
export function createDesk(deps: DeskDeps): StaffDesk {
  const { store, editor, matcher, lock, losses, settings, firstKnown, tally } = deps;
  const undo = createUndo(store, editor);
  /** Runs work that only staff may do. */
  const behindLock = <T>(work: (staff: CryptoKey) => Promise<T>): Promise<T> =>
    explained(async () => work(lock.staffKey()));
  /** The same for what an unattended console must not give away: the PIN was entered again for it. */
  const behindPin = <T>(work: (staff: CryptoKey, pin: string | null) => Promise<T>): Promise<T> =>
    behindLock((staff) => work(staff, lock.useConfirmation()));
  const backupDeps: BackupDeps = { store, editor, settings, losses, keyCost: deps.keyCost };

  async function staffPerson(
    entry: Entry,
    staff: CryptoKey,
    records: PersonRecords | undefined,
  ): Promise<StaffPerson> {
    const { note, telephone } = await store.staffWords(entry.id, staff, records?.staff);
    const running = matcher.model()?.modelHash;
    const current = entry.identity.templates.filter(({ modelHash }) => modelHash === running).length;
    return {
      ...personOf(entry),
      note,
      telephone,
      currentTemplates: current,
      oldTemplates: entry.identity.templates.length - current,
      visits: entry.identity.visits,
      lastVisit: entry.identity.lastVisit,
    };
  }

  /** Reads a whole person, templates included, so that staff see damage early. */
  async function checked(
    entry: Entry,
    staff: CryptoKey,
    records: PersonRecords,
  ): Promise<StaffPerson | DamagedRecord> {
    try {
      const [person, set] = await Promise.all([
        staffPerson(entry, staff, records),
        records.templates && store.readTemplates(records.templates),
        store.checkIdentity(records.identity),
      ]);
      if (!fitsMarks(set?.templates ?? [], entry.identity.templates))
        throw new Error('Some of the templates are missing.');
      return person;
    } catch (error) {
      return {
        id: entry.id,
        reason: `The records of this person contradict each other. ${errorMessage(error)}`,
      };
    }
  }

  const edit = (
    id: string,
    action: UndoableAction & LogAction,
    change: Parameters<Editor['edit']>[2],
  ): Promise<void> =>
    behindLock((staff) => editor.edit(id, { actor: 'staff', action }, change, undo.remember(staff, action)));

  /** @throws GalleryError `unknown-person` */
  async function mergePreview(id: string, other: string, staff: CryptoKey): Promise<MergePreview> {
    const [a, b] = [await undo.whole(id, staff), await undo.whole(other, staff)];
    return previewOf(a, b, matcher.likeness(id, other));
  }

  return {
    people: () =>
      behindLock(async (staff) => {
        const read: (StaffPerson | DamagedRecord)[] = [];
        for await (const some of store.everybody())
          read.push(...(await Promise.all(some.map(([entry, records]) => checked(entry, staff, records)))));
        const people = read.filter((one): one is StaffPerson => 'templates' in one);
        people.sort((a, b) => a.enrolledAt.localeCompare(b.enrolledAt));
        const damaged = new Map([...store.damaged].map(([id, reason]) => [id, { id, reason }]));
        for (const one of read) if (!('templates' in one)) damaged.set(one.id, one);
        await editor.note({ actor: 'staff', action: 'list-read', detail: `${people.length} people` });
        await firstKnown.note({ 'records-damaged': damaged.size > 0 });
        return { people, damaged: [...damaged.values()] };
      }),
    person: (id) =>
      behindLock(async (staff) => {
        const [records] = await store.recordsOf([id]);
        return staffPerson(store.entry(id), staff, records);
      }),
    rename: (id, name) => edit(id, 'renamed', () => ({ identity: { name: keptName(name) } })),
    setNote: (id, note) => edit(id, 'note-changed', () => ({ note: keptNote(note) })),
    setAccess: (id, access) =>
      behindLock((staff) => editor.setAccess(id, access, undo.remember(staff, 'access-changed'))),
    addTemplates: (id, templates) =>
      behindLock((staff) => editor.setTemplates(id, templates, 'add', undo.remember(staff, 'picture-added'))),
    replaceTemplates: (id, templates) =>
      behindLock((staff) =>
        editor.setTemplates(id, templates, 'replace', undo.remember(staff, 're-enrolled')),
      ),
    noteLookAlike: (id, other) => behindLock(() => editor.noteLookAlike(id, other)),
    renewConsent: (id, consent) =>
      edit(id, 'consent-renewed', ({ demo }) => ({
        identity: { consent: keptConsent(datedConsent(store, consent), demo) },
      })),
    withdraw: (id) =>
      behindLock(async () => {
        store.entry(id);
        await editor.remove([id], { actor: 'staff', action: 'withdrawn' });
      }),
    remove: (id) =>
      behindLock(async (staff) => {
        store.entry(id);
        await undo.remove(id, staff);
      }),
    mergePreview: (id, other) => behindLock((staff) => mergePreview(id, other, staff)),
    merge: (id, other) =>
      behindPin(async (staff) => {
        if ((await mergePreview(id, other, staff)).faces === 'unlike')
          throw new GalleryError(
            'unlike',
            'The kiosk does not take the two faces for one person, so nothing was merged. Take new pictures of one of them first.',
          );
        await undo.merge(id, other, staff);
      }),
    undoable: () => behindLock((staff) => undo.list(staff)),
    undo: (actId) => behindLock((staff) => undo.undo(actId, staff)),
    forget: (actId) => behindLock(() => undo.forget(actId)),
    weeks() {
      lock.staffKey();
      return tally.weeks();
    },
    log: (newest) =>
      behindLock(async () => {
        const log = await store.readLog(await lock.logKeys(), newest);
        await editor.note({ actor: 'staff', action: 'log-read' });
        if (!log.intact.ok) await firstKnown.note({ 'log-broken': true });
        return log;
      }),
    checkLog: (onProgress) =>
      behindLock(async () => {
        const intact = await store.log.check(onProgress);
        await firstKnown.note({ 'log-broken': !intact.ok });
        return intact;
      }),
    firstKnown: () => behindLock(async () => firstKnown.dates()),
    exportLog: (onProgress) =>
      behindPin(async () => {
        const { entries, intact } = await store.log.all(await lock.logKeys(), onProgress);
        await editor.note({ actor: 'staff', action: 'log-exported', detail: `${entries.length} lines` });
        const lines = [...entries, { exportedAt: store.storage.record.time.date(), intact }];
        return new Blob([`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`], {
          type: 'application/jsonl',
        });
      }),
    setSettings: (next) =>
      behindLock(async () => {
        const log = [{ actor: 'staff', action: 'settings-changed', detail: settings.detail(next) }] as const;
        await editor.apply((at) => ({ meta: [settings.row(next)], log, at }));
        settings.written(next);
      }),
    setRecogniser: (choice) => behindPin(() => deps.recogniser.replace(choice)),
    strictness: () => settings.current().strictness,
    setStrictness: (next) =>
      behindLock(async () => {
        const before = settings.current();
        const changed = { ...before, strictness: next };
        await editor.apply((at) => ({
          meta: [settings.row(changed)],
          log: [{ actor: 'staff', action: 'strictness-changed', detail: `${before.strictness} -> ${next}` }],
          at,
        }));
        settings.written(changed);
      }),
    strictnessChoices: () =>
      matcher.choices().map((choice) => ({ ...choice, missed: tally.missedAt(choice.threshold) })),
    backup: (passphrase, onProgress, signal) =>
      behindPin((staff) => makeBackup(backupDeps, staff, passphrase, stoppable(onProgress, signal))),
    previewBackup: (file, passphrase, onProgress) =>
      behindLock(async () => {
        const preview = await previewBackup(backupDeps, file, passphrase, onProgress);
        await editor.note({ actor: 'staff', action: 'backup-previewed' });
        return preview;
      }),
    opened: (person) => behindLock(() => editor.note({ actor: 'staff', action: 'person-opened', person })),
    restore: (file, passphrase, mode, onProgress, signal) =>
      behindPin(async () => {
        const restored = await restoreBackup(
          backupDeps,
          file,
          passphrase,
          mode,
          stoppable(onProgress, signal),
        );
        // The restored records replace the lost ones.
        losses.acknowledge();
        await firstKnown.note({ 'gallery-lost': false });
        return restored;
      }),
    rekey: (onProgress, signal) =>
      behindPin((staff, pin) => rekey(store, editor, { lock, staff, pin }, stoppable(onProgress, signal))),
    rekeyNeeds: () => behindLock(() => rekeyNeeds(store)),
    confirmDate: () => behindLock(() => confirmDate(store, editor)),
    noteIncident: (what, findings) =>
      (what === 'names' ? behindPin : behindLock)(() =>
        editor.note({ actor: 'staff', action: 'incident-reported', detail: `${what}: ${findings}` }),
      ),
    acknowledgeLoss: () =>
      behindLock(async () => {
        if (!losses.lost) return;
        const detail = `${losses.lost.people} people, last seen ${losses.lost.lastSeen}`;
        await editor.note({ actor: 'staff', action: 'loss-acknowledged', detail });
        losses.acknowledge();
        await firstKnown.note({ 'gallery-lost': false });
      }),
    wipe: () => behindPin(() => deps.wipe()),
  };
}
