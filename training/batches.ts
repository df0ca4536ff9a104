import { epochOrder, type Sample } from './samples.ts';

/** What a batch needs from the prefetcher, and who is in it. */
export interface BatchPlan {
  readonly samples: readonly Sample[];
  /** seed of each picture's augmentation */
  readonly seeds: readonly number[];
}

/** Endless batches in the seed's order from any position: epochs are shuffled anew, batches run across their ends. */
export class BatchPlanner {
  private readonly samples: readonly Sample[];
  private readonly seed: number;
  private position: number;
  private epoch = -1;
  private order: ArrayLike<number> = [];

  constructor(samples: readonly Sample[], seed: number, imagesSeen: number) {
    if (samples.length === 0)
      throw new Error('There is nothing to train on: every picture lacks identity and target.');
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
      seeds.push(this.seed * 1e9 + this.position);
    }
    return { samples, seeds };
  }
}
