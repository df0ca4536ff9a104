import { GalleryError } from '../base/errors.ts';
import { ABOUT_TO_WRITE, demandRoom, needsOf } from '../base/long-work.ts';
import type { Needs, Progress } from '../contract/backup.ts';
import type { Editor } from '../people/editor.ts';
import { telephoneTag } from '../people/records.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Change, Entry, PersonWrite, StaffWords } from '../store/change.ts';
import { fusedByModel, type KeptTemplate, reissue } from '../store/records.ts';
import type { Store } from '../store/store.ts';

/** What a re-key of everybody needs. */
export const rekeyNeeds = (store: Store): Promise<Needs> =>
  needsOf([...store.people.keys()], (id) => reissued(store, id, store.epoch));

/**
 * Makes everything anew by which this store could be told: records get new ids and new keys, templates a new transform, telephone
 * tags a new key; the device key is replaced at the next start. One transaction writes it all, then the old seed and keys are
 * erased. Cut off anywhere, the next start finds the old epoch with its seed or the new one with its seed.
 *
 * @param staff staff's private key: numbers and notes are sealed to the record's id
 * @param onProgress may throw, which stops it before anything is changed
 * @throws GalleryError `damaged` where a record cannot be read; nothing is changed then
 */
export async function rekey(
  store: Store,
  editor: Editor,
  staff: CryptoKey,
  onProgress: Progress = () => {},
): Promise<void> {
  try {
    await editor.apply((at) => rekeyed(store, staff, at, onProgress));
    await store.installation.replaceDeviceKeyLater();
  } finally {
    await store.installation.keepSeed(store.epoch);
  }
  onProgress(1);
}

async function rekeyed(store: Store, staff: CryptoKey, at: string, onProgress: Progress): Promise<Change> {
  if (store.damaged.size > 0)
    throw new GalleryError(
      'damaged',
      'Some records are damaged and could not be re-keyed, so nothing was changed. Discard them, then try again.',
    );
  demandRoom(await rekeyNeeds(store));
  const epoch = store.epoch + 1;
  await store.installation.addSeed(epoch);
  const put: PersonWrite[] = [];
  const ids = new Map([...store.people.keys()].map((id) => [id, crypto.randomUUID() as string]));
  for await (const some of store.everybody())
    for (const [entry, records] of some) {
      const words = await store.staffWords(entry.id, staff, records.staff).catch(damaged);
      put.push(await renewed(store, entry, words, { epoch, ids }));
      if (put.length % 64 === 0) onProgress(put.length / store.people.size);
    }
  onProgress(ABOUT_TO_WRITE);
  const log: LogLine[] = [{ actor: 'staff', action: 're-keyed', detail: `${put.length} people` }];
  return { put, discard: [...store.people.keys()], epoch, log, at };
}

async function renewed(
  store: Store,
  { id, demo, identity }: Entry,
  { note, telephone }: StaffWords,
  { epoch, ids }: { readonly epoch: number; readonly ids: ReadonlyMap<string, string> },
): Promise<PersonWrite> {
  const { access, lookAlikes } = identity;
  if (access && telephone === null) damaged(new Error('The telephone number of a page is missing.'));
  return {
    id: ids.get(id)!,
    demo,
    identity: {
      ...identity,
      access: access && { ...access, tag: await telephoneTag(store, telephone!, epoch) },
      formerIds: [...(identity.formerIds ?? []), id],
      ...(lookAlikes ? { lookAlikes: lookAlikes.flatMap((other) => ids.get(other) ?? []) } : {}),
    },
    templates: await reissued(store, id, epoch),
    note,
    telephone,
  };
}

function damaged(error: unknown): never {
  throw new GalleryError(
    'damaged',
    'A record is damaged and could not be re-keyed, so nothing was changed. ' +
      'Look at the list of people and discard it, then try again.',
    error,
  );
}

async function reissued(store: Store, id: string, epoch: number): Promise<readonly KeptTemplate[]> {
  const set = await store.templatesOf(id).catch(damaged);
  const templates = await Promise.all(
    (set?.templates ?? []).map(async (template) => {
      const width = template.high.length;
      const [from, to] = await Promise.all([
        store.installation.transform(set!.epoch, width),
        store.installation.transform(epoch, width),
      ]);
      return reissue(template, from, to);
    }),
  );
  return fusedByModel(templates);
}
