import { createRng } from '@rounz/core/math/random.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { byPerson, epochOrder, type Sample } from '../samples/samples.ts';

/** What a batch needs from the prefetcher, and who is in it. */
export interface BatchPlan {
  readonly samples: readonly Sample[];
  /** seed of each picture's augmentation */
  readonly seeds: readonly number[];
}

/** Endless batches from any position, the same for the same seed. */
export interface BatchPlanner {
  next(size: number): BatchPlan;
}

const seedAt = (seed: number, position: number): number => seed * 1e9 + position;

/** Turns through `count` things in the seed's order, each epoch anew: which of them a turn is. */
function turnsThrough(count: number, seed: number): (turn: number) => number {
  let epoch = -1;
  let order: ArrayLike<number> = [];
  return (turn) => {
    const wanted = Math.floor(turn / count);
    if (wanted !== epoch) {
      order = epochOrder(count, seed, wanted);
      epoch = wanted;
    }
    return order[turn % count]!;
  };
}

/** Which picture stands at a position. */
type Sequence = (position: number) => Sample;

/** Each picture once an epoch; batches run across the epochs' ends. */
function pictureSequence(samples: readonly Sample[], seed: number): Sequence {
  const at = turnsThrough(samples.length, seed);
  return (position) => samples[at(position)]!;
}

/**
 * `each` pictures of a person side by side, for losses between pictures. A person with fewer comes repeatedly (each time
 * augmented anew), pictures of nobody known are left out.
 */
function personSequence(samples: readonly Sample[], each: number, seed: number): Sequence {
  const people = [...byPerson(samples).values()];
  if (people.length < 2)
    throw new Error('Batches of several pictures a person need at least two people whose names are known.');
  const at = turnsThrough(people.length, seed);
  return (position) => {
    const turn = Math.floor(position / each);
    const pictures = people[at(turn)]!;
    const start = createRng(seedAt(seed, turn)).below(pictures.length);
    return pictures[(start + (position % each)) % pictures.length]!;
  };
}

/**
 * @param imagesSeen where to go on
 * @throws Error where there is nothing to train on
 */
export function createPlanner(
  samples: readonly Sample[],
  { picturesPerPerson, seed }: Pick<TrainConfig, 'picturesPerPerson' | 'seed'>,
  imagesSeen: number,
): BatchPlanner {
  if (samples.length === 0)
    throw new Error('There is nothing to train on: every picture lacks identity and target.');
  const sequence =
    picturesPerPerson > 1 ? personSequence(samples, picturesPerPerson, seed) : pictureSequence(samples, seed);
  let next = imagesSeen;
  return {
    next(size) {
      const positions = Array.from({ length: size }, () => next++);
      return { samples: positions.map(sequence), seeds: positions.map((position) => seedAt(seed, position)) };
    },
  };
}
