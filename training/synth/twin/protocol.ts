import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { alignFace } from '@rounz/core/face/align.ts';
import type { AlignedCrop } from '@rounz/core/image.ts';
import { createRng } from '@rounz/core/math/random.ts';
import type { Finder } from '../../cache/find-face.ts';
import {
  CHALLENGE_PARTS,
  type ChallengePart,
  type ChallengeTask,
  challengeList,
  type PairPart,
} from '../../data/challenge-files.ts';
import { decodeImage } from '../../data/decode.ts';
import { flatName, type KfaceCondition, type KfaceSession } from '../../data/kface-condition.ts';
import { type KfacePicture, type KfaceTree, kfacePictures } from '../../data/kface-tree.ts';
import type { Part } from '../../data/splits.ts';
import { drawPairs, type ProtocolPair, type Shelf } from './pairs.ts';

/** Which pictures the protocol takes from a K-FACE tree, and how many pairs. */
export interface ProtocolConfig {
  readonly tasks: readonly ChallengeTask[];
  /** 1..30; the challenge: 1 to 5 */
  readonly lights: readonly number[];
  readonly front: readonly number[];
  readonly side: readonly number[];
  /** beside S001; the challenge: S002 to S006 */
  readonly accessories: readonly KfaceSession[];
  /** half of them of one person */
  readonly pairs: Readonly<Record<PairPart, number>>;
  readonly seed: number;
}

/** The third column of `train_meta.csv`: header, then the value of a plain and of another picture. */
const TRAIN_COLUMN: Readonly<Record<ChallengeTask, readonly [string, string, string]>> = {
  '03': ['cam_angle', 'front', 'side'],
  '05': ['acc_option', 'none', 'acc'],
};

const CROP_QUALITY = 95;

/** What a picture is in a task: plain (bare, frontal), the other kind, or nothing. */
function roleIn(
  task: ChallengeTask,
  { session, light, camera }: KfaceCondition,
  config: ProtocolConfig,
): 'plain' | 'other' | null {
  return config.lights.includes(light) ? roleOf(task, session, camera, config) : null;
}

/** The same under any of the protocol's lights. */
export function roleOf(
  task: ChallengeTask,
  session: KfaceSession,
  camera: number,
  config: ProtocolConfig,
): 'plain' | 'other' | null {
  const front = config.front.includes(camera);
  if (session === 'S001' && front) return 'plain';
  if (task === '03') return session === 'S001' && config.side.includes(camera) ? 'other' : null;
  return front && config.accessories.includes(session) ? 'other' : null;
}

/** Task, part, person: their shelf. */
type Shelves = Map<ChallengeTask, Map<Part, Map<string, Shelf>>>;

/** Where the protocol comes from and goes to. */
export interface ProtocolRequest {
  readonly tree: KfaceTree;
  readonly splits: ReadonlyMap<string, Part>;
  /** gets `task03` and `task05` */
  readonly outFolder: string;
  readonly config: ProtocolConfig;
  readonly find: Finder;
  readonly onPicture: (done: number, total: number) => void;
}

/** What was written, and the pictures that were not: they could not be read, or nobody knows where the face is. */
export interface ProtocolReport {
  readonly pictures: number;
  readonly skipped: readonly string[];
}

/**
 * Writes the challenge's files over a K-FACE tree: lists, pairs and crops of 112x112. Goes on where it stopped: a crop
 * that is there is not made again.
 */
export async function writeProtocol(request: ProtocolRequest): Promise<ProtocolReport> {
  const { outFolder, config } = request;
  const shelves = fillShelves(request);
  const pairs = new Map<string, ProtocolPair[]>();
  const wanted = new Map<string, Set<string>>();
  for (const task of config.tasks)
    for (const part of CHALLENGE_PARTS) {
      const place = join(outFolder, `task${task}`, part);
      const people = shelves.get(task)?.get(part) ?? new Map<string, Shelf>();
      if (part === 'train')
        wanted.set(place, new Set([...people.values()].flatMap(({ plain, other }) => [...plain, ...other])));
      else if (config.pairs[part] > 0) {
        const rng = createRng(config.seed * 6 + Number(task) + part.length);
        const list = drawPairs(people, config.pairs[part], rng, `task ${task}, ${part}`);
        pairs.set(place, list);
        wanted.set(place, new Set(list.flatMap(({ first, second }) => [first, second])));
      }
    }
  const report = await writeCrops(request, wanted);
  const skipped = new Set(report.skipped);
  for (const task of config.tasks)
    for (const part of CHALLENGE_PARTS) {
      const folder = join(outFolder, `task${task}`);
      const list = pairs.get(join(folder, part));
      if (part === 'train') await writeMeta(folder, task, shelves.get(task)?.get(part), skipped);
      else if (list) await writePairs(folder, part, list);
    }
  return report;
}

