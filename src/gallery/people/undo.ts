import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';
import type { UndoableAct, UndoableAction } from '../contract/undo.ts';
import type { LogLine } from '../store/access-log.ts';
import type { PersonWrite } from '../store/change.ts';
import type { Access, Identity } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import type { UndoHead, UndoWrite } from '../store/undo-rows.ts';
import type { Editor, ForUndo, Remember } from './editor.ts';
import { mergedOf, type WholeRecord } from './merge.ts';
import { withLookAlike } from './records.ts';
import { decodeUndo, encodeUndo, type Snapshot, type UndoContent } from './undo-content.ts';

/** Acts that erase a record: each can be undone for its day. Of the others the last one alone can be. */
const ERASING: ReadonlySet<UndoableAction> = new Set(['removed', 'merged']);

/** Staff's acts that can be undone, and the undoing. What is kept for it is sealed to staff's key, and no backup carries it. */
export interface Undo {
  /** For an edit: keeps what it changes. @param staff the private key */
  remember(staff: CryptoKey, action: UndoableAction): Remember;
  /** Removes a record from the gallery for good unless it is brought back within the day. */
  remove(id: string, staff: CryptoKey): Promise<void>;
  /** Two records of one person become the first of them. @throws GalleryError `unknown-person`, `invalid-person` */
  merge(id: string, other: string, staff: CryptoKey): Promise<void>;
  whole(id: string, staff: CryptoKey): Promise<WholeRecord>;
  list(staff: CryptoKey): Promise<readonly UndoableAct[]>;
  /** @throws GalleryError `past-undo` where it cannot be undone any more */
  undo(actId: string, staff: CryptoKey): Promise<void>;
  /** Erases at once what is kept of an act. */
  forget(actId: string): Promise<void>;
}

