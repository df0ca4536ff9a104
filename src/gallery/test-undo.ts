import { Dexie } from 'dexie';
import { beforeEach } from 'vitest';
import type { GalleryEngine } from './contract/gallery.ts';
import type { UndoableAct } from './contract/undo.ts';
import { openGallery } from './gallery.ts';
import { TwoClocks } from './test-clocks.ts';
import { MODEL, near, newPerson, running } from './test-people.ts';

export const HOUR = 3_600_000;
export const PASSPHRASE = 'correct horse battery';
export const PIN = '482915';
export const ACCESS = { telephone: '010-1234-5678', pin: '3951' };

/** The gallery of the current test, of the name `name`, and its clock; see `withUndo`. */
export let name = '';
export let clock: TwoClocks;
export let gallery: GalleryEngine;
let count = 0;

export async function open(): Promise<void> {
  gallery = await openGallery({ name, rounds: 100, backupCost: { memory: 8, passes: 1 }, clock });
  await gallery.matcher.setModel(running);
}
/** What a restart of the kiosk does. */
export async function reopen(): Promise<void> {
  gallery.close();
  await open();
}

export const people = async () => (await gallery.load()).people;
export const names = async () => (await people()).map((one) => one.name).sort();
/** Id of the person as whom the face of person `seed` is recognised. */
export const who = (seed: number): string | null => {
  const decision = gallery.matcher.identify({ embedding: near(seed), modelHash: MODEL });
  return decision.kind === 'known' ? decision.personId : null;
};
export const enrol = (called: string, seed: number) =>
  gallery.enrol({ ...newPerson(called, seed), consent: { version: '1', givenAt: clock.date() } });
/** The newest act that can be undone. */
export const last = async (): Promise<UndoableAct> => (await gallery.staff.undoable())[0]!;

/** Values of the installation that are kept for undoing. */
export async function rows(): Promise<readonly string[]> {
  const raw = await new Dexie(name).open();
  const ids = (await raw.table('meta').toCollection().primaryKeys()) as string[];
  raw.close();
  return ids.filter((id) => id.startsWith('undo-'));
}

/** Gives each test of a file an empty gallery of its own, with a clock that the test turns. */
export function withUndo(): void {
  beforeEach(async () => {
    name = `undo-${++count}`;
    clock = new TwoClocks();
    await open();
  });
}
