import { dequantise, type Transform } from '@rounz/core/match/protect.ts';
import { lengthOf } from '@rounz/core/math/vector.ts';
import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPassphrase } from '@rounz/core/people/pin.ts';
import { readSettings, type Settings, storedSettings } from '@rounz/core/settings/settings.ts';
import { BackupError, GalleryError } from '../base/errors.ts';
import { ABOUT_TO_WRITE, AT_A_TIME, breathe, demandRoom, needsOf } from '../base/long-work.ts';
import type { BackupPreview, Needs, Progress, RestoreMode } from '../contract/backup.ts';
import { type Bytes, fromBase64, toBase64 } from '../crypto/bytes.ts';
import { newSecret } from '../crypto/seal.ts';
import type { Editor } from '../people/editor.ts';
import { isForeignPin, telephoneTag, telephoneTags } from '../people/records.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Entry, PersonRecords, PersonWrite } from '../store/change.ts';
import { transformOf } from '../store/installation.ts';
import type { LossDetector } from '../store/loss-detector.ts';
import { type Access, fusedByModel, type KeptTemplate, reissue } from '../store/records.ts';
import type { SettingsKeeper } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { closeFile, type KeyCost, openFile } from './container.ts';
import { type BackupContent, type BackupPerson, decodeContent, encodeContent } from './content.ts';
import { sort } from './sort.ts';

export interface BackupDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly settings: SettingsKeeper;
  /** knows this kiosk's backups again after a loss */
  readonly losses: Pick<LossDetector, 'backupSecret'>;
  /** of the passphrase's key */
  readonly keyCost: KeyCost;
}

/** How far a template's length in a backup may be from 1: two quantisations stay below 1e-3 */
const UNIT_TOLERANCE = 1e-2;
/** share of the work that reading people is; the rest is encrypting */
const READING = 0.5;

/** @throws GalleryError `weak-passphrase`, or `damaged` where a record cannot be read: a backup is complete or is not made */
export async function makeBackup(
  { store, editor, settings, losses, keyCost }: BackupDeps,
  staff: CryptoKey,
  passphrase: string,
  onProgress: Progress = () => {},
): Promise<Blob> {
  if (!isStrongPassphrase(passphrase, PEOPLE.passphrase))
    throw new GalleryError(
      'weak-passphrase',
      `A backup's passphrase takes ${PEOPLE.passphrase.min} characters or more that are no repetition such as abcabcabcabc: ` +
        'whoever finds the file can try for ever.',
    );
  const content = await store.storage.exclusively(() =>
    readContent(store, staff, { settings: settings.current(), secret: losses.backupSecret }, (s) =>
      onProgress(s * READING),
    ),
  );
  const file = await closeFile(encodeContent(content), passphrase, keyCost.cost, (s) =>
    onProgress(READING + s * (1 - READING)),
  );
  await editor.note({ actor: 'staff', action: 'backup-made', detail: `${content.people.length} people` });
  return file;
}

async function readContent(
  store: Store,
  staff: CryptoKey,
  { settings, secret }: { readonly settings: Settings; readonly secret: string },
  onProgress: Progress,
): Promise<BackupContent> {
  // Of the file alone: what opens it tells nothing of the installation's own transform.
  const seed = newSecret();
  const incomplete = (cause?: unknown) =>
    new GalleryError(
      'damaged',
      'Some records are damaged, so the backup would lack people and was not made. Discard them in the list of people, then try again.',
      cause,
    );
  if (store.damaged.size > 0) throw incomplete();
  const people: BackupPerson[] = [];
  const read = async ([{ id, demo, identity }, records]: readonly [Entry, PersonRecords]) => {
    const words = await store.staffWords(id, staff, records.staff);
    const set = records.templates && (await store.readTemplates(records.templates));
    const templates = await Promise.all((set?.templates ?? []).map((one) => outward(store, one, seed)));
    return { id, demo, identity, ...words, templates };
  };
  try {
    for await (const some of store.everybody()) {
      people.push(...(await Promise.all(some.map(read))));
      onProgress(people.length / store.people.size);
    }
  } catch (error) {
    throw error instanceof GalleryError && error.code === 'stopped' ? error : incomplete(error);
  }
  const madeAt = store.storage.record.time.date();
  const withdrawn = await store.storage.withdrawals.all();
  const log = await store.log.end();
  const installation = store.storage.fingerprint;
  const manifest = {
    format: 2 as const,
    madeAt,
    people: people.length,
    seed: toBase64(seed),
    withdrawn,
    settings: storedSettings(settings),
    ...(log ? { kiosk: { installation, log, secret } } : {}),
  };
  return { manifest, people };
}

/** The secret by which a kiosk knows its own backups; null in those of older kiosks. @throws BackupError */
export async function secretOf(file: Blob, passphrase: string, keyCost: KeyCost): Promise<string | null> {
  return (await read(file, passphrase, keyCost)).manifest.kiosk?.secret ?? null;
}

async function read(
  file: Blob,
  passphrase: string,
  keyCost: KeyCost,
  onProgress?: Progress,
): Promise<BackupContent> {
  const content = await decodeContent(await openFile(file, passphrase, keyCost, onProgress));
  await checkTemplates(content);
  return content;
}

/** Templates are turned by the backup's own transform; what is not of unit length is no template. */
async function checkTemplates({ people }: BackupContent): Promise<void> {
  for (const [i, { templates }] of people.entries()) {
    for (const template of templates)
      if (!(Math.abs(lengthOf(dequantise(template)) - 1) <= UNIT_TOLERANCE))
        throw new BackupError('invalid-content', 'A template in the file is none, so nothing was changed.');
    if (i % AT_A_TIME === 0) await breathe();
  }
}

