import { BOOTSTRAP, bootstrapOverPeople, type Interval, pairWeight } from '@rounz/core/metrics/bootstrap.ts';
import type { Embeddings } from './collect.ts';
import type { Similarity, Trials } from './trials.ts';

/** False match rates at which the pool is read. */
const TARGETS = [0.01, 0.001, 0.0001] as const;
/** Share of the pairs, the highest scores, that is kept for the thresholds: more than any target in any draw needs. */
const TAIL = 0.05;
/** A pool of at most so many pairs is kept whole. */
const SMALL = 20_000;

/** A set whose pairs of different people are impostor comparisons. */
export interface ImpostorSet {
  readonly name: string;
  readonly embeddings: Embeddings;
  readonly personOf: (picture: string) => string;
}

/** One part of the pool: the people from `from` on are its own. */
interface Part {
  readonly name: string;
  readonly pictures: number;
  readonly people: number;
  readonly pairs: number;
  /** its pairs, each counted as often as its people were drawn */
  readonly weightOf: (drawn: Uint32Array) => number;
}

/** The highest scores of all impostor comparisons, in descending order, and how many comparisons there are. */
interface Pool {
  readonly people: number;
  readonly parts: readonly Part[];
  readonly scores: Float64Array;
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** position in `parts` */
  readonly part: Uint32Array;
  /** highest score that was not kept; -Infinity where all were */
  readonly below: number;
}

/** What a false match rate means over the pool. */
export interface PooledPoint {
  readonly targetFmr: number;
  /** lowest score that is accepted; Infinity where none is */
  readonly threshold: number;
  /** observed over all pairs, at most the target */
  readonly fmr: number;
  /** share of the trials' genuine comparisons that are accepted */
  readonly tar: number;
  readonly interval?: Interval;
  /** observed in each set, in the order of the sets */
  readonly bySet: readonly number[];
}

export interface Pooled {
  readonly people: number;
  readonly impostor: number;
  readonly sets: readonly {
    readonly set: string;
    readonly pictures: number;
    readonly people: number;
    readonly impostor: number;
  }[];
  readonly points: readonly PooledPoint[];
}

/** Every score of a source of impostors, with the people (counted over the whole pool) behind it. */
interface Scored {
  readonly part: Part;
  readonly scores: Float64Array;
  pair(row: number): readonly [first: number, second: number];
}

/** The trials' own impostor comparisons. */
function scoredTrials(name: string, { comparisons, first, second, people, pictures }: Trials): Scored {
  const rows = Uint32Array.from(comparisons.scores.keys()).filter((row) => !comparisons.genuine[row]);
  const pair = (row: number) => [first[rows[row]!]!, second[rows[row]!]!] as const;
  const weightOf = (drawn: Uint32Array): number =>
    rows.reduce((sum, row) => sum + pairWeight(drawn, first[row]!, second[row]!), 0);
  return {
    part: { name, pictures: pictures.length, people, pairs: rows.length, weightOf },
    scores: Float64Array.from(rows, (row) => comparisons.scores[row]!),
    pair,
  };
}

/** All pairs of pictures of different people of a set; its people count on from `offset`. */
function scoredSet(
  { name, embeddings, personOf }: ImpostorSet,
  similarity: Similarity,
  offset: number,
): Scored {
  const pictures = [...embeddings];
  const places = new Map<string, number>();
  const people = pictures.map(([picture]) => {
    const person = personOf(picture);
    const place = places.get(person) ?? offset + places.size;
    places.set(person, place);
    return place;
  });
  const counts = new Map<number, number>();
  for (const person of people) counts.set(person, (counts.get(person) ?? 0) + 1);
  const pairsOf = (times: (person: number) => number): number => {
    let [all, own] = [0, 0];
    for (const [person, count] of counts) {
      all += count * times(person);
      own += (count * times(person)) ** 2;
    }
    return (all ** 2 - own) / 2;
  };
  const pairs = pairsOf(() => 1);
  const scores = new Float64Array(pairs);
  const [left, right] = [new Uint32Array(pairs), new Uint32Array(pairs)];
  let row = 0;
  for (let i = 1; i < pictures.length; i++)
    for (let j = 0; j < i; j++) {
      if (people[i] === people[j]) continue;
      const [a, b] = [pictures[i]![1], pictures[j]![1]];
      scores[row] = a && b ? similarity(a, b) : Number.NEGATIVE_INFINITY;
      left[row] = people[i]!;
      right[row] = people[j]!;
      row++;
    }
  return {
    part: {
      name,
      pictures: pictures.length,
      people: places.size,
      pairs,
      weightOf: (drawn) => pairsOf((person) => drawn[person]!),
    },
    scores,
    pair: (place) => [left[place]!, right[place]!],
  };
}

