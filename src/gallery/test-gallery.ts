import { Dexie } from 'dexie';
import { afterEach, beforeEach, vi } from 'vitest';
import type { GalleryEngine } from './contract/gallery.ts';
import { type GalleryOptions, openGallery } from './gallery.ts';
import type { Note } from './store/note.ts';
import { MODEL, near, running } from './test-people.ts';

/** Rounds of the PIN's key derivation: few, so that tests are quick. */
export const ROUNDS = 1_000;

/** The gallery of the current test, of the name `name`; see `withGallery`. */
export let gallery: GalleryEngine;
export let name = '';
let count = 0;

const NO_OPTIONS = (): GalleryOptions => ({});
let optionsNow = NO_OPTIONS;

const open = (): Promise<GalleryEngine> =>
  openGallery({ name, rounds: ROUNDS, backupCost: { memory: 8, passes: 1 }, ...optionsNow() });

/** What a restart of the kiosk does. @param other another gallery's name */
export async function reopen(other = name): Promise<void> {
  gallery.close();
  name = other;
  gallery = await open();
}

/** A note in memory, which outlives the gallery. */
export class Paper implements Note {
  text: string | null = null;
  read = () => this.text;
  write(text: string | null) {
    this.text = text;
  }
}

/** Id of the person as whom the face of person `seed` is recognised. */
export const who = (seed: number): string | null => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.personId : null;
};

/** Changes stored data without the gallery. */
export async function tamper<T>(table: string, key: string, change: (record: T) => unknown): Promise<void> {
  const raw = await new Dexie(name).open();
  await raw.table(table).put(change((await raw.table(table).get(key)) as T) as object);
  raw.close();
}

/**
 * Gives each test of a file an empty gallery of its own, with a model that runs.
 *
 * @param options asked for at each opening
 */
export function withGallery(options = NO_OPTIONS): void {
  optionsNow = options;
  beforeEach(async () => {
    name = `gallery-${++count}`;
    gallery = await open();
    await gallery.matcher.setModel(running);
  });
  afterEach(() => {
    vi.useRealTimers();
    gallery.close();
  });
}
