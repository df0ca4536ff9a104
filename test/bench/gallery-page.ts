import { quantise } from '@rounz/core/match/protect.ts';
import { TemplateIndex } from '@rounz/core/match/template-index.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import type { GalleryEngine } from '../../src/gallery/contract/gallery.ts';
import { GALLERY_DATABASE, openGallery } from '../../src/gallery/gallery.ts';
import { backupOf, embeddingOf, modelOf, NO_MODEL, PASSPHRASE, unit, WIDTH } from './people-page.ts';

/** Runs in the browser, on the engine that the kiosk runs: what `gallery.ts` beside it measures. */
/** `?hash=HEX`: the kiosk's own gallery instead, for the model with this identity. */
const HASH = new URLSearchParams(location.search).get('hash');
const NAME = HASH === null ? 'bench' : GALLERY_DATABASE;
const MODEL = HASH ?? NO_MODEL;
const running = modelOf(MODEL);
/** PBKDF2's cost is not measured here */
const ROUNDS = 1000;

/** Fills the gallery as staff of a new kiosk would: from a backup. @returns milliseconds of the import alone */
async function fill(count: number): Promise<number[]> {
  const file = await backupOf(count, MODEL);
  console.log(`a backup of ${count} people, ${(file.size / 1e6).toFixed(0)} MB`);
  const filling = await openGallery({ name: NAME, rounds: ROUNDS });
  await filling.matcher.setModel(running);
  let told = 0;
  const taken = await timed(() =>
    filling.staff.restore(file, PASSPHRASE, 'merge', (share) => {
      if (share < told + 0.1) return;
      told = share;
      console.log(`imported: ${Math.round(share * 100)} %`);
    }),
  );
  filling.close();
  return [taken];
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
    engine = await openGallery({ name: NAME, rounds: ROUNDS });
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

/** The people who were added withdraw, at the console. */
const remove = (): Promise<number[]> => times(added.length, () => engine.staff.withdraw(added.pop()!));

/** Staff open the list of people. */
const list = async (): Promise<number[]> => [await timed(() => engine.staff.people())];

let index: TemplateIndex;

/** The engine's index alone, for more people than a shop has. */
function fillIndex(rows: number): void {
  index = new TemplateIndex(WIDTH);
  index.reserve(rows);
  const next = mulberry32(7);
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

const bench = { fill, start, search, add, remove, list, fillIndex, searchIndex };
declare global {
  interface Window {
    bench: typeof bench;
  }
}
window.bench = bench;
