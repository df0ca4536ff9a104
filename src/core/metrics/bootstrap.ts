import { mulberry32 } from '../math/random.ts';

export interface BootstrapConfig {
  /** how often the people are drawn anew */
  readonly resamples: number;
  /** coverage of the interval, 0..1 */
  readonly level: number;
  /** any 32-bit integer; the same seed gives the same interval */
  readonly seed: number;
}

export const BOOTSTRAP: BootstrapConfig = { resamples: 1000, level: 0.95, seed: 20201 };

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap (Efron 1979) over people: pictures of one person are not independent, so people are drawn with
 * replacement, never pictures. `statistics` gets how often each person was drawn and returns one or more figures; each
 * gets its interval. A draw whose figure is NaN (nothing to measure) is left out of that figure's interval.
 */
export function bootstrapOverPeople<Name extends string>(
  people: number,
  statistics: (drawn: Uint32Array) => Record<Name, number>,
  { resamples, level, seed }: BootstrapConfig = BOOTSTRAP,
): Record<Name, Interval> {
  if (people < 1) throw new RangeError('A bootstrap needs at least one person.');
  const random = mulberry32(seed);
  const values = new Map<Name, number[]>();
  for (let draw = 0; draw < resamples; draw++) {
    const drawn = new Uint32Array(people);
    for (let i = 0; i < people; i++) drawn[Math.floor(random() * people)]!++;
    const figures = statistics(drawn);
    for (const name of Object.keys(figures) as Name[]) {
      const list = values.get(name) ?? [];
      if (!Number.isNaN(figures[name])) list.push(figures[name]);
      values.set(name, list);
    }
  }
  const intervals = [...values].map(([name, list]) => [name, percentiles(list, level)]);
  return Object.fromEntries(intervals) as Record<Name, Interval>;
}

/** How often a comparison of two people counts in a draw: once for each pair of their copies; one person's own, once a copy. */
export const pairWeight = (drawn: Uint32Array, first: number, second: number): number =>
  first === second ? drawn[first]! : drawn[first]! * drawn[second]!;

/** Nearest-rank percentiles that leave (1 - level) / 2 on either side. */
function percentiles(values: readonly number[], level: number): Interval {
  const sorted = [...values].sort((a, b) => a - b);
  const tail = Math.floor(((1 - level) / 2) * sorted.length);
  return { low: sorted[tail] ?? Number.NaN, high: sorted.at(-1 - tail) ?? Number.NaN };
}