/** Keeps the highest scores of all sources. */
function poolOf(sources: readonly Scored[]): Pool {
  const total = sources.reduce((sum, { part }) => sum + part.pairs, 0);
  const sorted = new Float64Array(total);
  let filled = 0;
  for (const { scores } of sources) {
    sorted.set(scores, filled);
    filled += scores.length;
  }
  sorted.sort();
  const wanted = Math.min(total, Math.max(SMALL, Math.ceil(TAIL * total)));
  const lowest = sorted[total - wanted] ?? Number.POSITIVE_INFINITY;
  const kept = sources.flatMap(({ scores, pair }, part) =>
    Array.from(scores.keys())
      .filter((row) => scores[row]! >= lowest)
      .map((row) => ({ score: scores[row]!, people: pair(row), part })),
  );
  kept.sort((a, b) => b.score - a.score);
  return {
    people: sources.reduce((sum, { part }) => sum + part.people, 0),
    parts: sources.map(({ part }) => part),
    scores: Float64Array.from(kept, ({ score }) => score),
    first: Uint32Array.from(kept, ({ people }) => people[0]),
    second: Uint32Array.from(kept, ({ people }) => people[1]),
    part: Uint32Array.from(kept, ({ part }) => part),
    below: sorted[total - kept.length - 1] ?? Number.NEGATIVE_INFINITY,
  };
}

/** For each target the highest impostor score that is refused: what is above it is accepted. */
function firstRefused(pool: Pool, drawn: Uint32Array): number[] {
  const { scores, first, second, parts } = pool;
  const total = parts.reduce((sum, { weightOf }) => sum + weightOf(drawn), 0);
  const limits = TARGETS.map(() => pool.below);
  let accepted = 0;
  // From the strictest target to the most lenient one, as the scores fall.
  let target = TARGETS.length - 1;
  for (let start = 0, end = 0; start < scores.length && target >= 0; start = end) {
    let weight = 0;
    for (end = start; end < scores.length && scores[end] === scores[start]; end++)
      weight += pairWeight(drawn, first[end]!, second[end]!);
    while (target >= 0 && accepted + weight > TARGETS[target]! * total * (1 + 1e-12))
      limits[target--] = scores[start]!;
    accepted += weight;
  }
  return limits;
}

/** Share of the genuine comparisons above each limit. */
function acceptRates(
  { comparisons, first }: Trials,
  limits: readonly number[],
  drawn: Uint32Array,
): number[] {
  let total = 0;
  const accepted = limits.map(() => 0);
  comparisons.genuine.forEach((genuine, row) => {
    if (!genuine) return;
    const weight = drawn[first[row]!]!;
    total += weight;
    limits.forEach((limit, i) => {
      if (comparisons.scores[row]! > limit) accepted[i]! += weight;
    });
  });
  return accepted.map((weight) => weight / total);
}

const above = (scores: Iterable<number>, limit: number): number => {
  let lowest = Number.POSITIVE_INFINITY;
  for (const score of scores) if (score > limit && score < lowest) lowest = score;
  return lowest;
};

function pointOf(pool: Pool, trials: Trials, index: number, limit: number, tar: number): PooledPoint {
  const counts = pool.parts.map(() => 0);
  pool.scores.forEach((score, row) => {
    if (score > limit) counts[pool.part[row]!]!++;
  });
  const pairs = pool.parts.reduce((sum, part) => sum + part.pairs, 0);
  const genuine = trials.comparisons.scores.filter((_, row) => trials.comparisons.genuine[row]);
  return {
    targetFmr: TARGETS[index]!,
    threshold: Math.min(above(pool.scores, limit), above(genuine, limit)),
    fmr: counts.reduce((sum, count) => sum + count, 0) / pairs,
    tar,
    bySet: counts.map((count, part) => count / pool.parts[part]!.pairs),
  };
}

/**
 * TAR of the trials' genuine comparisons at thresholds from the impostor comparisons of the trials and of further sets
 * together. Pairs are made within a set alone: people of different sets may be the same. A picture without a face refuses
 * every comparison and counts. Intervals: bootstrap over the people of all sets.
 *
 * @param set name of the trials' own set
 * @param resamples draws of the bootstrap; 0 for no intervals
 */
export function poolImpostors(
  set: string,
  trials: Trials,
  others: readonly ImpostorSet[],
  similarity: Similarity,
  resamples: number,
): Pooled {
  const sources = [scoredTrials(set, trials)];
  let people = trials.people;
  for (const other of others) {
    const scored = scoredSet(other, similarity, people);
    people += scored.part.people;
    sources.push(scored);
  }
  const pool = poolOf(sources);
  const once = new Uint32Array(people).fill(1);
  const limits = firstRefused(pool, once);
  const rates = acceptRates(trials, limits, once);
  const intervals: Partial<Record<string, Interval>> =
    resamples > 0
      ? bootstrapOverPeople(
          people,
          (drawn) => {
            const tars = acceptRates(trials, firstRefused(pool, drawn), drawn);
            return Object.fromEntries(TARGETS.map((target, i) => [`${target}`, tars[i]!]));
          },
          { ...BOOTSTRAP, resamples },
        )
      : {};
  return {
    people,
    impostor: pool.parts.reduce((sum, { pairs }) => sum + pairs, 0),
    sets: pool.parts.map(({ name, pictures, people: own, pairs }) => ({
      set: name,
      pictures,
      people: own,
      impostor: pairs,
    })),
    points: limits.map((limit, i) => {
      const point = pointOf(pool, trials, i, limit, rates[i]!);
      const interval = intervals[`${TARGETS[i]}`];
      return interval ? { ...point, interval } : point;
    }),
  };
}
