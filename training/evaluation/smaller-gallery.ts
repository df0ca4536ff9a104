import { mulberry32 } from '@rounz/core/math/random.ts';
import type { PersonSearch } from './trials.ts';

export interface GalleryDrawConfig {
  /** galleries drawn for each search */
  readonly draws: number;
  readonly seed: number;
}

export const GALLERY_DRAWS: GalleryDrawConfig = { draws: 10, seed: 1944 };

/**
 * Searches of galleries of `size` people, each with the probe's own person and `size - 1` others drawn at random, without
 * replacement, from the gallery that was searched. Several draws for each probe; all of them count as that person's.
 *
 * @param searches made with `keepOthers`
 * @throws RangeError where the gallery is smaller
 */
export function searchesOfSize(
  searches: readonly PersonSearch[],
  size: number,
  { draws, seed }: GalleryDrawConfig = GALLERY_DRAWS,
): PersonSearch[] {
  const random = mulberry32(seed);
  return searches.flatMap(({ others, ...search }) => {
    if (!others || size < 2 || size - 1 > others.length)
      throw new RangeError(`A gallery of ${(others?.length ?? 0) + 1} people cannot show one of ${size}.`);
    return Array.from({ length: draws }, () => ({
      ...search,
      bestOther: bestOfDraw(others.slice(), size - 1, random),
    }));
  });
}

/** The highest of `count` scores drawn by the first steps of a Fisher-Yates shuffle; `pool` is left in another order. */
function bestOfDraw(pool: Float64Array, count: number, random: () => number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const j = i + Math.floor(random() * (pool.length - i));
    [pool[i], pool[j]] = [pool[j]!, pool[i]!];
    best = Math.max(best, pool[i]!);
  }
  return best;
}
