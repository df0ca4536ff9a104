/**
 * Small seeded random number generator: Chris Doty-Humphrey's sfc32 ("Small Fast Counting", PractRand 0.93), 128 bits
 * of state, seeded by Sebastiano Vigna's 32-bit variant of splitmix. Passes PractRand to several terabytes; never for
 * secrets. The same seed gives the same stream on every machine, because only 32-bit integer arithmetic is used.
 */
export interface Rng extends Draws {
  /** an independent stream that depends on this one's state only */
  fork(): Rng;
}

/** What can be drawn from a uniform stream. */
export interface Draws {
  /** uniform in [0, 1) with 32 bits */
  next(): number;
  /** uniform in [low, high) */
  between(low: number, high: number): number;
  /** uniform integer in [0, count) */
  below(count: number): number;
  /** true with this probability; draws nothing from the stream for 0 and 1 */
  chance(probability: number): boolean;
  /** one element, all equally likely; throws on an empty list */
  pick<T>(list: readonly T[]): T;
}

/** @param next uniform in [0, 1) */
export function drawsOf(next: () => number): Draws {
  const below = (count: number) => Math.floor(next() * count);
  return {
    next,
    below,
    between: (low, high) => low + (high - low) * next(),
    chance: (probability) => probability >= 1 || (probability > 0 && next() < probability),
    pick: (list) => {
      if (list.length === 0) throw new Error('pick: the list is empty, so there is nothing to choose from.');
      return list[below(list.length)]!;
    },
  };
}

/** Each call gives the next 32-bit word of a splitmix sequence. */
function splitmix32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let word = state ^ (state >>> 16);
    word = Math.imul(word, 0x21f0aaad);
    word ^= word >>> 15;
    word = Math.imul(word, 0x735a2d97);
    return word ^ (word >>> 15);
  };
}

/** @param seed any finite number; its low and high 32 bits both count */
export function createRng(seed: number): Rng {
  const mix = splitmix32(seed ^ Math.imul(Math.floor(seed / 2 ** 32), 0x85ebca6b));
  let a = mix();
  let b = mix();
  let c = mix();
  let counter = 1;

  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm++) word();

  return { ...drawsOf(() => word() / 2 ** 32), fork: () => createRng(word()) };
}

/** Shuffles in place (Durstenfeld 1964); returns the same list. */
export function shuffle<T extends { [index: number]: unknown; readonly length: number }>(
  rng: Pick<Draws, 'below'>,
  list: T,
): T {
  for (let i = list.length - 1; i > 0; i--) {
    const j = rng.below(i + 1);
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** Chooses a key with probability proportional to its weight. Throws when no weight is positive. */
export function pickWeighted<K extends string>(
  rng: Pick<Draws, 'next'>,
  weights: Readonly<Record<K, number>>,
): K {
  const entries = Object.entries(weights) as [K, number][];
  const total = entries.reduce((sum, [, weight]) => sum + weight, 0);
  if (!(total > 0))
    throw new Error('pickWeighted: every weight is zero; give at least one a positive weight.');
  let left = rng.next() * total;
  for (const [key, weight] of entries) {
    left -= weight;
    if (left < 0) return key;
  }
  return entries.findLast(([, weight]) => weight > 0)![0];
}

/** Standard normal numbers, drawn once from a fixed seed (Box and Muller 1958); walked through for pixel noise. */
export function normalTable(length: number, seed: number): Float32Array {
  const { next } = createRng(seed);
  return Float32Array.from({ length }, () => normalFrom(next));
}

/** Tommy Ettinger's mulberry32: 32 bits of state, uniform in [0, 1). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A standard normal number of a uniform stream (Box and Muller 1958). */
export const normalFrom = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
