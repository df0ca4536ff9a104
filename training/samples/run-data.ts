import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { identityAdvice, lacksIdentities } from '../cache/align-report.ts';
import { alignSources } from '../cache/align-sources.ts';
import { type AlignedSet, alignedFiles, openAlignedSets } from '../cache/aligned-set.ts';
import { readAccessories } from '../data/accessories.ts';
import { findSources } from '../data/layout.ts';
import { someOf } from '../data/set-notes.ts';
import type { FaceSource } from '../data/sources.ts';
import { partOfSet } from '../data/splits.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { twinFiles } from '../synth/twin/write.ts';
import type { ConsistentOptions } from '../teacher/consistent.ts';
import { loadTeacher, teacherOf } from '../teacher/embeddings.ts';
import { centredEmbeddings, type FurtherTeacher, fuse, wordsOf } from '../teacher/fused.ts';
import { type Split, splitSamples } from './samples.ts';

/** Where `train` keeps aligned faces unless told otherwise. */
export const CACHE_FOLDER = join(import.meta.dirname, '../../.cache/aligned');

export interface DataOptions {
  /** pictures to align first where that has not been done: archives, folders, a K-FACE tree, or a twin's folder */
  readonly data?: string;
  /** of aligned faces */
  readonly cache: string;
  readonly teacher: readonly string[];
  /** a second and a third teacher's embeddings, side by side with the first's; for recipes with a consistent teacher */
  readonly secondTeacher?: readonly string[];
  readonly thirdTeacher?: readonly string[];
  /** `set=file.tsv`: which pictures are covered */
  readonly accessories: readonly string[];
  /** processes that align */
  readonly jobs: number;
}

export interface RunData {
  /** the config, with the sets that are there */
  readonly config: TrainConfig;
  readonly sets: readonly AlignedSet[];
  readonly split: Split;
  /** where the recipe has a consistent teacher: what it is made of */
  readonly teaching: ConsistentOptions | undefined;
}

/** A twin's folder stands for the K-FACE tree in it. */
const root = (data: string): string => {
  const { kface } = twinFiles(data);
  return existsSync(kface) ? kface : data;
};

const forTraining = (set: string): boolean => (partOfSet(set) ?? 'train') === 'train';

/** What a data folder holds to train on: never the parts that are there to be measured on. */
async function trainingSources(data: string): Promise<FaceSource[]> {
  if (!existsSync(data)) {
    throw new Error(
      `There are no pictures in ${data}. Draw a set with \`npm run -w training synth\`, or name your own with --data.`,
    );
  }
  return (await findSources(root(data))).filter(({ name }) => forTraining(name));
}

/** Sets of a cache that are there to train on, by name. */
export const cachedSets = (cache: string): string[] =>
  (existsSync(cache) ? readdirSync(cache) : [])
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .filter((name) => existsSync(alignedFiles(cache, name).crops) && forTraining(name));

/**
 * The wanted sets that the cache holds.
 *
 * @throws Error where it holds none of them, which says what it does hold
 */
export function setsInCache(wanted: readonly string[], cache: string): string[] {
  const names = wanted.filter((name) => existsSync(alignedFiles(cache, name).index));
  const missing = wanted.filter((name) => !names.includes(name));
  if (names.length === 0) {
    const others = cachedSets(cache);
    const advice =
      others.length > 0
        ? `It holds ${others.join(', ')}: take them with --sets, or`
        : `Align them (\`align --data DIR --out ${cache}\`), or`;
    throw new Error(
      `None of the sets ${wanted.join(', ')} is in the cache ${cache}. ${advice} give --data DIR.`,
    );
  }
  if (missing.length > 0) console.log(`Not in the cache, left out: ${missing.join(', ')}.`);
  return names;
}

/** @throws Error where the folders are from several teachers */
function storedTeacher(folders: readonly string[]): Map<string, Float32Array> {
  teacherOf(folders);
  return new Map(folders.flatMap((folder) => [...loadTeacher(folder)]));
}

