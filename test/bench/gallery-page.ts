import { quantise } from '@rounz/core/match/protect.ts';
import { TemplateIndex } from '@rounz/core/match/template-index.ts';
import { openStaffKeys } from '../../src/gallery/desk/staff-keys.ts';
import { openGallery } from '../../src/gallery/gallery.ts';
import { keptConsent, marks } from '../../src/gallery/people.ts';
import { openDatabase } from '../../src/gallery/store/database.ts';
import { openFiles } from '../../src/gallery/store/files.ts';
import { protect } from '../../src/gallery/store/records.ts';
import { type PersonWrite, Store } from '../../src/gallery/store/store.ts';
import type { GalleryEngine } from '../../src/gallery/types.ts';

/** Runs in the browser, on the engine that the kiosk runs: what `gallery.ts` beside it measures. */
const NAME = 'bench';
const MODEL = 'c'.repeat(64);
const WIDTH = 512;
const running = { modelHash: MODEL, calibration: [{ targetFpir: 0.01, gallerySize: 1, threshold: 0.5 }] };
/** people written in one transaction while the gallery is filled */
const BATCH = 20_000;

/** A small generator (xorshift32): the same people in every run. */
function random(seed: number): () => number {
  let state = seed | 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function unit(next: () => number): Float32Array {
  const values = Float32Array.from({ length: WIDTH }, () => next() - 0.5);
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** The embedding of person `i`. */
const embeddingOf = (i: number) => unit(random(i * 2654435761 + 1));

/** Fills the store by the engine's own commits, many people at a time, then lets the engine write its snapshot. */
async function fill(count: number): Promise<void> {
  (await openGallery({ name: NAME, rounds: 1000 })).close();
  const database = await openDatabase(NAME);
  const store = await Store.open(database, await openFiles(NAME, database.files));
  await openStaffKeys(store);
  const transform = await store.installation.transform(store.epoch, WIDTH);
  const at = new Date().toISOString();
  for (let start = store.people.size; start < count; start += BATCH) {
    const put = Array.from({ length: Math.min(BATCH, count - start) }, (_, i): PersonWrite => {
      const embedding = embeddingOf(start + i);
      const templates = [protect({ embedding, modelHash: MODEL, createdAt: at }, transform)];
      return {
        id: crypto.randomUUID(),
        demo: false,
        templates,
        identity: {
          name: `손님 ${start + i}`,
          enrolledAt: at,
          changedAt: at,
          consent: keptConsent({ version: '1', givenAt: at }, false),
          templates: marks(templates),
          visits: 0,
          lastVisit: null,
          previousVisit: null,
          savedFrames: [],
          access: null,
        },
      };
    });
    await store.commit(() => ({ put, log: [], at }));
    console.log(`filled ${start + put.length} of ${count}`);
  }
  database.close();
  const engine = await openGallery({ name: NAME, rounds: 1000 });
  await engine.matcher.setModel(running);
  engine.close();
}

const timed = async (work: () => unknown): Promise<number> => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};

async function times(count: number, work: (i: number) => unknown): Promise<number[]> {
  const taken: number[] = [];
  for (let i = 0; i < count; i++) taken.push(await timed(() => work(i)));
  return taken;
}

let engine: GalleryEngine;

/** From nothing to a matcher that answers: what a kiosk does when it starts. */
const start = (): Promise<number> =>
  timed(async () => {
    engine = await openGallery({ name: NAME, rounds: 1000 });
    await engine.matcher.setModel(running);
  });

const probe = (i: number) => ({ embedding: embeddingOf(i), modelHash: MODEL });

async function search(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, (_, i) => probe(i * 37));
  return times(count, (i) => {
    const decision = engine.matcher.identify(probes[i]!);
    if (decision.kind !== 'known') throw new Error(`Person ${i * 37} was not found.`);
  });
}

const added: string[] = [];

function add(count: number): Promise<number[]> {
  const consent = { version: '1', givenAt: new Date().toISOString() };
  return times(count, async (i) => {
    const template = { ...probe(-1 - i), createdAt: consent.givenAt };
    added.push((await engine.enrol({ name: 'Somebody', consent, templates: [template] })).id);
  });
}

/** Those who were added withdraw again. */
const remove = (): Promise<number[]> => times(added.length, () => engine.customers.withdraw(added.pop()!));

let index: TemplateIndex;

/** The engine's index alone, for more people than a shop has. */
function fillIndex(rows: number): void {
  index = new TemplateIndex(WIDTH);
  index.reserve(rows);
  const next = random(7);
  const some = Array.from({ length: 512 }, () => quantise(unit(next)));
  for (let row = 0; row < rows; row++) {
    const template = some[row % some.length]!;
    // Rotated by its place, so that no two rows are equal.
    const by = Math.floor(row / some.length) % WIDTH;
    const turned = (plane: Int8Array) => {
      const copy = new Int8Array(WIDTH);
      copy.set(plane.subarray(by));
      copy.set(plane.subarray(0, by), WIDTH - by);
      return copy;
    };
    index.add({
      personId: String(row),
      template: { scale: template.scale, high: turned(template.high), low: turned(template.low) },
    });
  }
}

function searchIndex(count: number): Promise<number[]> {
  const probes = Array.from({ length: count }, (_, i) => embeddingOf(i));
  return times(count, (i) => index.search(probes[i]!, 2));
}

const bench = { fill, start, search, add, remove, fillIndex, searchIndex };
declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
