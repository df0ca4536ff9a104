import { createRng } from './augment/rng.ts';
import type { TrainConfig } from './config.ts';
import { epochOrder, type Sample } from './samples.ts';

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

/** Pictures in the seed's order: epochs are shuffled anew, batches run across their ends. */
class PicturePlanner implements BatchPlanner {
  private readonly samples: readonly Sample[];
  private readonly seed: number;
  private position: number;
  private epoch = -1;
  private order: ArrayLike<number> = [];

  constructor(samples: readonly Sample[], seed: number, imagesSeen: number) {
    this.samples = samples;
    this.seed = seed;
    this.position = imagesSeen;
  }

  next(size: number): BatchPlan {
    const samples: Sample[] = [];
    const seeds: number[] = [];
    for (let i = 0; i < size; i++, this.position++) {
      const epoch = Math.floor(this.position / this.samples.length);
      if (epoch !== this.epoch) {
        this.order = epochOrder(this.samples.length, this.seed, epoch);
        this.epoch = epoch;
      }
      samples.push(this.samples[this.order[this.position % this.samples.length]!]!);
      seeds.push(seedAt(this.seed, this.position));
    }
    return { samples, seeds };
  }
}

/**
 * Several pictures of each person side by side, for losses between pictures: people in the seed's order, each epoch anew; a person
 * with fewer pictures comes repeatedly (each time augmented anew), pictures of nobody known are left out.
 */
class PersonPlanner implements BatchPlanner {
  private readonly people: readonly (readonly Sample[])[];
  private readonly each: number;
  private readonly seed: number;
  private position: number;
  private epoch = -1;
  private order: ArrayLike<number> = [];

  constructor(samples: readonly Sample[], each: number, seed: number, imagesSeen: number) {
    const people = new Map<string, Sample[]>();
    for (const sample of samples) {
      if (sample.person === null) continue;
      const list = people.get(sample.person);
      if (list) list.push(sample);
      else people.set(sample.person, [sample]);
    }
    if (people.size < 2)
      throw new Error('Batches of several pictures a person need at least two people whose names are known.');
    this.people = [...people.values()];
    this.each = each;
    this.seed = seed;
    this.position = imagesSeen;
  }

  next(size: number): BatchPlan {
    const samples: Sample[] = [];
    const seeds: number[] = [];
    for (let i = 0; i < size; i++, this.position++) {
      const turn = Math.floor(this.position / this.each);
      const epoch = Math.floor(turn / this.people.length);
      if (epoch !== this.epoch) {
        this.order = epochOrder(this.people.length, this.seed, epoch);
        this.epoch = epoch;
      }
      const pictures = this.people[this.order[turn % this.people.length]!]!;
      const start = createRng(seedAt(this.seed, turn)).below(pictures.length);
      samples.push(pictures[(start + (this.position % this.each)) % pictures.length]!);
      seeds.push(seedAt(this.seed, this.position));
    }
    return { samples, seeds };
  }
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
  return picturesPerPerson > 1
    ? new PersonPlanner(samples, picturesPerPerson, seed, imagesSeen)
    : new PicturePlanner(samples, seed, imagesSeen);
}
