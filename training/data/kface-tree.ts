import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { errorMessage } from '@rounz/core/error-message.ts';
import {
  conditionOf,
  EXPRESSION_CODES,
  KFACE_RESOLUTIONS,
  type KfaceCondition,
  type KfaceResolution,
} from './kface-condition.ts';
import { type KfaceLandmarks, parseKfaceLandmarks, scaleLandmarks } from './kface-landmarks.ts';
import { isLitter } from './litter.ts';
import { SetNotes } from './set-notes.ts';
import { readListText } from './text-list.ts';

/** A K-FACE set on disk, at one of its resolutions. */
export interface KfaceTree {
  /** folder that holds the resolutions' folders */
  readonly root: string;
  readonly resolution: KfaceResolution;
}

/** A picture of the tree; `path` is relative to its resolution's folder. */
export interface KfacePicture {
  readonly path: string;
  readonly file: string;
  readonly condition: KfaceCondition;
  /** its own annotation, or another condition's of the same person and camera; null where there is none */
  readonly landmarks: KfaceLandmarks | null;
}

const RESOLUTIONS = Object.keys(KFACE_RESOLUTIONS) as KfaceResolution[];
const folderOf = (root: string, resolution: KfaceResolution) => join(root, `${resolution}_Resolution`);
export const kfaceFolder = ({ root, resolution }: KfaceTree): string => folderOf(root, resolution);

/**
 * The K-FACE tree of a folder: one with `High_Resolution`, `Middle_Resolution` or `Low_Resolution` in it, or one of
 * these itself. Undefined where it is neither.
 *
 * @param wanted resolution; default: the highest that is there
 */
export function findKfaceTree(folder: string, wanted?: KfaceResolution): KfaceTree | undefined {
  const path = resolve(folder);
  const own = RESOLUTIONS.find((resolution) => basename(path) === `${resolution}_Resolution`);
  if (own) return { root: dirname(path), resolution: own };
  const there = RESOLUTIONS.filter((resolution) => existsSync(folderOf(path, resolution)));
  if (there.length === 0) return undefined;
  if (wanted && !there.includes(wanted))
    throw new Error(`${folder} has no ${wanted}_Resolution; it has ${there.join(' and ')}.`);
  return { root: path, resolution: wanted ?? there[0]! };
}

/** Sorted by number, so that C2 comes before C10. */
const entriesOf = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !isLitter(name))
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));

/** The people of a tree: its folders with eight digits. */
export const kfacePeople = (tree: KfaceTree): string[] =>
  entriesOf(kfaceFolder(tree))
    .filter((entry) => entry.isDirectory() && /^\d{8}$/.test(entry.name))
    .map(({ name }) => name);

/**
 * Walks the tree person by person, picture by picture; holds one person's annotations at a time. What does not belong to
 * K-FACE is skipped and told in the notes.
 */
export function* kfacePictures(
  tree: KfaceTree,
  people: readonly string[] = kfacePeople(tree),
  notes = new SetNotes(),
): Generator<KfacePicture> {
  const root = kfaceFolder(tree);
  for (const person of people) {
    const landmarks = createLandmarkFinder(tree, person, notes);
    for (const path of filesUnder(root, person)) {
      if (/\.txt$/i.test(path)) continue;
      const condition = conditionOf(path);
      if (condition) yield { path, file: join(root, path), condition, landmarks: landmarks(condition) };
      else notes.skip(path, 'K-FACE has no picture of this name');
    }
  }
}

/** Paths of the files below `root/folder`, relative to `root`. */
function* filesUnder(root: string, folder: string): Generator<string> {
  for (const entry of entriesOf(join(root, folder))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesUnder(root, path);
    else yield path;
  }
}

/**
 * Annotations of one person: K-FACE annotates S001 under some lights alone, and the head stands still for each camera, so
 * that S001/L1/E01 serves every other condition of the same camera; where it is missing, any other of S001 does. Files
 * of another resolution are scaled.
 */
function createLandmarkFinder(tree: KfaceTree, person: string, notes: SetNotes) {
  const byCamera = new Map<number, KfaceLandmarks | null>();
  const read = (file: string): KfaceLandmarks | null => readFile(tree, file, notes);
  const shared = (camera: number): KfaceLandmarks | null => {
    const known = byCamera.get(camera);
    if (known !== undefined) return known;
    const found =
      read(`${person}/S001/L1/E01/C${camera}.txt`) ??
      annotatedFolders(tree, person).reduce<KfaceLandmarks | null>(
        (best, folder) => best ?? read(`${folder}/C${camera}.txt`),
        null,
      );
    byCamera.set(camera, found);
    return found;
  };
  return ({ session, light, expression, camera }: KfaceCondition): KfaceLandmarks | null => {
    const own =
      session === 'S001'
        ? read(`${person}/S001/L${light}/${EXPRESSION_CODES[expression]}/C${camera}.txt`)
        : null;
    return own ?? shared(camera);
  };
}

/** `person/S001/L?/E??` of this resolution, in order of lights and expressions. */
function annotatedFolders(tree: KfaceTree, person: string): string[] {
  const root = kfaceFolder(tree);
  const session = `${person}/S001`;
  if (!existsSync(join(root, session))) return [];
  const under = (folder: string) =>
    entriesOf(join(root, folder)).flatMap((entry) =>
      entry.isDirectory() ? [`${folder}/${entry.name}`] : [],
    );
  return under(session).flatMap(under);
}

function readFile(tree: KfaceTree, path: string, notes: SetNotes): KfaceLandmarks | null {
  for (const resolution of [tree.resolution, ...RESOLUTIONS.filter((one) => one !== tree.resolution)]) {
    const file = join(folderOf(tree.root, resolution), path);
    if (!existsSync(file)) continue;
    try {
      const factor = KFACE_RESOLUTIONS[tree.resolution].width / KFACE_RESOLUTIONS[resolution].width;
      return scaleLandmarks(parseKfaceLandmarks(readListText(file)), factor);
    } catch (error) {
      notes.remark(`${resolution}_Resolution/${path}: ${errorMessage(error)}`);
    }
  }
  return null;
}
