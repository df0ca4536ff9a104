import { Dexie } from 'dexie';
import { beforeEach } from 'vitest';
import type { UndoableAct } from './contract/undo.ts';
import { TwoClocks } from './test-clocks.ts';
import { gallery, name, reopen as reopenGallery, withGallery } from './test-gallery.ts';
import { newPerson, running } from './test-people.ts';

export const HOUR = 3_600_000;
export const PASSPHRASE = 'correct horse battery';
export const PIN = '482915';
export const ACCESS = { telephone: '010-1234-5678', pin: '3951' };

/** Of the gallery of the current test; see `withUndo`. */
export let clock: TwoClocks;

/** What a restart of the kiosk does. */
export async function reopen(): Promise<void> {
  await reopenGallery();
  await gallery.matcher.setModel(running);
}

export const people = async () => (await gallery.load()).people;
export const names = async () => (await people()).map((one) => one.name).sort();
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
  beforeEach(() => {
    clock = new TwoClocks();
  });
  withGallery(() => ({ clock }));
}