/** @throws BackupError */
export async function previewBackup(
  { store, keyCost }: BackupDeps,
  file: Blob,
  passphrase: string,
  onProgress?: Progress,
): Promise<BackupPreview> {
  const content = await read(file, passphrase, keyCost, onProgress);
  const { preview } = await sort(store, content);
  return { ...preview, needs: await restoreNeeds(store, content) };
}

/** What a restore needs that writes everybody of the backup. */
function restoreNeeds(store: Store, { manifest, people }: BackupContent): Promise<Needs> {
  const seed = fromBase64(manifest.seed);
  return needsOf(people, (person) => written(store, person, seed, new Set()));
}

/** @param onProgress may throw, which stops it. @throws BackupError; nothing is changed then */
export async function restoreBackup(
  { store, editor, settings, keyCost }: BackupDeps,
  file: Blob,
  passphrase: string,
  mode: RestoreMode,
  onProgress: Progress = () => {},
): Promise<BackupPreview> {
  const content = await read(file, passphrase, keyCost, (s) => onProgress(s * READING));
  const needs = await restoreNeeds(store, content);
  demandRoom(needs);
  const seed = fromBase64(content.manifest.seed);
  const restored = settingsOf(content, mode, settings.current());
  let preview: BackupPreview | null = null;
  await editor.apply(async (at) => {
    const sorted = await sort(store, content);
    preview = { ...sorted.preview, needs };
    const chosen = [...sorted.added, ...sorted.updated, ...(mode === 'replace' ? sorted.unchanged : [])];
    const discard = mode === 'replace' ? sorted.hereAlone : [];
    const remove = sorted.withdrawnElsewhere;
    const leaving = new Set([...discard, ...remove, ...chosen.map(({ id }) => id)]);
    const taken = new Set(
      [...store.people.values()].flatMap(({ id, identity }) =>
        identity.access && !leaving.has(id) ? [identity.access.tag] : [],
      ),
    );
    const put: PersonWrite[] = [];
    for (const person of chosen) {
      put.push(await written(store, person, seed, taken));
      if (put.length % AT_A_TIME !== 0) continue;
      onProgress(READING + (put.length / chosen.length) * (1 - READING));
      await breathe();
    }
    onProgress(ABOUT_TO_WRITE);
    const bury = [
      ...content.manifest.withdrawn,
      ...remove.flatMap((id) =>
        (store.people.get(id)?.identity.formerIds ?? []).map((former) => ({ id: former, at })),
      ),
    ];
    const detail = `${mode}: ${put.length} written, ${discard.length} removed`;
    const log: LogLine[] = [
      { actor: 'staff', action: 'backup-restored', detail },
      ...remove.map(
        (person): LogLine => ({ actor: 'staff', action: 'withdrawn', person, detail: 'elsewhere' }),
      ),
    ];
    const meta = restored ? [settings.row(restored)] : [];
    return { put, discard, remove, bury, meta, log, at };
  });
  if (restored) settings.written(restored);
  await editor.settled();
  onProgress(1);
  return preview!;
}

/**
 * The backup's settings where this kiosk takes them: all of it is to be as in the backup, or it was not set up yet. Bad ones are
 * read as carefully as stored ones, and signs count as posted once staff have confirmed it here.
 */
function settingsOf({ manifest }: BackupContent, mode: RestoreMode, here: Settings): Settings | null {
  if (manifest.settings === undefined || (mode === 'merge' && here.setUpAt !== null)) return null;
  const { settings } = readSettings(manifest.settings);
  return settings.asking.kind === 'signs' ? { ...settings, asking: { kind: 'touch' } } : settings;
}

/** A person of the backup as this installation keeps them. */
async function written(
  store: Store,
  { id, demo, identity, note, telephone, templates }: BackupPerson,
  seed: Bytes,
  taken: Set<string>,
): Promise<PersonWrite> {
  const tag = telephone ? await telephoneTag(store, telephone) : null;
  // A number opens one page; the person who has it here keeps it.
  const tags = telephone ? await telephoneTags(store, telephone) : [];
  const usable = tag !== null && identity.access !== null && !tags.some((one) => taken.has(one));
  if (usable) taken.add(tag);
  const access = usable ? { ...ownAccess(store, id, identity.access!, tag), tag } : null;
  return {
    id,
    demo,
    identity: { ...identity, access },
    note,
    telephone: access ? telephone : null,
    templates: fusedByModel(await Promise.all(templates.map((one) => moved(store, one, seed)))),
  };
}

/** The PIN of the backup; the one that is known here for this number, where the backup's was hashed elsewhere. */
function ownAccess(store: Store, id: string, access: Access, tag: string): Access {
  const here = store.people.get(id)?.identity.access;
  return here && here.tag === tag && isForeignPin(store, access) ? here : access;
}

async function outward(store: Store, template: KeptTemplate, seed: Bytes): Promise<KeptTemplate> {
  const width = template.high.length;
  const from = await store.installation.transform(store.epoch, width);
  return reissue(template, from, await cachedTransform(seed, width));
}

async function moved(store: Store, template: KeptTemplate, seed: Bytes): Promise<KeptTemplate> {
  const width = template.high.length;
  const from: Transform = await cachedTransform(seed, width);
  return reissue(template, from, await store.installation.transform(store.epoch, width));
}

let cached: { readonly name: string; readonly transform: Promise<Transform> } | null = null;
/** A backup has one seed and, nearly always, one width. */
function cachedTransform(seed: Bytes, width: number): Promise<Transform> {
  const name = `${toBase64(seed)}/${width}`;
  if (cached?.name !== name) cached = { name, transform: transformOf(seed, width) };
  return cached.transform;
}
