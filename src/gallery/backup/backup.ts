import { dequantise, type Transform } from '@rounz/core/match/protect.ts';
import { lengthOf } from '@rounz/core/math/vector.ts';
import { PEOPLE } from '@rounz/core/people/limits.ts';
import { isStrongPassphrase } from '@rounz/core/people/pin.ts';
import { readSettings, type Settings, storedSettings } from '@rounz/core/settings/settings.ts';
import { BackupError, GalleryError } from '../base/errors.ts';
import type { BackupPreview, Progress, RestoreMode } from '../contract/backup.ts';
import { type Bytes, fromBase64, toBase64 } from '../crypto/bytes.ts';
import type { Editor } from '../people/editor.ts';
import { telephoneTag, telephoneTags } from '../people/records.ts';
import type { LogLine } from '../store/access-log.ts';
import type { Entry, PersonRecords, PersonWrite } from '../store/change.ts';
import { transformOf } from '../store/installation.ts';
import type { LossDetector } from '../store/loss-detector.ts';
import { type KeptTemplate, reissue } from '../store/records.ts';
import type { SettingsKeeper } from '../store/settings.ts';
import type { Store } from '../store/store.ts';
import { closeFile, openFile } from './container.ts';
import {
  type BackupContent,
  type BackupManifest,
  type BackupPerson,
  decodeContent,
  encodeContent,
} from './content.ts';

export interface BackupDeps {
  readonly store: Store;
  readonly editor: Editor;
  readonly settings: SettingsKeeper;
  /** knows this kiosk's backups again after a loss */
  readonly losses: Pick<LossDetector, 'backupSecret'>;
  readonly rounds: number;
}

/** How far a template's length in a backup may be from 1: two quantisations stay below 1e-3 */
const UNIT_TOLERANCE = 1e-2;
/** share of the work that reading people is; the rest is encrypting */
const READING = 0.5;

/** @throws GalleryError `weak-passphrase`, or `damaged` where a record cannot be read: a backup is complete or is not made */
export async function makeBackup(
  { store, editor, settings, losses, rounds }: BackupDeps,
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
  const file = await closeFile(encodeContent(content), passphrase, rounds, (s) =>
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
  const seed = store.installation.seed(store.epoch);
  const incomplete = (cause?: unknown) =>
    new GalleryError(
      'damaged',
      'Some records are damaged, so the backup would lack people and was not made. Discard them in the list of people, then try again.',
      cause,
    );
  if (!seed || store.damaged.size > 0) throw incomplete();
  const people: BackupPerson[] = [];
  const read = async ([{ id, demo, identity }, records]: readonly [Entry, PersonRecords]) => {
    const words = await store.staffWords(id, staff, records.staff);
    const set = records.templates && (await store.readTemplates(records.templates));
    return { id, demo, identity, ...words, templates: set?.templates ?? [] };
  };
  try {
    for await (const some of store.everybody()) {
      people.push(...(await Promise.all(some.map(read))));
      onProgress(people.length / store.people.size);
    }
  } catch (error) {
    throw incomplete(error);
  }
  const madeAt = store.storage.record.time.date();
  const withdrawn = await store.storage.withdrawals.all();
  const log = await store.log.end();
  const installation = await store.installation.fingerprint();
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

/** A log that was cut or written anew is found out by whoever has a backup from before. */
async function logHeld(store: Store, { kiosk }: BackupManifest): Promise<boolean | null> {
  if (!kiosk || kiosk.installation !== (await store.installation.fingerprint())) return null;
  return store.log.held(kiosk.log);
}

/** The secret by which a kiosk knows its own backups; null in those of older kiosks. @throws BackupError */
export async function secretOf(file: Blob, passphrase: string, rounds: number): Promise<string | null> {
  return (await read(file, passphrase, rounds)).manifest.kiosk?.secret ?? null;
}

/** What a restore adds, updates, keeps and removes. */
interface Sorted {
  readonly preview: BackupPreview;
  readonly added: readonly BackupPerson[];
  readonly updated: readonly BackupPerson[];
  readonly unchanged: readonly BackupPerson[];
  /** ids that are here alone */
  readonly hereAlone: readonly string[];
  /** ids of people here who withdrew elsewhere */
  readonly withdrawnElsewhere: readonly string[];
}

async function sort(store: Store, { manifest, people }: BackupContent): Promise<Sorted> {
  const elsewhere = new Set(manifest.withdrawn.map(({ id }) => id));
  const gone = new Set([...(await store.storage.withdrawals.all()).map(({ id }) => id), ...elsewhere]);
  const { time } = store.storage.record;
  // While the clock is in doubt nobody counts as expired: they are erased later, if they are.
  const now = time.doubt() ? Number.NEGATIVE_INFINITY : time.now();
  const expired = people.filter(({ identity }) => Date.parse(identity.consent.expiresAt) <= now);
  const withdrawn = people.filter((person) => gone.has(person.id) && !expired.includes(person));
  const out = new Set([...expired, ...withdrawn].map(({ id }) => id));
  const left = people.filter(({ id }) => !out.has(id));
  const here = (id: string) => store.people.get(id);
  const added = left.filter(({ id }) => !here(id));
  const known = left.filter(({ id }) => here(id));
  const updated = known.filter(({ id, identity }) => identity.changedAt > here(id)!.identity.changedAt);
  const unchanged = known.filter((person) => !updated.includes(person));
  const inBackup = new Set(left.map(({ id }) => id));
  const all = [...store.people.keys(), ...store.damaged.keys()];
  const withdrawnElsewhere = all.filter((id) => elsewhere.has(id));
  const hereAlone = all.filter((id) => !inBackup.has(id) && !elsewhere.has(id));
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
    },
  };
}

