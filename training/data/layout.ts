/** What a data folder holds: which layout each folder has, and which sets there are. */
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ARCHIVE_NAME } from './archive.ts';
import { CHALLENGE_PARTS, challengeList, isChallengeFolder } from './challenge-files.ts';
import { type DiskPath, type FolderEntry, folderEntries } from './folder-entries.ts';
import { isPictureName } from './formats.ts';
import { isUnlabelled } from './identity.ts';
import type { KfaceResolution } from './kface-condition.ts';
import { findKfaceTree, kfacePeople } from './kface-tree.ts';
import { foldedName, setName, visible } from './names.ts';
import { SetNotes, someOf } from './set-notes.ts';
import type { FaceSource, SourceLocation } from './sources.ts';
import { PARTS, readSplits, SPLIT_FILE } from './splits.ts';

/** How a data folder is to be read. */
export interface LayoutOptions {
  /** of K-FACE's trees; default: the highest that is there */
  readonly resolution?: KfaceResolution | undefined;
  /** of names that are not UTF-8 */
  readonly charset?: string | undefined;
  /** told of what is in the folder and in no set */
  readonly notes?: SetNotes;
}

interface Layout extends LayoutOptions {
  readonly notes: SetNotes;
}

/** Other packages of pictures, by ending; they are not read. */
const OTHER_PACKAGE = /\.(?:zip|7z|rar|tar\.(?:bz2|xz|zst)|tbz2?|txz)$/i;

/**
 * The sets of a data folder, by name: archives, trees of K-FACE, tasks of the challenge, and folders that hold a folder for
 * each person. The folder may also be one such tree, task or folder of people itself. Where `splits.tsv` lies beside the
 * people, a set is parted by it.
 *
 * @throws Error where the folder can be read in two ways; it names the folders and says what to do
 */
export async function findSources(dataFolder: string, options: LayoutOptions = {}): Promise<FaceSource[]> {
  const folder = resolve(dataFolder);
  const layout = { ...options, notes: options.notes ?? new SetNotes() };
  const known = await knownLayout(folder, layout);
  if (known) return distinct(known);
  const entries = await entriesOf(folder, layout);
  const archives = entries.filter(({ name, kind }) => kind === 'file' && ARCHIVE_NAME.test(name));
  const shapes = await Promise.all(
    entries
      .filter(({ kind }) => kind === 'folder')
      .map(async (entry) => ({ entry, ...(await shapeOf(entry, layout)) })),
  );
  const full = shapes.filter(({ shape }) => shape !== 'empty');
  const empty = shapes.filter(({ shape }) => shape === 'empty').map(({ entry }) => visible(entry.name));
  if (empty.length > 0) layout.notes.remark(`folders without a picture that is read: ${someOf(empty)}`);
  const direct = full.filter(({ shape, entry }) => shape === 'direct' && !isUnlabelled(entry.name));
  const others = full.filter((one) => !direct.includes(one));
  if (direct.length > 0 && (others.length > 0 || archives.length > 0))
    throw new Error(
      ambiguity(folder, namesOf(direct), [...namesOf(others), ...archives.map(({ name }) => name)]),
    );
  if (full.length > 0 && direct.length === full.length) return distinct(await folderSources(folder, layout));
  tellLoose(folder, entries, layout);
  if (full.length === 0 && archives.length === 0)
    return entries.some(isPicture) ? distinct(await folderSources(folder, layout)) : [];
  const sets = [];
  for (const { entry } of others) sets.push(...(await folderSources(String(entry.path), layout)));
  return distinct([...archiveSources(archives, layout), ...sets]);
}

const isPicture = ({ kind, name }: FolderEntry): boolean => kind === 'file' && isPictureName(name);

const namesOf = (shapes: readonly { entry: FolderEntry }[]): string[] =>
  shapes.map(({ entry }) => visible(entry.name));

