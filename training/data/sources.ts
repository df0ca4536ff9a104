import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import {
  CHALLENGE_PARTS,
  type ChallengePart,
  challengeList,
  challengeNames,
  isChallengeFolder,
} from './challenge-files.ts';
import { conditionOf, type KfaceCondition, type KfaceResolution, kfaceIdentity } from './kface-condition.ts';
import type { KfaceLandmarks } from './kface-landmarks.ts';
import {
  findKfaceTree,
  type KfaceOddities,
  type KfaceTree,
  kfacePeople,
  kfacePictures,
  noOddities,
} from './kface-tree.ts';
import { assertDisjoint, PARTS, type Part, partOfSet, readSplits } from './splits.ts';
import { readTar, type SetFile } from './tar.ts';

/** Where a set lies and how it is laid out. */
export type SourceLocation =
  | { readonly kind: 'tars'; readonly files: readonly string[] }
  /** a folder for each identity; with `people` these alone */
  | { readonly kind: 'folder'; readonly folder: string; readonly people?: readonly string[] }
  /** K-FACE's tree; with `people` these alone */
  | { readonly kind: 'kface'; readonly tree: KfaceTree; readonly people?: readonly string[] }
  /** one part of a task of the 2020 challenge: crops of 112x112 in one folder */
  | { readonly kind: 'challenge'; readonly folder: string; readonly part: ChallengePart };

/** A named set of pictures. A name that ends with `-train`, `-validate` or `-test` says what it is for. */
export interface FaceSource {
  readonly name: string;
  readonly location: SourceLocation;
}

/** What a set says of a picture beside its pixels. */
export interface KnownFace {
  readonly condition: KfaceCondition;
  /** null where nobody annotated it */
  readonly landmarks: KfaceLandmarks | null;
}

/** A picture of a set, not yet read. */
export interface SourceEntry {
  /** relative to the set's root */
  readonly path: string;
  /** no bytes where the file cannot be read */
  read(): Promise<Buffer>;
  readonly known?: KnownFace;
}

const PICTURE = /\.(jpe?g|png|webp|avif)$/i;
const TAR_PART = /^(.+?)(?:-(\d+))?\.tar$/;

/**
 * The sets of a data folder, by name: `<set>-NN.tar` archives, trees of K-FACE, tasks of the challenge, and folders that
 * hold a folder for each identity. The folder may also be one such tree, task or folder of people itself. Where `splits.tsv`
 * lies beside the people, a set is parted by it.
 *
 * @param resolution of K-FACE's trees; default: the highest that is there
 */
export function findSources(dataFolder: string, resolution?: KfaceResolution): FaceSource[] {
  if (isOneSet(dataFolder, resolution)) return folderSources(dataFolder, resolution);
  const tars = new Map<string, string[]>();
  const folders: FaceSource[] = [];
  for (const entry of readdirSync(dataFolder).sort()) {
    const path = join(dataFolder, entry);
    const part = TAR_PART.exec(entry);
    if (part) tars.set(part[1]!, [...(tars.get(part[1]!) ?? []), path]);
    else if (statSync(path).isDirectory()) folders.push(...folderSources(path, resolution));
  }
  const archived = [...tars].map(([name, files]) => ({ name, location: { kind: 'tars' as const, files } }));
  return [...archived, ...folders];
}

/** Whether a folder is a set itself, and no folder of sets. */
const isOneSet = (folder: string, resolution?: KfaceResolution): boolean =>
  findKfaceTree(folder, resolution) !== undefined || isChallengeFolder(folder) || holdsPeople(folder);

