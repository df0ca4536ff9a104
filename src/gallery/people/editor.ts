import { GALLERY } from '../base/config.ts';
import { GalleryError } from '../base/errors.ts';
import type { NewPerson, Person, TelephoneAccess, Template } from '../contract/person.ts';
import type { LiveIndex } from '../index/live-index.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Change, Committed, Entry, PersonWrite } from '../store/change.ts';
import type { LossDetector } from '../store/loss-detector.ts';
import type { Identity, KeptTemplate } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import {
  datedConsent,
  keptAccess,
  keptTemplates,
  marks,
  newIdentity,
  personOf,
  requireFree,
  withLookAlike,
} from './records.ts';

/** What an edit changes of a person; absent fields are kept. */
export interface Edit {
  readonly identity?: Partial<Identity>;
  readonly templates?: readonly KeptTemplate[];
  readonly note?: string;
  readonly telephone?: string | null;
}

/** What a change keeps for its undoing, and which earlier acts it makes final. */
export type ForUndo = Pick<Change, 'keep' | 'release'>;
export type Remember = (entry: Entry, edit: Edit, at: string) => Promise<ForUndo>;

/** Each change of the gallery goes through here: one commit with its line in the log, then the index follows. */
export interface Editor {
  apply(prepare: (at: string) => Promise<Change> | Change): Promise<Committed>;
  note(line: LogLine): Promise<void>;
  edit(
    id: string,
    line: Omit<LogLine, 'person'>,
    change: (entry: Entry, at: string) => Promise<Edit> | Edit,
    remember?: Remember,
  ): Promise<void>;
  enrol(person: NewPerson): Promise<Person>;
  setTemplates(
    id: string,
    templates: readonly Template[],
    mode: 'add' | 'replace',
    remember?: Remember,
  ): Promise<void>;
  /** Notes in both records that two people look alike. */
  noteLookAlike(id: string, other: string): Promise<void>;
  setAccess(id: string, access: TelephoneAccess | null, remember?: Remember): Promise<void>;
  /** Deletes people for good; resolves once nothing of them can be read but what `remember` keeps. */
  remove(
    ids: readonly string[],
    line: Omit<LogLine, 'person'>,
    remember?: (at: string) => Promise<ForUndo>,
  ): Promise<void>;
  /**
   * Deletes people whose consent ran out. They leave no tombstone: a backup in which the consent still holds may bring them back.
   */
  expire(ids: readonly string[]): Promise<void>;
  discard(id: string): Promise<void>;
  /** Resolves once snapshot and cache have followed each change. The records themselves are already written. */
  settled(): Promise<void>;
}