/** @throws Error where the recipe has that teacher and its embeddings are not given */
function furtherTeacher(
  place: 'second' | 'third',
  share: number,
  folders: readonly string[] = [],
): FurtherTeacher[] {
  if (share === 0) return [];
  if (folders.length === 0)
    throw new Error(
      `This recipe has a ${place} teacher beside the first: give --${place}-teacher DIR, which \`teach --teacher NAME\` wrote, or set losses.consistent.${place}Share to 0.`,
    );
  return [{ embeddings: centredEmbeddings(storedTeacher(folders)), share }];
}

/** @throws Error where the recipe's teachers are not given, or are others */
function openTeaching(
  { losses, architecture }: TrainConfig,
  { teacher, secondTeacher, thirdTeacher }: DataOptions,
): ConsistentOptions | undefined {
  const { consistent, distillation } = losses;
  if (!consistent) return undefined;
  if (teacher.length === 0 || teacherOf(teacher) !== consistent.teacher)
    throw new Error(
      `This recipe asks ${consistent.teacher} at each step and needs the mean of its embeddings: give --teacher DIR, which \`teach --teacher ${consistent.teacher}\` wrote.`,
    );
  return {
    teacher: consistent.teacher,
    first: centredEmbeddings(storedTeacher(teacher)),
    further: [
      ...furtherTeacher('second', consistent.secondShare, secondTeacher),
      ...furtherTeacher('third', consistent.thirdShare, thirdTeacher),
    ],
    width: architecture.embeddingSize,
    personShare: distillation.personShare,
  };
}

/** Stored embeddings of all teachers side by side, of the pictures of these sets. */
function fusedTargets(
  { first, further, width }: ConsistentOptions,
  sets: readonly AlignedSet[],
): Map<string, Float32Array> {
  const paths = sets.flatMap((set) => set.paths);
  return new Map(
    paths.flatMap((path) => {
      const own = first.of(path);
      return own ? [[path, fuse(own, wordsOf(further, path), width)] as const] : [];
    }),
  );
}

/** Tells which pictures of lists are in none of the cached sets: a list of another set, or of other paths. */
function tellUnknown(listed: ReadonlySet<string>, sets: readonly AlignedSet[]): void {
  const known = new Set(sets.flatMap(({ paths }) => paths));
  const unknown = [...listed].filter((path) => !known.has(path));
  if (unknown.length > 0)
    console.log(
      `${unknown.length} of the ${listed.size} covered pictures in lists are not in the cache: ${someOf(unknown)}.`,
    );
}

/**
 * A folder whose layout was not meant as it was read teaches nothing: nobody in it has a name.
 *
 * @param asked sets that the recipe or `--sets` names, which may lack identities
 * @throws Error that names the set and says what to do
 */
function assertIdentities(sets: readonly AlignedSet[], asked: readonly string[]): void {
  for (const { name: set, records } of sets)
    if (!asked.includes(set) && lacksIdentities(set, records))
      throw new Error(
        `There are no people to learn: ${identityAdvice(set)}, or ask for it with --sets ${set}.`,
      );
}

/**
 * Aligns what is not aligned yet, and splits by person.
 *
 * @throws Error where there is nothing to train on
 */
export async function openRunData(config: TrainConfig, options: DataOptions): Promise<RunData> {
  let wanted: readonly string[] = config.data.sets;
  if (options.data !== undefined) {
    const sources = await trainingSources(options.data);
    await alignSources({ sources, outFolder: options.cache, jobs: options.jobs });
    wanted = sources.map(({ name }) => name);
  }
  const names = setsInCache(wanted, options.cache);
  const sets = openAlignedSets(options.cache, names);
  if (options.data !== undefined) assertIdentities(sets, config.data.sets);
  const teaching = openTeaching(config, options);
  const teacher = teaching ? fusedTargets(teaching, sets) : storedTeacher(options.teacher);
  const covered = new Set(options.accessories.flatMap(readAccessories));
  tellUnknown(covered, sets);
  const used: TrainConfig = { ...config, data: { ...config.data, sets: names } };
  const split = splitSamples(sets, teacher, used, covered);
  console.log(
    `${split.train.length} pictures, ${split.classes} classes; ${split.validation.length} validation pictures.`,
  );
  return { config: used, sets, split, teaching };
}