export function createUndo(store: Store, editor: Editor): Undo {
  const { record } = store.storage;

  async function whole(id: string, staff: CryptoKey): Promise<WholeRecord> {
    const entry = store.entry(id);
    const [records] = await store.recordsOf([id]);
    const words = await store.staffWords(id, staff, records?.staff).catch(damaged);
    const set = records?.templates && (await store.readTemplates(records.templates).catch(damaged));
    return { entry, ...words, templates: set?.templates ?? [] };
  }

  /** What an act keeps, and which it makes final. @param at when it is done; ISO 8601 */
  function kept(
    action: UndoableAction,
    people: UndoWrite['people'],
    at: string,
    content: Omit<UndoContent, 'epoch'>,
  ): ForUndo {
    // Nobody comes back, and no consent does, that has run out meanwhile.
    const ends = [consentComesBack(content) ? content.before : null, content.other].flatMap((one) =>
      one ? [Date.parse(one.identity.consent.expiresAt)] : [],
    );
    const until = new Date(Math.min(Date.parse(at) + GALLERY.undoFor, ...ends)).toISOString();
    return {
      keep: { action, people, until, content: encodeUndo({ epoch: store.epoch, ...content }) },
      release: store.undo.heads().flatMap((head) => (ERASING.has(head.action) ? [] : [head.id])),
    };
  }

  function headOf(actId: string): UndoHead {
    const head = store.undo.heads().find(({ id }) => id === actId);
    // The purge comes once a minute: what is over may still lie there.
    if (!head || Date.parse(head.until) <= record.time.now()) throw past();
    return head;
  }

  return {
    whole,
    remember: (staff, action) => async (entry, edit, at) => {
      const before = await whole(entry.id, staff);
      const { identity, note = before.note, telephone = before.telephone } = edit;
      const after = { identity: { ...entry.identity, ...identity, changedAt: at }, note, telephone };
      return kept(action, [entry.id], at, {
        before: snapshotOf(before, edit.templates !== undefined),
        after,
        other: null,
      });
    },
    async remove(id, staff) {
      await editor.remove([id], { actor: 'staff', action: 'removed' }, async (at) =>
        kept('removed', [id], at, {
          before: snapshotOf(await whole(id, staff)),
          after: null,
          other: null,
        }),
      );
    },
    async merge(id, other, staff) {
      await editor.apply(async (at) => {
        const [a, b] = [await whole(id, staff), await whole(other, staff)];
        if (id === other || a.entry.demo !== b.entry.demo)
          throw new GalleryError('invalid-person', 'These are not two records of one person.');
        const { identity: joined, ...rest } = mergedOf(a, b);
        const identity = { ...joined, changedAt: at };
        const after = { identity, note: rest.note, telephone: rest.telephone };
        const content = { before: snapshotOf(a), after, other: snapshotOf(b) };
        return {
          put: [
            { id, demo: a.entry.demo, identity, ...rest },
            ...likeNow(
              store,
              id,
              (b.entry.identity.lookAlikes ?? []).filter((one) => one !== id),
            ),
          ],
          remove: [other],
          bury: (b.entry.identity.formerIds ?? []).map((former) => ({ id: former, at })),
          ...kept('merged', [id, other], at, content),
          log: [
            { actor: 'staff', action: 'merged', person: id, detail: `took in ${other}` },
            { actor: 'staff', action: 'merged', person: other, detail: `went into ${id}` },
          ],
          at,
        };
      });
    },
    async list(staff) {
      const now = record.time.now();
      const heads = store.undo.heads().filter(({ until }) => Date.parse(until) > now);
      const acts = await Promise.all(
        heads.map(async (head) => {
          // One that cannot be opened cannot be undone: its time erases it.
          const bytes = await store.undo.content(head, staff).catch(() => null);
          const { id, action, at, until } = head;
          if (!bytes) return [];
          const { id: person, identity } = decodeUndo(bytes).before;
          return [{ id, action, person, at, until, name: identity.name }];
        }),
      );
      return acts.flat();
    },
    async undo(actId, staff) {
      await editor.apply(async (at) => {
        const head = headOf(actId);
        const bytes = await store.undo.content(head, staff).catch(() => {
          throw past();
        });
        const content = decodeUndo(bytes);
        if (content.epoch !== store.epoch) throw past();
        const put = await undone(store, content, staff, { at, whole });
        return {
          put,
          release: [actId],
          // Others are written because they look like whoever comes back.
          log: put
            .filter(({ id }) => id === head.people[0] || !store.people.has(id))
            .map(({ id }) => ({
              actor: 'staff',
              action: 'undone',
              person: id,
              detail: head.people.includes(id) ? head.action : `${head.action}, was ${head.people.at(-1)}`,
            })),
          at,
        };
      });
    },
    async forget(actId) {
      await editor.apply((at) => {
        const head = headOf(actId);
        return { release: [actId], log: finalLines([head], 'staff'), at };
      });
    },
  };
}

/** Erases what is kept of acts that cannot be undone any more, by the trusted time. */
export async function purgeUndo(store: Store, editor: Editor): Promise<void> {
  const now = store.storage.record.time.now();
  const over = () => store.undo.heads().filter(({ until }) => Date.parse(until) <= now);
  if (over().length === 0) return;
  await editor.apply((at) => {
    const left = over();
    return { release: left.map(({ id }) => id), log: finalLines(left, 'kiosk'), at };
  });
}

const finalLines = (heads: readonly UndoHead[], actor: 'staff' | 'kiosk'): readonly LogLine[] =>
  heads.flatMap(({ action, people }) =>
    action === 'removed' ? people.map((person) => ({ actor, action: 'removal-final', person }) as const) : [],
  );

const snapshotOf = ({ entry, templates, ...words }: WholeRecord, withFace = true): Snapshot => ({
  id: entry.id,
  demo: entry.demo,
  identity: entry.identity,
  ...words,
  templates: withFace ? templates : null,
});

/** Whether undoing puts another consent in the place of the one that holds then. */
const consentComesBack = ({ before, after }: Omit<UndoContent, 'epoch'>): boolean =>
  JSON.stringify(before.identity.consent) !== JSON.stringify(after?.identity.consent);

interface Undoing {
  readonly at: string;
  readonly whole: (id: string, staff: CryptoKey) => Promise<WholeRecord>;
}

