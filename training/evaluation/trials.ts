import { impostorScores } from '@rounz/core/match/impostors.ts';
import type { RankedComparisons } from '@rounz/core/metrics/comparisons.ts';
import { rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import type { Search } from '@rounz/core/metrics/identification.ts';
import { identityOf } from '../data/identity.ts';
import type { Embeddings } from './collect.ts';
import type { Probe } from './probe-list.ts';

/** A search of a gallery, with whose it is. */
export interface PersonSearch extends Search {
  readonly person: number;
  /** position in the trials' pictures */
  readonly picture: number;
  /** scores of everybody else in the gallery, for smaller galleries to be drawn from it; absent where nobody asked */
  readonly others?: Float64Array;
}

/** What a protocol compared, with the people (positions in a list of all of them) behind each score. */
export interface Trials {
  readonly people: number;
  readonly pictures: readonly string[];
  readonly comparisons: RankedComparisons;
  /** person of each comparison's first and of its second picture */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** positions in `pictures` of each comparison's first and second */
  readonly firstPicture: Uint32Array;
  readonly secondPicture: Uint32Array;
  /** 1:N searches of a gallery with one picture a person; empty where there is no gallery */
  readonly searches: readonly PersonSearch[];
  /** people in the gallery that is searched, distractors included; 0 without one */
  readonly gallerySize: number;
  /** scores between those people (`impostorScores`), which adapt the thresholds */
  readonly impostorScores: Float32Array;
}

export type Similarity = (a: Float32Array, b: Float32Array) => number;

/** What is compared with what. */
export interface Compared {
  /** gallery side */
  readonly embeddings: Embeddings;
  /** probe side, where it isn't the same, e.g. with accessories drawn on; a picture that it lacks is left out */
  readonly probes?: Embeddings;
  /** pictures of other people in the gallery, for searches alone */
  readonly distractors?: Embeddings;
  readonly similarity: Similarity;
  /** the picture of a person that ranks lowest is enrolled; the first of equals, and the first of all where absent */
  readonly galleryRank?: (picture: string) => number;
  /** keep every score of each search */
  readonly keepOthers?: boolean;
}

const FAILED = Number.NEGATIVE_INFINITY;

function scorer({ embeddings, probes = embeddings, similarity }: Compared) {
  const get = (from: Embeddings, picture: string) => {
    const found = from.get(picture);
    if (found === undefined)
      throw new Error(`The pictures do not hold ${picture}; the list belongs to others.`);
    return found;
  };
  return (probe: string, gallery: string): number => {
    const [a, b] = [get(probes, probe), get(embeddings, gallery)];
    return a && b ? similarity(a, b) : FAILED;
  };
}

/** Scores of a probe against the distractors. */
function distracted({ embeddings, probes = embeddings, distractors, similarity }: Compared) {
  const others = [...(distractors?.values() ?? [])];
  return (probe: string): number[] => {
    const embedding = probes.get(probe);
    return others.map((other) => (embedding && other ? similarity(embedding, other) : FAILED));
  };
}

/** The gallery that the searches search: these pictures of the trials and the distractors. */
function galleryOf(
  enrolled: readonly string[],
  { embeddings, distractors, similarity }: Compared,
): Pick<Trials, 'gallerySize' | 'impostorScores'> {
  const all = [...enrolled.map((picture) => embeddings.get(picture)), ...(distractors?.values() ?? [])];
  const found = all.filter((embedding) => embedding instanceof Float32Array);
  return {
    gallerySize: all.length,
    impostorScores: impostorScores(found.length, (place) => found[place]!, similarity),
  };
}

/** One search from its mate's score and everybody else's. */
function searchOf(
  mate: number,
  others: readonly number[],
  { keepOthers = false }: Compared,
): Omit<PersonSearch, 'person' | 'picture'> {
  const bestOther = others.reduce((best, score) => Math.max(best, score), FAILED);
  return keepOthers ? { mate, bestOther, others: Float64Array.from(others) } : { mate, bestOther };
}

/** Grows as comparisons come, then becomes typed arrays. */
class TrialList {
  readonly #scores: number[] = [];
  readonly #people: number[] = [];
  readonly #pictures: number[] = [];
  readonly #names = new Map<string, number>();

  picture(name: string): number {
    const known = this.#names.get(name) ?? this.#names.size;
    this.#names.set(name, known);
    return known;
  }

  add(score: number, first: number, second: number, firstPicture: number, secondPicture: number): void {
    this.#scores.push(score);
    this.#people.push(first, second);
    this.#pictures.push(firstPicture, secondPicture);
  }

  finish(
    people: number,
    searches: Trials['searches'],
    gallery: Pick<Trials, 'gallerySize' | 'impostorScores'>,
  ): Trials {
    const side = (list: readonly number[], offset: 0 | 1) =>
      Uint32Array.from(this.#scores, (_, row) => list[2 * row + offset]!);
    const [first, second] = [side(this.#people, 0), side(this.#people, 1)];
    const genuine = Uint8Array.from(first, (person, row) => Number(person === second[row]));
    return {
      people,
      pictures: [...this.#names.keys()],
      comparisons: rankComparisons({ scores: Float64Array.from(this.#scores), genuine }),
      first,
      second,
      firstPicture: side(this.#pictures, 0),
      secondPicture: side(this.#pictures, 1),
      searches,
      ...gallery,
    };
  }
}

/**
 * Probes against a gallery of one picture a person (the first that the list names for the person): each probe with its own
 * person's picture (genuine) and with everybody else's (impostor).
 */
export function probeTrials(probes: readonly Probe[], all: readonly Probe[], compared: Compared): Trials {
  const gallery = new Map(all.map(({ identity, gallery: [picture] }) => [identity, picture]));
  const people = [...gallery.keys()];
  const score = scorer(compared);
  const strangers = distracted(compared);
  const list = new TrialList();
  const shown = compared.probes ? probes.filter(({ picture }) => compared.probes!.has(picture)) : probes;
  const searches = shown.map((probe) => {
    const person = people.indexOf(probe.identity);
    const picture = list.picture(probe.picture);
    let mate = FAILED;
    const others = strangers(probe.picture);
    for (const [other, identity] of people.entries()) {
      const against = other === person ? probe.gallery[0] : gallery.get(identity)!;
      const value = score(probe.picture, against);
      list.add(value, person, other, picture, list.picture(against));
      if (other === person) mate = value;
      else others.push(value);
    }
    return { ...searchOf(mate, others, compared), person, picture };
  });
  return list.finish(people.length, searches, galleryOf([...gallery.values()], compared));
}

/** Which pictures make the gallery, one of each person. */
function enrolledOf(
  pictures: readonly string[],
  personOf: readonly number[],
  { galleryRank = () => 0 }: Compared,
): boolean[] {
  const best = new Map<number, { readonly index: number; readonly rank: number }>();
  for (const [index, person] of personOf.entries()) {
    const rank = galleryRank(pictures[index]!);
    const known = best.get(person);
    if (!known || rank < known.rank) best.set(person, { index, rank });
  }
  return personOf.map((person, index) => best.get(person)!.index === index);
}

/**
 * Every pair of pictures of a set with a folder for each person, once. Searches: one picture of each person makes the
 * gallery (`galleryRank`), every other picture searches it.
 */
export function allPairTrials(set: string, compared: Compared): Trials {
  const { embeddings, probes = embeddings } = compared;
  const pictures = [...embeddings.keys()];
  const identities = pictures.map((picture) => identityOf(set, picture) ?? picture);
  const place = new Map([...new Set(identities)].map((identity, index) => [identity, index]));
  const personOf = identities.map((identity) => place.get(identity)!);
  const enrolled = enrolledOf(pictures, personOf, compared);
  const score = scorer(compared);
  const strangers = distracted(compared);
  const list = new TrialList();
  const searches: PersonSearch[] = [];
  for (const picture of pictures) list.picture(picture);
  for (let i = 0; i < pictures.length; i++) {
    if (!probes.has(pictures[i]!)) continue;
    let mate = FAILED;
    const others = enrolled[i] ? [] : strangers(pictures[i]!);
    for (let j = 0; j < pictures.length; j++) {
      if (i === j || (j > i && (enrolled[i] || !enrolled[j]))) continue;
      const value = score(pictures[i]!, pictures[j]!);
      if (j < i) list.add(value, personOf[i]!, personOf[j]!, i, j);
      if (!enrolled[j]) continue;
      if (personOf[i] === personOf[j]) mate = value;
      else others.push(value);
    }
    if (!enrolled[i])
      searches.push({ ...searchOf(mate, others, compared), person: personOf[i]!, picture: i });
  }
  const gallery = pictures.filter((_, index) => enrolled[index]);
  return list.finish(place.size, searches, galleryOf(gallery, compared));
}

/** Whether both kinds of comparison are among those kept. */
const bothKinds = (genuine: Uint8Array): boolean => genuine.includes(1) && genuine.includes(0);

/**
 * The trials whose comparisons and searches are kept, over the same people; undefined where not both genuine and impostor
 * comparisons remain, for which no rate is defined.
 */
export function selectTrials(
  trials: Trials,
  keepComparison: (row: number) => boolean,
  keepSearch: (search: PersonSearch) => boolean,
): Trials | undefined {
  const { comparisons, first, second, firstPicture, secondPicture } = trials;
  const kept = Uint32Array.from(comparisons.scores.keys()).filter((row) => keepComparison(row));
  const genuine = Uint8Array.from(kept, (row) => comparisons.genuine[row]!);
  if (!bothKinds(genuine)) return undefined;
  const take = (from: Uint32Array) => Uint32Array.from(kept, (row) => from[row]!);
  const scores = Float64Array.from(kept, (row) => comparisons.scores[row]!);
  return {
    ...trials,
    comparisons: rankComparisons({ scores, genuine }),
    first: take(first),
    second: take(second),
    firstPicture: take(firstPicture),
    secondPicture: take(secondPicture),
    searches: trials.searches.filter(keepSearch),
  };
}