const ambiguity = (folder: string, direct: readonly string[], others: readonly string[]): string =>
  `${folder} can be read in two ways: ${someOf(direct)} hold${direct.length === 1 ? 's' : ''} pictures, as people do, and beside ` +
  `${direct.length === 1 ? 'it' : 'them'} lie sets or deeper folders (${someOf(others)}). If all of them are people, name the folder ` +
  `as one set, with --set NAME=${folder}; if ${someOf(direct)} are sets without identities, begin their names with "unlabelled"; ` +
  'otherwise move one kind elsewhere.';

function entriesOf(folder: string, { charset, notes }: Layout): Promise<FolderEntry[]> {
  return folderEntries(folder, charset, () => notes.litter++);
}

/** What a folder looks like from above. */
type Shape = 'direct' | 'deep' | 'set' | 'empty';

/** Whether a folder holds pictures itself, deeper down alone, or is a set by its own marks. */
async function shapeOf({ path, name }: FolderEntry, { charset }: Layout): Promise<{ shape: Shape }> {
  if (
    typeof path === 'string' &&
    (findKfaceTree(path) || isChallengeFolder(path) || existsSync(join(path, SPLIT_FILE)))
  )
    return { shape: 'set' };
  const inside = await folderEntries(path, charset).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    return [];
  });
  if (inside.some(isPicture)) return { shape: 'direct' };
  for (const entry of inside)
    if (entry.kind === 'folder' && (await holdsPicture(entry.path, charset, DEEPEST)))
      return { shape: 'deep' };
  return { shape: isUnlabelled(name) ? 'deep' : 'empty' };
}

/** Folders that are looked into one below another. */
const DEEPEST = 16;

async function holdsPicture(folder: DiskPath, charset: string | undefined, depth: number): Promise<boolean> {
  const entries = await folderEntries(folder, charset).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    return [];
  });
  if (entries.some(isPicture)) return true;
  for (const { kind, path } of entries)
    if (kind === 'folder' && depth > 0 && (await holdsPicture(path, charset, depth - 1))) return true;
  return false;
}

/** Tells what lies in a folder of sets and is none. */
function tellLoose(folder: string, entries: readonly FolderEntry[], { notes }: Layout): void {
  for (const { name, why } of entries) if (why) notes.skip(name, why);
  const loose = entries.filter(isPicture);
  const isRead =
    entries.every(({ kind }) => kind !== 'folder') && !entries.some(({ name }) => ARCHIVE_NAME.test(name));
  if (!isRead) for (const { name } of loose) notes.skip(name, 'it lies beside the sets and belongs to none');
  for (const { name, kind } of entries)
    if (kind === 'file' && OTHER_PACKAGE.test(name))
      notes.skip(name, `it is an archive that is not read; unpack it in ${folder}`);
}

function archiveSources(archives: readonly FolderEntry[], { charset }: Layout): FaceSource[] {
  const sets = new Map<string, string[]>();
  for (const { name, path } of archives) {
    const set = setName(ARCHIVE_NAME.exec(name)![1]!);
    sets.set(set, [...(sets.get(set) ?? []), String(path)]);
  }
  return [...sets].map(([name, files]) => ({
    name,
    location: { kind: 'archives', files, ...(charset === undefined ? {} : { charset }) },
  }));
}

/** @throws Error where two sets have one name: the cache has one file for both */
function distinct(sources: readonly FaceSource[]): FaceSource[] {
  const seen = new Set<string>();
  for (const { name } of sources) {
    if (seen.has(foldedName(name)))
      throw new Error(
        `Two sets are called ${name}, such as an archive and the folder that it was unpacked to. Move one elsewhere, or rename it.`,
      );
    seen.add(foldedName(name));
  }
  return [...sources];
}

/** The sets of a folder that says by its own files what it is. */
async function knownLayout(folder: string, layout: Layout): Promise<FaceSource[] | undefined> {
  const tree = findKfaceTree(folder, layout.resolution);
  if (tree)
    return parted(folder, tree.root, kfacePeople(tree), layout, (people) => ({
      kind: 'kface',
      tree,
      ...people,
    }));
  if (isChallengeFolder(folder)) return challengeSources(folder);
  if (!existsSync(join(folder, SPLIT_FILE))) return undefined;
  const entries = await entriesOf(folder, layout);
  if (entries.some(({ name, kind }) => kind === 'file' && ARCHIVE_NAME.test(name)))
    throw new Error(
      `${join(folder, SPLIT_FILE)} parts folders of people, and beside it lie archives. Unpack them, or move the list away.`,
    );
  return peopleSources(folder, layout);
}

