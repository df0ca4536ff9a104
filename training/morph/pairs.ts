import type { Rng } from '@rounz/core/math/random.ts';
import type { AlignedSet, CachedFace } from '../cache/aligned-set.ts';
import type { Split } from '../samples/samples.ts';
import type { MorphConfig } from './config.ts';

/** Draws two faces that can be made into one. */
export interface Pairs {
  draw(rng: Rng): readonly [CachedFace, CachedFace];
}

interface Source {
  readonly set: AlignedSet;
  readonly index: number;
  readonly person: string | null;
  readonly yaw: number;
}

/** Draws of a second face after which the first one is given up. */
const TRIES = 200;

/**
 * Pairs of training pictures of two people who look the same way.
 *
 * @param covered paths of pictures that show an accessory: a face through half a pair of glasses teaches nothing
 * @throws Error where fewer than two pictures can be used
 */
export function createPairs(
  sets: readonly AlignedSet[],
  { pictures }: Split,
  covered: ReadonlySet<string>,
  { minMeshScore, maxYaw, maxTurn }: MorphConfig,
): Pairs {
  const byName = new Map(sets.map((set) => [set.name, set]));
  const sources = pictures.flatMap(({ set: name, index, person }): Source[] => {
    const set = byName.get(name)!;
    const { meshScore, yaw, path } = set.records[index]!;
    const usable = meshScore >= minMeshScore && Math.abs(yaw) <= maxYaw && !covered.has(path);
    return usable ? [{ set, index, person, yaw }] : [];
  });
  if (sources.length < 2)
    throw new Error('Morphing needs pictures of two people; fewer than two training pictures can be used.');
  const read = ({ set, index }: Source): CachedFace => ({
    crop: set.readCrop(index),
    mesh: set.readMesh(index),
  });
  return {
    draw(rng) {
      for (;;) {
        const first = rng.pick(sources);
        for (let i = 0; i < TRIES; i++) {
          const second = rng.pick(sources);
          const strangers = second !== first && (first.person === null || second.person !== first.person);
          if (strangers && Math.abs(second.yaw - first.yaw) <= maxTurn) return [read(first), read(second)];
        }
      }
    },
  };
}
