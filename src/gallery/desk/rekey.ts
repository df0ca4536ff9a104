import { GalleryError } from '../base/errors.ts';
import { ABOUT_TO_WRITE, AT_A_TIME, breathe, demandRoom, needsOf } from '../base/long-work.ts';
import type { Needs, Progress } from '../contract/backup.ts';
import type { Editor } from '../people/editor.ts';
import { telephoneTag } from '../people/records.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Change, Entry, PersonWrite, StaffWords } from '../store/change.ts';
import { type Digest, mac, newMacKey } from '../store/installation.ts';
import { fusedByModel, type KeptTemplate, reissue } from '../store/records.ts';
import { newDeviceKey } from '../store/rotate-device.ts';
import { FINGERPRINT } from '../store/storage.ts';
import type { Store } from '../store/store.ts';
import type { Lock } from './lock.ts';

/** What a re-key of everybody needs. */
export const rekeyNeeds = (store: Store): Promise<Needs> =>
  needsOf([...store.people.keys()], (id) => reissued(store, id, store.epoch));

/** Who makes new keys. */
interface Staff {
  readonly lock: Pick<Lock, 'renew' | 'inTurn'>;
  /** the private key: numbers and notes are sealed to the record's id */
  readonly staff: CryptoKey;
  /** the main PIN; null: none was chosen yet, and staff's pair stays */
  readonly pin: string | null;
}

/**
 * Makes everything anew by which this store could be told, and every key that lies in it: records get new ids and new keys,
 * templates a new transform, telephone tags a new key, staff a new pair, the device a new pepper; the device key is replaced at the
 * next start. What customers' PINs are hashed with stays, because nobody else knows the PINs. One transaction writes it all, then
 * the old seed and keys are erased. Cut off anywhere, the next start finds all of the old keys or all of the new ones.
 *
 * @param onProgress may throw, which stops it before anything is changed
 * @throws GalleryError `damaged` where a record cannot be read, `not-main`; nothing is changed then
 */
export async function rekey(
  store: Store,
  editor: Editor,
  staff: Staff,
  onProgress: Progress = () => {},
): Promise<void> {
  try {
    // A PIN that is changed meanwhile would be written with the keys of before.
    await staff.lock.inTurn(() => editor.apply((at) => rekeyed(store, staff, at, onProgress)));
  } finally {
    await store.installation.keepSeed(store.epoch);
  }
  onProgress(1);
}

async function rekeyed(
  store: Store,
  { lock, staff, pin }: Staff,
  at: string,
  onProgress: Progress,
): Promise<Change> {
  if (store.damaged.size > 0)
    throw new GalleryError(
      'damaged',
      'Some records are damaged and could not be re-keyed, so nothing was changed. Discard them, then try again.',
    );
  demandRoom(await rekeyNeeds(store));
  const pepper = await newMacKey();
  const digest: Digest = (purpose, bytes) => mac(pepper, purpose, bytes);
  const pair = pin === null ? null : await lock.renew(pin, { digest, lines: await store.log.span() });
  const epoch = store.epoch + 1;
  await store.installation.addSeed(epoch);
  const put: PersonWrite[] = [];
  const ids = new Map([...store.people.keys()].map((id) => [id, crypto.randomUUID() as string]));
  for await (const some of store.everybody())
    for (const [entry, records] of some) {
      const words = await store.staffWords(entry.id, staff, records.staff).catch(damaged);
      put.push(await renewed(store, entry, words, { epoch, ids }));
      if (put.length % AT_A_TIME !== 0) continue;
      onProgress(put.length / store.people.size);
      await breathe();
    }
  onProgress(ABOUT_TO_WRITE);
  const log: LogLine[] = [{ actor: 'staff', action: 're-keyed', detail: `${put.length} people` }];
  const meta = [
    { id: FINGERPRINT, value: store.storage.fingerprint },
    ...(pair ? [...pair.rows, ...(await store.log.resigned(pair.signer))] : []),
  ];
  const keys = { pepper, device: await newDeviceKey(), staff: pair };
  // What is kept for undoing lies under the old transform and staff's old key, and ends with them.
  const release = store.undo.heads().map(({ id }) => id);
  return { put, discard: [...store.people.keys()], release, epoch, keys, meta, log, at };
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
