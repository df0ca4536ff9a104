import { openGallery } from '../../src/gallery/gallery.ts';
import { embedding, newPerson, running } from '../../src/gallery/test-people.ts';
import { openStoreOf } from '../../src/gallery/test-store.ts';

/** Runs in the browser: enrols, tells what the disk then holds of a person, and lets them withdraw. */
const NAME = 'forgotten';
const SEED = 77;

const open = async () => {
  // From one person on, so that the cache of people is searched too.
  const engine = await openGallery({ name: NAME, rounds: 1000, peopleCacheFrom: 1 });
  await engine.matcher.setModel(running);
  return engine;
};

const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** What must not be found later, hex. */
interface Secrets {
  /** the embedding as it came, and as it is kept: turned and quantised */
  readonly template: readonly string[];
  /** the files of keys that hold this person's, as they lie on the disk */
  readonly keyFiles: readonly string[];
  /** the person's sealed record: may be left in a log, where nothing opens it any more */
  readonly sealed: readonly string[];
}

async function enrol(name: string): Promise<string> {
  const consent = { version: '1', givenAt: new Date().toISOString() };
  const first = await open();
  await first.enrol({ ...newPerson('somebody else', 1), consent });
  const { id } = await first.enrol({ ...newPerson(name, SEED), consent });
  first.close();
  // A start with people writes their cache; a visit changes it.
  const engine = await open();
  await engine.customers.visited(id, 'face');
  engine.close();
  return id;
}

async function secretsOf(id: string): Promise<Secrets> {
  const store = await openStoreOf(NAME);
  const { database, files } = store.storage;
  const set = await store.templatesOf(id);
  const record = await database.identities.get(id);
  const keyFile = await files.read(`keys-${record!.keyId.slice(0, 2)}`);
  database.close();
  return {
    template: [
      hex(bytesOf(embedding(SEED)).subarray(0, 64)),
      ...set!.templates.map(({ high }) => hex(bytesOf(high).subarray(0, 64))),
    ],
    keyFiles: [hex(keyFile!.subarray(0, 64))],
    sealed: [hex(record!.sealed.subarray(0, 64))],
  };
}

async function withdraw(id: string): Promise<void> {
  const engine = await open();
  await engine.staff.withdraw(id);
  engine.close();
}

/** Something that is to be found, as a control: in IndexedDB, small and large, and in a private file. */
async function plant(text: string): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('control', 1);
    request.onupgradeneeded = () => request.result.createObjectStore('texts');
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const writing = database.transaction('texts', 'readwrite');
  writing.objectStore('texts').put({ text: `${text}-small` }, 1);
  writing.objectStore('texts').put({ text: `${'many words '.repeat(4000)}${text}-large` }, 2);
  await new Promise((resolve) => {
    writing.oncomplete = resolve;
  });
  database.close();
  const root = await navigator.storage.getDirectory();
  const stream = await (await root.getFileHandle('control', { create: true })).createWritable();
  await stream.write(`${text}-file`);
  await stream.close();
}

const forgotten = { enrol, secretsOf, withdraw, plant };
declare global {
  interface Window {
    forgotten: typeof forgotten;
  }
}
window.forgotten = forgotten;
