import { realpath } from 'node:fs/promises';
import { type DiskPath, type FolderEntry, folderEntries } from './folder-entries.ts';
import { kindOfFile } from './formats.ts';
import { assertDistinctPeople, foldedName, normalName, normalPath, UniquePaths, visible } from './names.ts';
import { SetNotes, someOf } from './set-notes.ts';

/** A picture on disk. */
export interface WalkedPicture {
  /** in the set, in normal form; the first folder is the person */
  readonly path: string;
  readonly file: DiskPath;
}

export interface WalkOptions {
  /** these people alone, by their folded names */
  readonly people?: ReadonlySet<string> | undefined;
  /** of names that are not UTF-8 */
  readonly charset?: string | undefined;
  readonly notes: SetNotes;
}

/** A walk under way. */
interface Walk extends WalkOptions {
  /** true path of the set's folder */
  readonly root: string;
}

/** A folder on the way down. */
interface Place {
  /** path in the set so far, as the disk has it; with a slash at its end where it is not empty */
  readonly below: string;
  /** true paths of this folder and of those above it, against links in a circle */
  readonly above: readonly string[];
}

/**
 * The pictures below a folder, a person after the other, links followed. Litter is passed over; everything else that is
 * not given is told in the notes.
 *
 * @throws Error where two people differ in case alone, or a name is in no known encoding
 */
export async function* walkPictures(folder: string, options: WalkOptions): AsyncGenerator<WalkedPicture> {
  const { notes, people, charset } = options;
  const walk: Walk = { ...options, root: await realpath(folder) };
  const top = await folderEntries(folder, charset, () => notes.litter++);
  const start: Place = { below: '', above: [walk.root] };
  await assertDistinctFolders(top, start, walk, folder);
  const unique = new UniquePaths();
  const empty: string[] = [];
  for (const entry of top) {
    if (people && !(entry.kind === 'folder' && people.has(foldedName(entry.name)))) continue;
    let count = 0;
    for await (const picture of below(entry, start, walk)) {
      count++;
      yield* placed(picture, unique, notes);
    }
    if (entry.kind === 'folder' && count === 0) empty.push(visible(entry.name));
  }
  if (empty.length > 0) notes.remark(`folders without a picture that is read: ${someOf(empty)}`);
}

/** Holds the names of folders with pictures against each other; of the others nobody will ask. */
async function assertDistinctFolders(
  top: readonly FolderEntry[],
  start: Place,
  walk: Walk,
  where: string,
): Promise<void> {
  const spellings = new Map<string, FolderEntry[]>();
  for (const entry of top) {
    const key = foldedName(entry.name);
    if (entry.kind === 'folder') spellings.set(key, [...(spellings.get(key) ?? []), entry]);
  }
  for (const entries of spellings.values()) {
    if (entries.length < 2) continue;
    const people: string[] = [];
    for (const entry of entries)
      if (await holdsPicture(entry, start, { ...walk, notes: new SetNotes() }))
        people.push(normalName(entry.name));
    assertDistinctPeople(people, where);
  }
}

async function holdsPicture(entry: FolderEntry, start: Place, walk: Walk): Promise<boolean> {
  for await (const _ of below(entry, start, walk)) return true;
  return false;
}

/** The picture under its own path in normal form. */
function* placed(picture: WalkedPicture, unique: UniquePaths, notes: SetNotes): Generator<WalkedPicture> {
  try {
    const path = normalPath(picture.path);
    const own = unique.claim(path);
    if (own !== path)
      notes.remark(`${path} is there in two spellings: both are taken, one of them as ${own}`);
    yield { path: own, file: picture.file };
  } catch (error) {
    notes.skip(picture.path, (error as Error).message);
  }
}

/** The pictures of an entry: itself, or what lies in it. */
async function* below(entry: FolderEntry, place: Place, walk: Walk): AsyncGenerator<WalkedPicture> {
  const { notes, root } = walk;
  const path = place.below + entry.name;
  if (entry.link !== undefined && !`${entry.link}/`.startsWith(`${root}/`))
    notes.remark(`${visible(path)} is a link out of the set, to ${visible(entry.link)}; it was followed`);
  if (entry.kind === 'file') {
    if (notes.takes(path)) yield { path, file: entry.path };
  } else if (entry.kind === 'other') {
    if (entry.why?.includes('link') || kindOfFile(path).kind !== 'other')
      notes.skip(path, entry.why ?? 'it is no file');
  } else if (entry.link !== undefined && place.above.includes(entry.link))
    notes.skip(path, 'it is a link to a folder that it lies in');
  else {
    const own = entry.link ?? `${place.above.at(-1)}/${entry.name}`;
    yield* inside(entry.path, { below: `${path}/`, above: [...place.above, own] }, walk);
  }
}

async function* inside(folder: DiskPath, place: Place, walk: Walk): AsyncGenerator<WalkedPicture> {
  let entries: FolderEntry[];
  try {
    entries = await folderEntries(folder, walk.charset, () => walk.notes.litter++);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    walk.notes.skip(place.below, `the folder cannot be read (${code})`);
    return;
  }
  for (const entry of entries) yield* below(entry, place, walk);
}
