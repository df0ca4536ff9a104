import { Dexie, type EntityTable } from 'dexie';
import { GalleryError, galleryError } from './errors.ts';
import { deserialise, type StoredRecord, serialise } from './record.ts';
import type { DamagedRecord, Gallery, NewPerson, Person } from './types.ts';

/** Name of the IndexedDB database. */
export const GALLERY_DATABASE = 'rounz-gallery';

const SCHEMA_VERSION = 1;

/** Dexie multiplies its versions by this before it hands them to IndexedDB. */
const DEXIE_VERSION_FACTOR = 10;

/** The database. A later layout is a further `version(n)` with its upgrade; those before it stay. */
class GalleryDatabase extends Dexie {
  declare readonly people: EntityTable<StoredRecord, 'id'>;

  constructor(name: string) {
    super(name);
    this.version(SCHEMA_VERSION).stores({ people: 'id, demo' });
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

async function explained<T>(work: () => PromiseLike<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw galleryError(error);
  }
}

/** Reads one record; the key is trusted even where the rest is damaged. */
async function readRecord(key: string, stored: unknown): Promise<Person | DamagedRecord> {
  try {
    const person = await deserialise(stored);
    if (person.id !== key) throw new Error('The record lies under another key than its own.');
    return person;
  } catch (error) {
    return { id: key, reason: message(error) };
  }
}

const isPerson = (read: Person | DamagedRecord): read is Person => 'templates' in read;
const isDamaged = (read: Person | DamagedRecord): read is DamagedRecord => !isPerson(read);

function newRecord(person: NewPerson): Person {
  const name = person.name.trim();
  if (name.length === 0)
    throw new GalleryError('invalid-person', 'A person without a name cannot be enrolled. Enter a name.');
  if (person.templates.length === 0)
    throw new GalleryError('invalid-person', `${name} has no template: take the pictures again.`);
  return {
    id: crypto.randomUUID(),
    name,
    enrolledAt: new Date().toISOString(),
    consent: person.consent,
    templates: person.templates,
    demo: person.demo ?? false,
  };
}

/**
 * Opens the gallery in IndexedDB. Damaged records stay where they are until staff discard them; they are reported and kept out
 * of `people`.
 *
 * @throws GalleryError where the browser does not let us store anything
 */
export async function openGallery(name: string = GALLERY_DATABASE): Promise<Gallery> {
  const database = new GalleryDatabase(name);
  await explained(() => database.open());
  // Dexie opens a newer database all the same, but its records may mean something else by then.
  const version = database.backendDB().version / DEXIE_VERSION_FACTOR;
  if (Math.floor(version) > SCHEMA_VERSION) {
    database.close();
    throw galleryError(new DOMException('The database is newer than this program.', 'VersionError'));
  }
  return {
    load: () =>
      explained(async () => {
        // Outside of the transaction: an IndexedDB transaction does not outlive an await of anything else.
        const [keys, records] = await database.transaction('r', database.people, () =>
          Promise.all([database.people.toCollection().primaryKeys(), database.people.toArray()]),
        );
        const read = await Promise.all(records.map((record, i) => readRecord(keys[i]!, record)));
        const people = read.filter(isPerson);
        people.sort((a, b) => a.enrolledAt.localeCompare(b.enrolledAt));
        return { people, damaged: read.filter(isDamaged) };
      }),
    enrol: (person) =>
      explained(async () => {
        const enrolled = newRecord(person);
        const stored = await serialise(enrolled);
        // What cannot be read back must not be written: it would be lost to its owner.
        await deserialise(stored).catch((error: unknown) => {
          throw new GalleryError('invalid-person', `${enrolled.name} was not saved. ${message(error)}`);
        });
        await database.transaction('rw', database.people, () => database.people.add(stored));
        return enrolled;
      }),
    remove: (id) =>
      explained(() => database.transaction('rw', database.people, () => database.people.delete(id))),
    discardDamaged: (id) =>
      explained(() => database.transaction('rw', database.people, () => database.people.delete(id))),
    removeDemo: () =>
      explained(async () => {
        await database.transaction('rw', database.people, () =>
          database.people.where('demo').equals(1).delete(),
        );
      }),
    close: () => database.close(),
  };
}
