import type { GalleryEngine } from '../../src/gallery/contract/gallery.ts';
import { openGallery } from '../../src/gallery/gallery.ts';
import { embedding, MODEL, newPerson, running } from '../../src/gallery/test-people.ts';

/** Runs in the browser that is killed: works the kiosk's own engine, without screens. */
export type Work = 'enrol' | 'import' | 'rekey' | 'undo';

/** What a gallery was found to hold after the start. */
export interface Found {
  readonly people: readonly string[];
  /** of them, those whom the matcher knows by their face as themselves */
  readonly known: readonly string[];
  readonly damaged: number;
  readonly log: string;
}

const PIN = '482915';
const PASSPHRASE = 'twelve letters and more';
/** people whom no work takes away */
const BASE = 12;
/** people of the two backups that replace one another */
const SETS = { a: [100, 130], b: [200, 245] } as const;

const nameOf = (seed: number) => `p-${seed}`;
const seedOf = (name: string) => Number(name.slice(2));
const open = async (work: Work): Promise<GalleryEngine> => {
  const engine = await openGallery({ name: `kill-${work}`, rounds: 1000, peopleCacheFrom: 20 });
  await engine.matcher.setModel(running);
  if (engine.lock.state().kind === 'unset') await engine.lock.setPin(PIN);
  else await engine.lock.unlock(PIN);
  return engine;
};

const enrol = (engine: GalleryEngine, seed: number) =>
  engine.enrol({
    ...newPerson(nameOf(seed), seed),
    consent: { version: '1', givenAt: new Date().toISOString() },
  });

/** Makes the people that are there before anything is killed, and the backups. */
async function prepare(): Promise<void> {
  for (const work of ['enrol', 'rekey', 'undo'] as const) {
    const engine = await open(work);
    for (let seed = 0; seed < BASE; seed++) await enrol(engine, seed);
    engine.close();
  }
  for (const [name, [from, to]] of Object.entries(SETS)) {
    const source = await openGallery({ name: `kill-source-${name}`, rounds: 1000 });
    for (let seed = from; seed < to; seed++) await enrol(source, seed);
    const root = await navigator.storage.getDirectory();
    const file = await (await root.getFileHandle(`backup-${name}`, { create: true })).createWritable();
    await file.write(await source.staff.backup(PASSPHRASE));
    await file.close();
    source.close();
  }
  const engine = await open('import');
  await engine.lock.confirm(PIN);
  await engine.staff.restore(await backup('a'), PASSPHRASE, 'replace');
  engine.close();
}

async function backup(name: keyof typeof SETS): Promise<Blob> {
  const root = await navigator.storage.getDirectory();
  return (await root.getFileHandle(`backup-${name}`)).getFile();
}

declare global {
  interface Window {
    /** tells the test, which outlives this page */
    tell(event: 'begun' | 'confirmed', what: string): Promise<void>;
    driver: typeof driver;
  }
}

async function step(what: string, work: () => Promise<unknown>): Promise<void> {
  await window.tell('begun', what);
  await work();
  await window.tell('confirmed', what);
}

/** Works until it is killed. @param next a number that was never used before */
async function run(work: Work, next: number): Promise<never> {
  const engine = await open(work);
  for (let i = 0; ; i++) {
    engine.lock.keepOpen();
    // New keys and a restore ask for the PIN again.
    if (work === 'import' || work === 'rekey') await engine.lock.confirm(PIN);
    if (work === 'enrol') await step(nameOf(next + i), () => enrol(engine, next + i));
    else if (work === 'undo') await removeAndBringBack(engine, i);
    else if (work === 'rekey') await step('rekey', () => engine.staff.rekey());
    else {
      const { people } = await engine.load();
      const name = people.some((one) => one.name === nameOf(SETS.a[0])) ? 'b' : 'a';
      const file = await backup(name);
      await step(name, () => engine.staff.restore(file, PASSPHRASE, 'replace'));
    }
  }
}

/** One person after the other. What was left removed by a kill is brought back by `look`. */
async function removeAndBringBack(engine: GalleryEngine, turn: number): Promise<void> {
  const { people } = await engine.load();
  const { id, name } = people[turn % people.length]!;
  await step(`remove ${name}`, () => engine.staff.remove(id));
  await step(`bring back ${name}`, () => bringBack(engine));
}

async function bringBack(engine: GalleryEngine): Promise<void> {
  for (const act of await engine.staff.undoable()) await engine.staff.undo(act.id);
}

async function look(work: Work): Promise<Found> {
  const engine = await open(work);
  if (work === 'undo') await bringBack(engine);
  const { people, damaged } = await engine.staff.people();
  const known = people.filter(({ id, name }) => {
    const decision = engine.matcher.identify({ embedding: embedding(seedOf(name)), modelHash: MODEL });
    return decision.kind === 'known' && decision.personId === id;
  });
  const { intact } = await engine.staff.log(1000);
  engine.close();
  return {
    people: people.map(({ name }) => name).sort(),
    known: known.map(({ name }) => name).sort(),
    damaged: damaged.length,
    log: intact.ok ? 'intact' : intact.reason,
  };
}

const namesOf = ([from, to]: readonly [number, number]) =>
  Array.from({ length: to - from }, (_, i) => nameOf(from + i)).sort();

/** Who has to be there. */
const expected = () => ({
  base: namesOf([0, BASE]),
  a: namesOf(SETS.a),
  b: namesOf(SETS.b),
});

const driver = { prepare, run, look, expected };
window.driver = driver;