function fillShelves({ tree, splits, config }: ProtocolRequest): Shelves {
  const shelves: Shelves = new Map(
    config.tasks.map((task) => [task, new Map(CHALLENGE_PARTS.map((part) => [part, new Map()]))]),
  );
  for (const { condition } of kfacePictures(tree, [...splits.keys()].sort()))
    for (const task of config.tasks) {
      const role = roleIn(task, condition, config);
      if (!role) continue;
      const people = shelves.get(task)!.get(splits.get(condition.person)!)!;
      const shelf = people.get(condition.person) ?? { plain: [], other: [] };
      people.set(condition.person, shelf);
      shelf[role].push(flatName(condition));
    }
  return shelves;
}

/** Cuts every wanted picture once; a folder that wants it too gets a second name for it. */
async function writeCrops(
  { tree, splits, find, onPicture }: ProtocolRequest,
  wanted: ReadonlyMap<string, ReadonlySet<string>>,
): Promise<ProtocolReport> {
  for (const folder of wanted.keys()) await mkdir(folder, { recursive: true });
  const total = new Set([...wanted.values()].flatMap((names) => [...names])).size;
  const skipped: string[] = [];
  let done = 0;
  for (const picture of kfacePictures(tree, [...splits.keys()].sort())) {
    const name = flatName(picture.condition);
    const files = [...wanted].filter(([, names]) => names.has(name)).map(([folder]) => join(folder, name));
    if (files.length === 0) continue;
    if (!(await writeCrop(picture, files, find))) skipped.push(name);
    onPicture(++done, total);
  }
  return { pictures: done - skipped.length, skipped };
}

async function writeCrop(picture: KfacePicture, files: readonly string[], find: Finder): Promise<boolean> {
  const missing = files.filter((file) => !existsSync(file));
  if (missing.length === 0) return true;
  const there = files.find((file) => existsSync(file));
  const source = there ?? missing[0]!;
  if (!there) {
    const image = await readFile(picture.file)
      .then(decodeImage)
      .catch(() => undefined);
    const found = image && (await find(image, picture));
    if (!image || !found) return false;
    await writeWhole(source, encodeCrop(alignFace(image, found.face.points)));
  }
  for (const file of missing) if (file !== source) await link(source, file);
  return true;
}

function encodeCrop({ data, size }: AlignedCrop): Buffer {
  const rgba = new Uint8ClampedArray(size * size * 4).fill(255);
  for (let i = 0; i < size * size; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  const canvas = createCanvas(size, size);
  canvas.getContext('2d').putImageData(new ImageData(rgba, size, size), 0, 0);
  return canvas.toBuffer('image/jpeg', CROP_QUALITY);
}

async function writeMeta(
  folder: string,
  task: ChallengeTask,
  people: ReadonlyMap<string, Shelf> | undefined,
  skipped: ReadonlySet<string>,
): Promise<void> {
  const [header, plainValue, otherValue] = TRAIN_COLUMN[task];
  const rows = [...(people ?? [])].flatMap(([person, { plain, other }]) => [
    ...plain.map((name) => [name, person, plainValue] as const),
    ...other.map((name) => [name, person, otherValue] as const),
  ]);
  const kept = rows.filter(([name]) => !skipped.has(name)).map((row) => row.join(','));
  await writeWhole(
    challengeList(folder, 'train'),
    `${[`file_name,face_id,${header}`, ...kept].join('\n')}\n`,
  );
}

async function writePairs(
  folder: string,
  part: ChallengePart,
  pairs: readonly ProtocolPair[],
): Promise<void> {
  const rows = pairs.map(({ first, second, label }) => `${first},${second},${label}`);
  await writeWhole(challengeList(folder, part), `${['image1,image2,label', ...rows].join('\n')}\n`);
}

/** Under another name first, so that a file that was not finished is not taken for one. */
async function writeWhole(file: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.part`, content);
  await rename(`${file}.part`, file);
}
