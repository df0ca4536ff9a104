import { createRng, shuffle } from '@rounz/core/math/random.ts';
import type { AlignedSet } from '../cache/aligned-set.ts';
import { orthonormalFrame } from '../loss/distillation.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { TEACHER_SIZE } from '../teacher/embeddings.ts';
import { unit } from '../teacher/fused.ts';

/** One picture of the training or validation part. */
export interface Sample {
  readonly set: string;
  /** row of the set's cache */
  readonly index: number;
  readonly person: string | null;
  /** class of the margin loss; -1 for people with too few pictures and for pictures without identity */
  readonly label: number;
  /** `set/path-in-set` */
  readonly path: string;
  /** teacher's target, centred, of root mean square length 1 over the pictures, as wide as the student's embedding */
  readonly target: Float32Array | undefined;
  /** mean target of the person's bare pictures, or of all where none is bare */
  readonly personMean?: Float32Array | undefined;
  /** the photograph itself shows an accessory, and bare ones of the person are known: its own embedding is no target */
  readonly spoiled?: boolean;
}

export interface Split {
  readonly train: readonly Sample[];
  /** every picture of people who are not kept for validation, also those with neither class nor target */
  readonly pictures: readonly Sample[];
  readonly validation: readonly Sample[];
  readonly classes: number;
  /** mean target of each class, a start for its centre; undefined for a class without targets */
  readonly classTargets: readonly (Float32Array | undefined)[];
}

interface Row {
  readonly set: string;
  readonly index: number;
  readonly path: string;
  readonly person: string | null;
}

/** Below this, the mesh says that the crop holds no face. */
const MIN_MESH_SCORE = 0.5;

function rowsOf(sets: readonly AlignedSet[]): Row[] {
  return sets.flatMap((set) =>
    set.records.flatMap((record, index) =>
      record.meshScore < MIN_MESH_SCORE
        ? []
        : [{ set: set.name, index, path: record.path, person: record.identity }],
    ),
  );
}

/** Pictures by whose they are; those of nobody known are left out. */
export function byPerson<T extends { readonly person: string | null }>(
  pictures: readonly T[],
): Map<string, T[]> {
  const people = new Map<string, T[]>();
  for (const picture of pictures) {
    if (picture.person === null) continue;
    const list = people.get(picture.person);
    if (list) list.push(picture);
    else people.set(picture.person, [picture]);
  }
  return people;
}

/** Uniform on [0, 1), the same for a name whatever else is in the data, so that no run trains on another's validation. */
function personDraw(name: string, seed: number): number {
  let hash = seed >>> 0;
  for (let i = 0; i < name.length; i++) hash = (Math.imul(hash, 31) + name.charCodeAt(i)) >>> 0;
  return createRng(hash).next();
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]!.length);
  for (const vector of vectors) for (let i = 0; i < sum.length; i++) sum[i]! += vector[i]!;
  return sum.map((value) => value / vectors.length);
}

/** Carries teacher embeddings into the student's width by a fixed random orthonormal frame; fused ones are as wide already. */
function widener(width: number): (narrow: Float32Array) => Float32Array {
  const rng = createRng(0x7ea);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng.next())) * Math.cos(2 * Math.PI * rng.next());
  const frame = orthonormalFrame(TEACHER_SIZE, width, normal);
  return (narrow) => {
    if (narrow.length === width) return narrow;
    const wide = new Float32Array(width);
    frame.forEach((row, k) => {
      for (let i = 0; i < width; i++) wide[i]! += row[i]! * narrow[k]!;
    });
    return wide;
  };
}

/** Takes a share of the mean embedding off, then brings all to a root mean square length of 1. */
function centrer(
  teacher: ReadonlyMap<string, Float32Array>,
  share: number,
): (embedding: Float32Array) => Float32Array {
  const directions = [...teacher.values()].map(unit);
  if (directions.length === 0) return unit;
  const mean = meanOf(directions).map((value) => share * value);
  const centre = (direction: Float32Array) => direction.map((value, i) => value - mean[i]!);
  const energy = directions.reduce((sum, direction) => sum + Math.hypot(...centre(direction)) ** 2, 0);
  const scale = Math.sqrt(energy / directions.length);
  return (embedding) => centre(unit(embedding)).map((value) => value / scale);
}

type Target = Pick<Sample, 'target' | 'personMean' | 'spoiled'>;

/**
 * Blends the picture's own embedding with the mean of its person's. The mean is over bare pictures
 * where there are some, and a covered picture's own embedding, which the accessory spoils, then counts for nothing.
 */
