import type { BackupPreview } from '../contract/backup.ts';
import { isForeignPin } from '../people/records.ts';
import type { Entry } from '../store/change.ts';
import type { Store } from '../store/store.ts';
import type { BackupContent, BackupManifest, BackupPerson } from './content.ts';

/** What a restore adds, updates, keeps and removes. People of the backup have the ids that they have here. */
export interface Sorted {
  readonly preview: Omit<BackupPreview, 'needs'>;
  readonly added: readonly BackupPerson[];
  readonly updated: readonly BackupPerson[];
  readonly unchanged: readonly BackupPerson[];
  /** ids that are here alone */
  readonly hereAlone: readonly string[];
  /** ids of people here who withdrew elsewhere */
  readonly withdrawnElsewhere: readonly string[];
}

/** All ids by which backups may know a person: the record's, and those from before re-keys. */
const idsOf = ({ id, identity }: Pick<Entry, 'id' | 'identity'>): readonly string[] => [
  id,
  ...(identity.formerIds ?? []),
];

export async function sort(store: Store, { manifest, people }: BackupContent): Promise<Sorted> {
  const elsewhere = new Set(manifest.withdrawn.map(({ id }) => id));
  const gone = new Set([...(await store.storage.withdrawals.all()).map(({ id }) => id), ...elsewhere]);
  const { time } = store.storage.record;
  // While the clock is in doubt nobody counts as expired: they are erased later, if they are.
  const now = time.doubt() ? Number.NEGATIVE_INFINITY : time.reached();
  const expired = people.filter(({ identity }) => Date.parse(identity.consent.expiresAt) <= now);
  const withdrawn = people.filter((one) => !expired.includes(one) && idsOf(one).some((id) => gone.has(id)));
  const out = new Set([...expired, ...withdrawn]);
  const here = byAnyId(store);
  const left = withLookAlikesHere(
    people.filter((one) => !out.has(one)),
    here,
  );
  const added = left.filter(({ id }) => !store.people.has(id));
  const known = left.filter(({ id }) => store.people.has(id));
  const updated = known.filter(
    ({ id, identity }) => identity.changedAt > store.people.get(id)!.identity.changedAt,
  );
  const unchanged = known.filter((person) => !updated.includes(person));
  const inBackup = new Set(left.map(({ id }) => id));
  const withdrew = (id: string): boolean => {
    const entry = store.people.get(id);
    return (entry ? idsOf(entry) : [id]).some((one) => elsewhere.has(one));
  };
  const all = [...store.people.keys(), ...store.damaged.keys()];
  const withdrawnElsewhere = all.filter(withdrew);
  const hereAlone = all.filter((id) => !inBackup.has(id) && !withdrew(id));
  return {
    added,
    updated,
    unchanged,
    hereAlone,
    withdrawnElsewhere,
    preview: {
      madeAt: manifest.madeAt,
      logHeld: await logHeld(store, manifest),
      people: people.length,
      templates: people.reduce((sum, { templates }) => sum + templates.length, 0),
      added: added.length,
      updated: updated.length,
      unchanged: unchanged.length,
      removedByReplace: hereAlone.length,
      expired: expired.length,
      withdrawn: withdrawn.length,
      withdrawnElsewhere: withdrawnElsewhere.length,
      pinsToSet: added.filter(({ identity: { access } }) => access && isForeignPin(store, access)).length,
    },
  };
}

/** A log that was cut or written anew is found out by whoever has a backup from before. */
async function logHeld(store: Store, { kiosk }: BackupManifest): Promise<boolean | null> {
  if (!kiosk || kiosk.installation !== store.storage.fingerprint) return null;
  return store.log.held(kiosk.log);
}

function byAnyId(store: Store): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of store.people.values()) for (const id of idsOf(entry)) found.set(id, entry);
  return found;
}

/** The people under the ids that they have here, and those who look like them under theirs. */
function withLookAlikesHere(
  people: readonly BackupPerson[],
  here: ReadonlyMap<string, Entry>,
): readonly BackupPerson[] {
  const moved = people.map((person) => asHere(person, here));
  const nowOf = new Map(people.map(({ id }, i) => [id, moved[i]!.id]));
  const present = (other: string) => nowOf.get(other) ?? here.get(other)?.id ?? [];
  return moved.map((person) =>
    person.identity.lookAlikes
      ? {
          ...person,
          identity: { ...person.identity, lookAlikes: person.identity.lookAlikes.flatMap(present) },
        }
      : person,
  );
}

/** The person under the id that they have here, whichever of the two was re-keyed since. */
function asHere(person: BackupPerson, here: ReadonlyMap<string, Entry>): BackupPerson {
  const entry = idsOf(person)
    .map((id) => here.get(id))
    .find((one) => one !== undefined);
  if (!entry) return person;
  const formerIds = [...new Set([...idsOf(person), ...idsOf(entry)])].filter((id) => id !== entry.id);
  return { ...person, id: entry.id, identity: { ...person.identity, formerIds } };
}