export function createEditor(store: Store, live: LiveIndex, losses: LossDetector, rounds: number): Editor {
  async function apply(prepare: (at: string) => Promise<Change> | Change): Promise<Committed> {
    const committed = await store.commit(() => prepare(store.storage.record.time.date()));
    losses.follow();
    // The snapshot only saves time. Where it cannot be written, for want of room, it is removed: it may hold a removed person.
    await live.follow(committed).catch(() => live.forget());
    return committed;
  }

  function merged({ id, demo, identity }: Entry, edit: Edit, at: string): PersonWrite {
    const { identity: changed, ...rest } = edit;
    return { id, demo, identity: { ...identity, ...changed, changedAt: at }, ...rest };
  }

  const edit: Editor['edit'] = async (id, line, change, remember) => {
    await apply(async (at) => {
      const entry = store.entry(id);
      const changed = await change(entry, at);
      const undo = await remember?.(entry, changed, at);
      return { put: [merged(entry, changed, at)], log: [{ ...line, person: id }], at, ...undo };
    });
  };

  return {
    apply,
    async settled() {
      await Promise.all([live.flush().catch(() => {}), store.cached()]);
    },
    async note(line) {
      await store.commit(() => ({ log: [line], at: store.storage.record.time.date() }));
    },
    edit,
    async enrol(person) {
      const id = crypto.randomUUID();
      await apply(async (at) => {
        const templates = await keptTemplates(store, person.templates);
        const access = person.access ? await keptAccess(store, person.access, rounds) : null;
        if (templates.length === 0 && !access)
          throw new GalleryError(
            'invalid-person',
            `${person.name.trim()} has no template: take the pictures again.`,
          );
        if (person.access) await requireFree(store, person.access.telephone);
        const consent = datedConsent(store, person.consent);
        const identity = newIdentity({ ...person, consent }, access, at);
        const others = (person.lookAlikes ?? []).map((other) => store.entry(other));
        return {
          put: [
            ...others.map((other) => merged(other, { identity: withLookAlike(other.identity, id) }, at)),
            {
              id,
              demo: person.demo ?? false,
              identity,
              templates,
              ...(person.access ? { telephone: person.access.telephone.trim() } : {}),
            },
          ],
          log: [
            {
              actor: person.demo ? 'kiosk' : 'staff',
              action: 'enrolled',
              person: id,
              detail: `consent ${identity.consent.version}, ${person.templates.length} pictures`,
            },
            ...(others.length > 0 ? lookAlikeLines([id, ...others.map((other) => other.id)]) : []),
          ],
          at,
        };
      });
      return personOf(store.entry(id));
    },
    setTemplates: (id, added, mode, remember) =>
      edit(
        id,
        { actor: 'staff', action: mode === 'add' ? 'picture-added' : 're-enrolled' },
        async (entry) => {
          const adding = mode === 'add';
          if (added.length === 0)
            throw new GalleryError('invalid-person', 'There is no picture to add, so nothing was changed.');
          const before = adding ? ((await store.templatesOf(id))?.templates ?? []) : [];
          const taken = [...(adding ? entry.identity.templates : []), ...marks(added)];
          const pictures = taken.slice(-GALLERY.maxTemplates);
          const models = new Set(pictures.map(({ modelHash }) => modelHash));
          const kept = await keptTemplates(store, added, before);
          return {
            templates: kept.filter(({ modelHash }) => models.has(modelHash)),
            identity: { templates: pictures },
          };
        },
        remember,
      ),
    async noteLookAlike(id, other) {
      await apply((at) => {
        const [one, two] = [store.entry(id), store.entry(other)];
        return {
          put: [
            merged(one, { identity: withLookAlike(one.identity, other) }, at),
            merged(two, { identity: withLookAlike(two.identity, id) }, at),
          ],
          log: lookAlikeLines([id, other]),
          at,
        };
      });
    },
    setAccess: (id, access, remember) =>
      edit(
        id,
        { actor: 'staff', action: 'access-changed' },
        async () => {
          const kept = access && (await keptAccess(store, access, rounds));
          if (access) await requireFree(store, access.telephone, id);
          return { identity: { access: kept }, telephone: access?.telephone.trim() ?? null };
        },
        remember,
      ),
    async remove(ids, line, remember) {
      if (ids.length === 0) return;
      await apply(async (at) => ({
        remove: ids,
        bury: ids.flatMap((id) => formerIdsOf(store, id).map((former) => ({ id: former, at }))),
        log: ids.map((person) => ({ ...line, person })),
        at,
        ...(await remember?.(at)),
      }));
    },
    async expire(ids) {
      if (ids.length === 0) return;
      await apply((at) => {
        // Whoever asked before may have erased them while this one waited.
        const left = ids.filter((id) => store.people.has(id) || store.damaged.has(id));
        const log = left.map((person): LogLine => ({ actor: 'kiosk', action: 'expired', person }));
        return { discard: left, log, at };
      });
    },
    async discard(id) {
      await apply((at) => ({
        discard: [id],
        log: [{ actor: 'staff', action: 'damaged-discarded', person: id }],
        at,
      }));
    },
  };
}

/** The log tells for each of them that their face alone no longer opens their page. */
const lookAlikeLines = (ids: readonly string[]): LogLine[] =>
  ids.map((person) => ({
    actor: 'staff',
    action: 'look-alike-noted',
    person,
    detail: 'second factor from now on',
  }));

const formerIdsOf = (store: Store, id: string): readonly string[] =>
  store.people.get(id)?.identity.formerIds ?? [];
