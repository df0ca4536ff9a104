import type { RankedComparisons } from '@rounz/core/metrics/comparisons.ts';
import { rankComparisons } from '@rounz/core/metrics/comparisons.ts';
import type { Search } from '@rounz/core/metrics/identification.ts';
import { identityOf } from '../data/sources.ts';
import type { Embeddings } from './collect.ts';
import type { Probe } from './probe-list.ts';

/** What a protocol compared, with the people (positions in a list of all of them) behind each score. */
export interface Trials {
  readonly people: number;
  readonly comparisons: RankedComparisons;
  /** person of each comparison's first and of its second picture */
  readonly first: Uint32Array;
  readonly second: Uint32Array;
  /** 1:N searches of a gallery with one picture a person, and the person of each probe; empty where there is no gallery */
  readonly searches: readonly (Search & { readonly person: number })[];
}

type Similarity = (a: Float32Array, b: Float32Array) => number;

const scorer =
  (embeddings: Embeddings, similarity: Similarity) =>
  (one: string, other: string): number => {
    const a = embeddings.get(one);
    const b = embeddings.get(other);
    if (a === undefined || b === undefined)
      throw new Error(
        `The pictures do not hold ${a === undefined ? one : other}; the list belongs to others.`,
      );
    return a && b ? similarity(a, b) : Number.NEGATIVE_INFINITY;
  };

/** Grows as comparisons come, then becomes typed arrays. */
class TrialList {
  readonly #scores: number[] = [];
  readonly #first: number[] = [];
  readonly #second: number[] = [];

  add(score: number, first: number, second: number): void {
    this.#scores.push(score);
    this.#first.push(first);
    this.#second.push(second);
  }

  finish(people: number, searches: Trials['searches']): Trials {
    const genuine = Uint8Array.from(this.#first, (person, row) => Number(person === this.#second[row]));
    const comparisons = rankComparisons({ scores: Float64Array.from(this.#scores), genuine });
    return {
      people,
      comparisons,
      first: Uint32Array.from(this.#first),
      second: Uint32Array.from(this.#second),
      searches,
    };
  }
}

/**
 * Probes against a gallery of one picture a person (the first that the list names for the person): each probe with its own
 * person's picture (genuine) and with everybody else's (impostor).
 */
export function probeTrials(
  probes: readonly Probe[],
  all: readonly Probe[],
  embeddings: Embeddings,
  similarity: Similarity,
): Trials {
  const gallery = new Map(all.map(({ identity, gallery: [picture] }) => [identity, picture]));
  const people = [...gallery.keys()];
  const score = scorer(embeddings, similarity);
  const list = new TrialList();
  const searches = probes.map((probe) => {
    const person = people.indexOf(probe.identity);
    let mate = Number.NEGATIVE_INFINITY;
    let bestOther = Number.NEGATIVE_INFINITY;
    for (const [other, identity] of people.entries()) {
      const value = score(probe.picture, other === person ? probe.gallery[0] : gallery.get(identity)!);
      list.add(value, person, other);
      if (other === person) mate = value;
      else bestOther = Math.max(bestOther, value);
    }
    return { mate, bestOther, person };
  });
  return list.finish(people.length, searches);
}

/** Every pair of pictures of a set with a folder for each person. */
export function allPairTrials(set: string, embeddings: Embeddings, similarity: Similarity): Trials {
  const pictures = [...embeddings.keys()];
  const identities = pictures.map((picture) => identityOf(set, picture) ?? picture);
  const people = [...new Set(identities)];
  const personOf = identities.map((identity) => people.indexOf(identity));
  const score = scorer(embeddings, similarity);
  const list = new TrialList();
  for (let i = 0; i < pictures.length; i++)
    for (let j = 0; j < i; j++) list.add(score(pictures[i]!, pictures[j]!), personOf[i]!, personOf[j]!);
  return list.finish(people.length, []);
}
