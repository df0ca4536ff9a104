import { readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { readTar, type SetFile } from './tar.ts';

/** A named set of pictures: some tar archives or a folder, either with a folder for each identity. */
export interface FaceSource {
  readonly name: string;
  readonly location:
    | { readonly kind: 'tars'; readonly files: readonly string[] }
    | { readonly kind: 'folder'; readonly folder: string };
}

const PICTURE = /\.(jpe?g|png|webp|avif)$/i;
const TAR_PART = /^(.+?)(?:-(\d+))?\.tar$/;

/** The sets of a data folder, by name: `<set>-NN.tar` archives, and folders that hold a folder for each identity. */
export function findSources(dataFolder: string): FaceSource[] {
  const tars = new Map<string, string[]>();
  const folders: FaceSource[] = [];
  for (const entry of readdirSync(dataFolder).sort()) {
    const path = join(dataFolder, entry);
    const part = TAR_PART.exec(entry);
    if (part) tars.set(part[1]!, [...(tars.get(part[1]!) ?? []), path]);
    else if (statSync(path).isDirectory())
      folders.push({ name: entry, location: { kind: 'folder', folder: path } });
  }
  const archived = [...tars].map(([name, files]) => ({ name, location: { kind: 'tars' as const, files } }));
  return [...archived, ...folders];
}

/** A set from `name=path`, where the path is one archive or one folder; a bare path is named after itself. */
export function sourceFromSpec(spec: string): FaceSource {
  const [first, ...rest] = spec.split('=');
  const path = rest.length > 0 ? rest.join('=') : first!;
  const name = rest.length > 0 ? first! : basename(path).replace(/\.tar$/, '');
  return statSync(path).isDirectory()
    ? { name, location: { kind: 'folder', folder: path } }
    : { name, location: { kind: 'tars', files: [path] } };
}

/** The pictures of a set in a fixed order, one at a time. */
export async function* readSource({ location }: FaceSource): AsyncGenerator<SetFile> {
  if (location.kind === 'folder') {
    for (const path of picturesUnder(location.folder))
      yield {
        path: relative(location.folder, path).split(sep).join('/'),
        bytes: await readFile(path),
      };
    return;
  }
  for (const file of location.files)
    for await (const entry of readTar(file)) if (PICTURE.test(entry.path)) yield entry;
}

function picturesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && PICTURE.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Sets whose folder names are one numbering or are people's names, so that a person in two sets is one identity. */
const IDENTITY_SPACES: Readonly<Record<string, string>> = {
  celeba: 'celeba',
  'celeba-wild': 'celeba',
  lfw: 'name',
  glint: 'name',
};

/** Key of the person over all sets: the picture's folder in its set's name space; null for a picture without a folder. */
export function identityOf(set: string, path: string): string | null {
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
  return folder === undefined ? null : `${IDENTITY_SPACES[set] ?? set}:${folder}`;
}
