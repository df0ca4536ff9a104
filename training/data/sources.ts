import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArchiveIndex, archivedBytes, indexArchive } from './archive.ts';
import { type ChallengePart, challengeNames } from './challenge-files.ts';
import type { DiskPath } from './folder-entries.ts';
import { walkPictures } from './folder-walk.ts';
import { conditionOf, type KfaceCondition } from './kface-condition.ts';
import type { KfaceLandmarks } from './kface-landmarks.ts';
import { type KfaceTree, kfacePictures } from './kface-tree.ts';
import { assertDistinctPeople, foldedName, normalPath, UniquePaths } from './names.ts';
import { UnreadablePicture } from './picture-bytes.ts';
import type { SetFile } from './set-file.ts';
import { SetNotes, someOf } from './set-notes.ts';

/** Where a set lies and how it is laid out. `charset` is that of names which are not UTF-8. */
export type SourceLocation =
  | { readonly kind: 'archives'; readonly files: readonly string[]; readonly charset?: string }
  /** a folder for each identity; with `people` these alone */
  | {
      readonly kind: 'folder';
      readonly folder: string;
      readonly people?: readonly string[];
      readonly charset?: string;
    }
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
  /** relative to the set's root, in normal form, and no other picture's */
  readonly path: string;
  /** @throws UnreadablePicture that says why */
  read(): Promise<Buffer>;
  readonly known?: KnownFace;
}

/**
 * The pictures of a set in a fixed order, not yet read where that can wait.
 *
 * @param notes told of everything that is not given, and why
 * @throws Error that names what must be mended before the set can be read
 */
export async function* listSource(
  { location }: FaceSource,
  notes = new SetNotes(),
): AsyncGenerator<SourceEntry> {
  switch (location.kind) {
    case 'archives':
      yield* archivedPictures(location, notes);
      return;
    case 'folder': {
      const people = location.people && new Set(location.people.map(foldedName));
      const { folder, charset } = location;
      for await (const { path, file } of walkPictures(folder, { people, charset, notes }))
        yield { path, read: readerOf(file) };
      return;
    }
    case 'kface':
      for (const { path, file, ...known } of kfacePictures(location.tree, location.people, notes))
        yield { path, read: readerOf(file), known };
      return;
    case 'challenge':
      for (const path of challengeNames(location.folder, location.part))
        yield {
          path,
          read: readerOf(join(location.folder, location.part, path)),
          known: { condition: conditionOf(path)!, landmarks: null },
        };
  }
}

/** The pictures of a set in a fixed order, one at a time; a file that cannot be read has no bytes. */
export async function* readSource(source: FaceSource): AsyncGenerator<SetFile> {
  for await (const { path, read } of listSource(source))
    yield { path, bytes: await read().catch(() => Buffer.alloc(0)) };
}

const readerOf = (file: DiskPath) => (): Promise<Buffer> =>
  readFile(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'it is not there' : `it cannot be read (${error.code})`;
    throw new UnreadablePicture(why, { cause: error });
  });

type Archives = Extract<SourceLocation, { kind: 'archives' }>;

/** The pictures of one archive by the paths that they have in the set. */
interface NamedArchive {
  readonly index: ArchiveIndex;
  readonly paths: readonly string[];
}

interface ReadArchives {
  readonly archives: readonly NamedArchive[];
  readonly notes: SetNotes;
}

/** Headers are read once in a process, however often its set is listed. */
const readAlready = new WeakMap<Archives, Promise<ReadArchives>>();

async function* archivedPictures(location: Archives, notes: SetNotes): AsyncGenerator<SourceEntry> {
  const reading = readAlready.get(location) ?? readArchives(location);
  readAlready.set(location, reading);
  reading.catch(() => readAlready.delete(location));
  const { archives, notes: own } = await reading;
  notes.add(own);
  for (const { index, paths } of archives) {
    let row = 0;
    for await (const read of archivedBytes(index)) yield { path: paths[row++]!, read };
  }
}

async function readArchives({ files, charset }: Archives): Promise<ReadArchives> {
  const notes = new SetNotes();
  const indices: ArchiveIndex[] = [];
  for (const file of files) indices.push(withNormalPaths(await indexArchive(file, charset, notes), notes));
  const all = indices.flatMap(({ pictures }) => pictures.map(({ path }) => path));
  const wrapper = wrapperOf(all);
  if (wrapper !== undefined)
    notes.remark(
      `everything lies in ${wrapper}/: it was taken for the set's own folder, and those in it for people`,
    );
  const start = wrapper === undefined ? 0 : wrapper.length + 1;
  assertDistinctPeople(
    new Set(
      all.flatMap((path) => (path.includes('/', start) ? [path.slice(start, path.indexOf('/', start))] : [])),
    ),
    files[0]!,
  );
  const unique = new UniquePaths();
  const archives = indices.map((index) => ({
    index,
    paths: index.pictures.map(({ path }) => unique.claim(path.slice(start))),
  }));
  const copies = archives.flatMap(({ index: { pictures }, paths }) =>
    paths.filter((path, row) => path !== pictures[row]!.path.slice(start)),
  );
  if (copies.length > 0)
    notes.remark(
      `names that are there in two spellings or in two archives; all are taken, further ones as ${someOf(copies)}`,
    );
  return { archives, notes };
}

/** An index whose paths are in normal form; a path that has none is told. */
function withNormalPaths(index: ArchiveIndex, notes: SetNotes): ArchiveIndex {
  const pictures = index.pictures.flatMap((picture) => {
    try {
      return [{ ...picture, path: normalPath(picture.path) }];
    } catch (error) {
      notes.skip(picture.path, (error as Error).message);
      return [];
    }
  });
  return { ...index, pictures };
}

/**
 * The folder that an archive was packed from, where it was packed with it (`lfw/Ada_L/1.jpg`): the only one at the top,
 * with several folders of pictures in it and no picture of its own. K-FACE's tree says its people elsewhere.
 */
function wrapperOf(paths: readonly string[]): string | undefined {
  const inner = new Set<string>();
  let top: string | undefined;
  for (const path of paths) {
    const [first, second, ...deeper] = path.split('/');
    if (deeper.length === 0 || (top !== undefined && first !== top) || conditionOf(path)) return undefined;
    top = first;
    inner.add(second!);
  }
  return inner.size > 1 ? top : undefined;
}