function targetsOf(
  rows: readonly Row[],
  people: ReadonlyMap<string, readonly Row[]>,
  teacher: ReadonlyMap<string, Float32Array>,
  covered: ReadonlySet<string>,
  config: TrainConfig,
): Map<Row, Target> {
  const { personShare } = config.losses.distillation;
  const centred = centrer(teacher, config.losses.consistent ? 0 : config.losses.distillation.centring);
  const widen = widener(config.architecture.embeddingSize);
  const means = new Map<string, { mean: Float32Array; bare: boolean }>();
  for (const [person, list] of people) {
    const known = list.filter(({ path }) => teacher.has(path));
    const bare = known.filter(({ path }) => !covered.has(path));
    const used = (bare.length > 0 ? bare : known).map(({ path }) => centred(teacher.get(path)!));
    if (used.length > 0) means.set(person, { mean: meanOf(used), bare: bare.length > 0 });
  }
  const targets = new Map<Row, Target>();
  const wideMeans = new Map([...means].map(([person, { mean }]) => [person, widen(mean)]));
  for (const row of rows) {
    const person = row.person === null ? undefined : means.get(row.person);
    const spoiled = covered.has(row.path) && person?.bare === true;
    const own = spoiled ? undefined : teacher.get(row.path);
    if (!own && !person) continue;
    const self = own ? centred(own) : person!.mean;
    const blended = person
      ? self.map((value, i) => value * (1 - personShare) + person.mean[i]! * personShare)
      : self;
    const personMean = row.person === null ? undefined : wideMeans.get(row.person);
    targets.set(row, { target: widen(blended), personMean, spoiled });
  }
  return targets;
}

function classMeans(samples: readonly Sample[], classes: number): (Float32Array | undefined)[] {
  const targets = Array.from({ length: classes }, (): Float32Array[] => []);
  for (const { label, target } of samples) if (label >= 0 && target) targets[label]!.push(target);
  return targets.map((list) => (list.length > 0 ? unit(meanOf(list)) : undefined));
}

/** A teacher that is asked at each step and has no other beside it needs no stored embedding of a picture. */
const asksOneTeacher = ({ consistent }: TrainConfig['losses']): boolean =>
  consistent !== undefined && consistent.secondShare + consistent.thirdShare === 0;

/**
 * Splits by person, never by picture, and gives every picture its class and its target.
 *
 * @param teacher embeddings by path; empty for training without a teacher
 * @param covered paths of the pictures that show an accessory
 */
export function splitSamples(
  sets: readonly AlignedSet[],
  teacher: ReadonlyMap<string, Float32Array>,
  config: TrainConfig,
  covered: ReadonlySet<string> = new Set(),
): Split {
  const rows = rowsOf(sets);
  const people = byPerson(rows);
  const held = new Set(
    [...people]
      .filter(([name, list]) => list.length > 1 && personDraw(name, 1) < config.data.validationPeople)
      .map(([name]) => name),
  );
  const classes = [...people]
    .filter(([name, list]) => !held.has(name) && list.length >= config.losses.arcface.minImages)
    .map(([name]) => name)
    .sort();
  const label = new Map(classes.map((name, index) => [name, index]));
  const targets = targetsOf(rows, people, teacher, covered, config);
  const sample = (row: Row): Sample => ({
    set: row.set,
    index: row.index,
    person: row.person,
    label: row.person === null ? -1 : (label.get(row.person) ?? -1),
    path: row.path,
    target: undefined,
    ...targets.get(row),
  });
  const pictures = rows.filter(({ person }) => person === null || !held.has(person)).map(sample);
  const alone = asksOneTeacher(config.losses);
  const usable = pictures.filter(({ label: own, target }) => alone || own >= 0 || target);
  const validation = [...held]
    .sort()
    .flatMap((name) => people.get(name)!.slice(0, config.data.validationImages))
    .map(sample);
  return {
    train: usable,
    pictures,
    validation,
    classes: classes.length,
    classTargets: classMeans(usable, classes.length),
  };
}

/**
 * The samples, those of a named set several times, so that a small set that matters is not drowned by large ones, and real
 * accessories with a known bare face several times more.
 *
 * @throws Error where a named set has no sample
 */
export function repeated(
  samples: readonly Sample[],
  { repeats = {}, coveredRepeats = 1 }: Pick<TrainConfig['data'], 'repeats' | 'coveredRepeats'>,
): readonly Sample[] {
  const more = Object.entries(repeats).flatMap(([set, times]) => {
    const own = samples.filter((sample) => sample.set === set);
    if (own.length === 0)
      throw new Error(`data.repeats names the set ${set}, which has nothing to train on; check its name.`);
    return Array.from({ length: times - 1 }, () => own).flat();
  });
  const all = more.length === 0 ? samples : [...samples, ...more];
  if (coveredRepeats === 1) return all;
  return all.flatMap((sample) => Array.from({ length: sample.spoiled ? coveredRepeats : 1 }, () => sample));
}

/** Order of epoch `epoch`: the same for the same seed, so that a resumed run goes on where it stopped. */
export function epochOrder(count: number, seed: number, epoch: number): Uint32Array {
  return shuffle(
    createRng(seed * 7919 + epoch),
    Uint32Array.from({ length: count }, (_, i) => i),
  );
}