async function read(
  file: Blob,
  passphrase: string,
  rounds: number,
  onProgress?: Progress,
): Promise<BackupContent> {
  const content = decodeContent(await openFile(file, passphrase, rounds, onProgress));
  await checkTemplates(content);
  return content;
}

/** Templates are turned by the backup's own transform; what is not of unit length is no template. */
async function checkTemplates({ people }: BackupContent): Promise<void> {
  for (const { templates } of people)
    for (const template of templates)
      if (!(Math.abs(lengthOf(dequantise(template)) - 1) <= UNIT_TOLERANCE))
        throw new BackupError('invalid-content', 'A template in the file is none, so nothing was changed.');
}

/** @throws BackupError */
export async function previewBackup(
  { store, rounds }: BackupDeps,
  file: Blob,
  passphrase: string,
  onProgress?: Progress,
): Promise<BackupPreview> {
  return (await sort(store, await read(file, passphrase, rounds, onProgress))).preview;
}

/** @throws BackupError; nothing is changed then */
export async function restoreBackup(
  { store, editor, settings, rounds }: BackupDeps,
  file: Blob,
  passphrase: string,
  mode: RestoreMode,
  onProgress: Progress = () => {},
): Promise<BackupPreview> {
  const content = await read(file, passphrase, rounds, (s) => onProgress(s * READING));
  const seed = fromBase64(content.manifest.seed);
  const restored = settingsOf(content, mode, settings.current());
  let preview: BackupPreview | null = null;
  await editor.apply(async (at) => {
    const sorted = await sort(store, content);
    preview = sorted.preview;
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
      if (put.length % 64 === 0) onProgress(READING + (put.length / chosen.length) * (1 - READING));
    }
    const detail = `${mode}: ${put.length} written, ${discard.length} removed`;
    const log: LogLine[] = [
      { actor: 'staff', action: 'backup-restored', detail },
      ...remove.map(
        (person): LogLine => ({ actor: 'staff', action: 'withdrawn', person, detail: 'elsewhere' }),
      ),
    ];
    const meta = restored ? [settings.row(restored)] : [];
    return { put, discard, remove, bury: content.manifest.withdrawn, meta, log, at };
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
  const access = usable ? { ...identity.access!, tag } : null;
  return {
    id,
    demo,
    identity: { ...identity, access },
    note,
    telephone: access ? telephone : null,
    templates: await Promise.all(templates.map((one) => moved(store, one, seed))),
    forgetOld: true,
  };
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