/** Whether a folder's own folders are people: `splits.tsv` says so, or each of several holds pictures and no folder. */
function holdsPeople(folder: string): boolean {
  const entries = readdirSync(folder, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  if (entries.some(({ name }) => TAR_PART.test(name)) || folders.length === 0) return false;
  if (readSplits(folder)) return true;
  const isPerson = ({ name }: { name: string }): boolean => {
    const inside = readdirSync(join(folder, name), { withFileTypes: true });
    return inside.some((entry) => PICTURE.test(entry.name)) && !inside.some((entry) => entry.isDirectory());
  };
  return folders.length > 1 && folders.every(isPerson);
}

/** The sets of one folder, whichever kind it is. */
function folderSources(folder: string, resolution?: KfaceResolution): FaceSource[] {
  return (
    treeSources(folder, resolution) ??
    challengeSources(folder) ??
    parted(folder, (people) => ({ kind: 'folder', folder, ...(people ? { people } : {}) }))
  );
}

function treeSources(folder: string, resolution?: KfaceResolution): FaceSource[] | undefined {
  const tree = findKfaceTree(folder, resolution);
  return (
    tree && parted(tree.root, (people) => ({ kind: 'kface', tree, ...(people ? { people } : {}) }), folder)
  );
}

/** One set, or one for each part of the folder's `splits.tsv`. */
function parted(
  folder: string,
  locationOf: (people?: readonly string[]) => SourceLocation,
  named = folder,
): FaceSource[] {
  const name = basename(resolve(named));
  const splits = readSplits(folder);
  if (!splits) return [{ name, location: locationOf() }];
  return PARTS.flatMap((part) => {
    const people = [...splits].filter(([, own]) => own === part).map(([person]) => person);
    return people.length > 0 ? [{ name: `${name}-${part}`, location: locationOf(people) }] : [];
  });
}

function challengeSources(folder: string): FaceSource[] | undefined {
  if (!isChallengeFolder(folder)) return undefined;
  return CHALLENGE_PARTS.filter((part) =>
    statSync(challengeList(folder, part), { throwIfNoEntry: false }),
  ).map((part) => ({
    name: `${basename(resolve(folder))}-${part}`,
    location: { kind: 'challenge', folder, part },
  }));
}

/** Sets from `name=path`, where the path is one archive or one folder; a bare path is named after itself. */
export function sourcesFromSpec(spec: string, resolution?: KfaceResolution): FaceSource[] {
  const [first, ...rest] = spec.split('=');
  const path = rest.length > 0 ? rest.join('=') : first!;
  const own = basename(resolve(path)).replace(/\.tar$/, '');
  const name = rest.length > 0 ? first! : own;
  if (!statSync(path).isDirectory()) return [{ name, location: { kind: 'tars', files: [path] } }];
  return folderSources(path, resolution).map((source) => ({
    ...source,
    name: name + source.name.slice(own.length),
  }));
}

/** The pictures of a set in a fixed order, not yet read where the set is a folder. */
export async function* listSource(
  { location }: FaceSource,
  oddities: KfaceOddities = noOddities(),
): AsyncGenerator<SourceEntry> {
  switch (location.kind) {
    case 'tars':
      for (const file of location.files)
        for await (const { path, bytes } of readTar(file))
          if (PICTURE.test(path)) yield { path, read: async () => bytes };
      return;
    case 'folder':
      for (const path of picturesUnder(location.folder, location.people))
        yield { path, read: () => readOrNothing(join(location.folder, path)) };
      return;
    case 'kface':
      for (const { path, file, ...known } of kfacePictures(location.tree, location.people, oddities))
        yield { path, read: () => readOrNothing(file), known };
      return;
    case 'challenge':
      for (const path of challengeNames(location.folder, location.part))
        yield {
          path,
          read: () => readOrNothing(join(location.folder, location.part, path)),
          known: { condition: conditionOf(path)!, landmarks: null },
        };
  }
}

/** The pictures of a set in a fixed order, one at a time. */
export async function* readSource(source: FaceSource): AsyncGenerator<SetFile> {
  for await (const { path, read } of listSource(source)) yield { path, bytes: await read() };
}

const readOrNothing = (file: string): Promise<Buffer> => readFile(file).catch(() => Buffer.alloc(0));

/** Paths of the pictures below a folder, sorted, a folder at a time. */
function* picturesUnder(folder: string, people?: readonly string[], below = ''): Generator<string> {
  // as if whole paths were sorted: a folder's name ends with its slash
  const sortKey = (entry: { name: string; isDirectory(): boolean }) =>
    entry.isDirectory() ? `${entry.name}/` : entry.name;
  const entries = readdirSync(join(folder, below), { withFileTypes: true })
    .map((entry) => ({ entry, key: sortKey(entry) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  for (const { entry } of entries) {
    if (people && below === '' && !people.includes(entry.name)) continue;
    const path = below + entry.name;
    if (entry.isDirectory()) yield* picturesUnder(folder, undefined, `${path}/`);
    else if (entry.isFile() && PICTURE.test(entry.name)) yield path;
  }
}

/** Sets whose folder names are one numbering or are people's names, so that a person in two sets is one identity. */
const IDENTITY_SPACES: Readonly<Record<string, string>> = {
  celeba: 'celeba',
  'celeba-wild': 'celeba',
  lfw: 'name',
  glint: 'name',
};

/**
 * Key of the person over all sets: the K-FACE number where the path has K-FACE's or the challenge's form, else the
 * picture's folder in its set's name space; null for a picture without a folder.
 */
export function identityOf(set: string, path: string): string | null {
  const condition = conditionOf(path);
  if (condition) return kfaceIdentity(condition.person);
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
  if (folder === undefined) return null;
  const part = partOfSet(set);
  const whole = part ? set.slice(0, -part.length - 1) : set;
  return `${IDENTITY_SPACES[whole] ?? whole}:${folder}`;
}

/** Keys of the people of a set that is for one part. */
async function peopleOf(source: FaceSource): Promise<Iterable<string>> {
  const { name, location } = source;
  if (location.kind === 'kface') return (location.people ?? kfacePeople(location.tree)).map(kfaceIdentity);
  const people = new Set<string>();
  for await (const { path } of listSource(source)) people.add(identityOf(name, path) ?? '');
  people.delete('');
  return people;
}

/**
 * Makes sure that nobody is in sets of two parts, e.g. in `kface-train` and in `task05-test`. Sets whose name says no part
 * are for training where other sets are for something else.
 *
 * @throws SplitLeakError that names the person
 */
export async function assertNoLeak(sources: readonly FaceSource[]): Promise<void> {
  const parts = sources.map(({ name }): Part => partOfSet(name) ?? 'train');
  if (new Set(parts).size < 2) return;
  const people = await Promise.all(sources.map(peopleOf));
  assertDisjoint(parts.map((part, i) => [part, people[i]!] as const));
}