async function undone(
  store: Store,
  { before, after, other }: UndoContent,
  staff: CryptoKey,
  { at, whole }: Undoing,
): Promise<readonly PersonWrite[]> {
  if (!after) return withLookAlikes(store, [], returned(store, before, at));
  // Somebody who was erased since takes all that is kept of them along.
  const now = await whole(before.id, staff);
  const back = restored(now, before, after, at);
  requireFreeTag(store, back);
  return other ? withLookAlikes(store, [back], returned(store, other, at, back)) : [back];
}

/** People who look like somebody: their records name that id from now on. */
const likeNow = (store: Store, id: string, lookAlikes: readonly string[] = []): readonly PersonWrite[] =>
  lookAlikes.flatMap((other) => {
    const entry = store.people.get(other);
    return entry ? [{ id: other, demo: entry.demo, identity: withLookAlike(entry.identity, id) }] : [];
  });

/** Who comes back has a new id, which those who look like them have to name. */
function withLookAlikes(
  store: Store,
  written: readonly PersonWrite[],
  back: PersonWrite,
): readonly PersonWrite[] {
  const others = back.identity.lookAlikes?.filter((id) => !written.some((one) => one.id === id));
  return [...written, back, ...likeNow(store, back.id, others)];
}

/**
 * A record that was erased, under a new id: the old one stays among those that no backup brings back, and so does the copy in an
 * older backup. A number that somebody else has by now stays theirs.
 */
function returned(
  store: Store,
  { templates, ...before }: Snapshot,
  at: string,
  beside?: PersonWrite,
): PersonWrite {
  const { formerIds: _, ...identity } = before.identity;
  const { access } = identity;
  const free =
    access !== null && access.tag !== beside?.identity.access?.tag && !isTaken(store, access, beside?.id);
  return {
    id: crypto.randomUUID(),
    demo: before.demo,
    identity: { ...identity, access: free ? access : null, changedAt: at },
    templates: templates ?? [],
    note: before.note,
    telephone: free ? before.telephone : null,
  };
}

/** Whether the number is somebody's in the gallery. @param except id of a person who may have it */
const isTaken = (store: Store, { tag }: Access, except?: string): boolean =>
  [...store.people.values()].some(({ id, identity }) => id !== except && identity.access?.tag === tag);

/** @throws GalleryError `access-taken` where somebody else has taken the number since */
function requireFreeTag(store: Store, { id, identity: { access } }: PersonWrite): void {
  if (access && isTaken(store, access, id))
    throw new GalleryError(
      'access-taken',
      'The telephone number of before belongs to somebody else by now, so nothing was undone.',
    );
}

/** The record with what the act changed as it was before, and with whatever else has changed since. */
function restored(
  now: WholeRecord,
  before: Snapshot,
  after: NonNullable<UndoContent['after']>,
  at: string,
): PersonWrite {
  const { id, demo, identity: current } = now.entry;
  const same = (name: keyof Identity): boolean =>
    JSON.stringify(current[name]) === JSON.stringify(after.identity[name]);
  const changed: Partial<Identity> = {};
  for (const name of [
    'name',
    'enrolledAt',
    'consent',
    'templates',
    'access',
    'lookAlikes',
    'lastVisit',
    'previousVisit',
  ] as const)
    if (same(name)) Object.assign(changed, { [name]: before.identity[name] });
  const visits = before.identity.visits + Math.max(0, current.visits - after.identity.visits);
  const since = current.savedFrames.filter((frame) => !after.identity.savedFrames.includes(frame));
  const left = before.identity.savedFrames.filter(
    (frame) => current.savedFrames.includes(frame) || !after.identity.savedFrames.includes(frame),
  );
  const ownTemplates = before.templates !== null && same('templates');
  return {
    id,
    demo,
    identity: { ...current, ...changed, visits, savedFrames: [...left, ...since], changedAt: at },
    ...(ownTemplates ? { templates: before.templates! } : {}),
    note: now.note === after.note ? before.note : now.note,
    telephone: same('access') ? before.telephone : now.telephone,
  };
}

const past = (): GalleryError =>
  new GalleryError(
    'past-undo',
    'This cannot be undone any more: its time is over, or the record was erased since.',
  );

function damaged(error: unknown): never {
  throw new GalleryError(
    'damaged',
    'A record of this person is damaged, so nothing was changed. Look at the list of people.',
    error,
  );
}