/** The sets of one folder, which is a set: a tree, a task, or a folder of people. */
async function folderSources(folder: string, layout: Layout): Promise<FaceSource[]> {
  return (await knownLayout(folder, layout)) ?? (await peopleSources(folder, layout));
}

async function peopleSources(folder: string, layout: Layout): Promise<FaceSource[]> {
  const entries = await folderEntries(folder, layout.charset);
  const people = entries.filter(({ kind }) => kind === 'folder').map(({ name }) => name);
  const charset = layout.charset === undefined ? {} : { charset: layout.charset };
  return parted(folder, folder, people, layout, (some) => ({ kind: 'folder', folder, ...some, ...charset }));
}

/** One set, or one for each part of the folder's `splits.tsv`. */
function parted(
  folder: string,
  listFolder: string,
  people: readonly string[],
  { notes }: Layout,
  locationOf: (people: { readonly people?: readonly string[] }) => SourceLocation,
): FaceSource[] {
  const name = setName(basename(folder));
  const splits = readSplits(listFolder);
  if (!splits) return [{ name, location: locationOf({}) }];
  tellDifferences(name, people, splits.keys(), notes);
  return PARTS.flatMap((part) => {
    const own = people.filter((person) => splits.get(foldedName(person))?.part === part);
    return own.length > 0 ? [{ name: `${name}-${part}`, location: locationOf({ people: own }) }] : [];
  });
}

/** Who is in a list and has no folder, and who has a folder and is in no list. */
function tellDifferences(
  name: string,
  people: readonly string[],
  listed: Iterable<string>,
  notes: SetNotes,
): void {
  const [folders, names] = [new Set(people.map(foldedName)), new Set(listed)];
  const without = [...names].filter((person) => !folders.has(person));
  const unlisted = people.filter((person) => !names.has(foldedName(person)));
  if (without.length > 0)
    notes.remark(
      `${name}: ${without.length} people of ${SPLIT_FILE} have no folder: ${someOf(without.map(visible))}`,
    );
  for (const person of unlisted)
    notes.skip(`${name}/${visible(person)}`, `${SPLIT_FILE} does not name this person`);
}

const challengeSources = (folder: string): FaceSource[] =>
  CHALLENGE_PARTS.filter((part) => existsSync(challengeList(folder, part))).map((part) => ({
    name: `${setName(basename(folder))}-${part}`,
    location: { kind: 'challenge', folder, part },
  }));

/**
 * Sets from `name=path`, where the path is one archive or one folder; a bare path is named after itself. The folder is one
 * set: its folders are people, however deep their pictures lie.
 *
 * @throws Error where the path is not there, or holds archives
 */
export async function sourcesFromSpec(spec: string, options: LayoutOptions = {}): Promise<FaceSource[]> {
  const equals = spec.indexOf('=');
  const path = resolve(spec.slice(equals + 1));
  const layout = { ...options, notes: options.notes ?? new SetNotes() };
  const own = basename(path).replace(/\.(?:tar|tgz|tar\.gz)$/i, '');
  const name = setName(equals < 0 ? own : spec.slice(0, equals));
  const there = await stat(path).catch(() => undefined);
  if (!there) throw new Error(`There is no ${path}.`);
  if (!there.isDirectory()) {
    const { charset } = options;
    return [
      { name, location: { kind: 'archives', files: [path], ...(charset === undefined ? {} : { charset }) } },
    ];
  }
  const entries = await entriesOf(path, layout);
  const archive = entries.find(({ name: file, kind }) => kind === 'file' && ARCHIVE_NAME.test(file));
  if (archive)
    throw new Error(
      `${path} holds archives. Give it with --data, or name one of them: --set ${name}=${join(path, archive.name)}.`,
    );
  const sources = await folderSources(path, layout);
  return sources.map((source) => ({ ...source, name: name + source.name.slice(setName(own).length) }));
}
