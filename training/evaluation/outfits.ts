import { ARCFACE_TEMPLATE } from '@rounz/core/face/align.ts';
import type { AlignedCrop } from '@rounz/core/image.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { wear } from '../augment/accessories/wear.ts';
import { OUTFITS, type Outfit } from '../augment/config.ts';
import { CACHED_CROP } from '../cache/aligned-set.ts';

/**
 * Draws outfits on a face.
 *
 * @param crop with its margin, 144x144; left unchanged
 * @param mesh x, y in the crop's pixels, 468 x 2
 * @returns crops without margin, 112x112; none where the mesh is no face that could wear anything
 */
export type Outfitter = (
  crop: AlignedCrop,
  mesh: Float32Array,
) => readonly { readonly outfit: Outfit; readonly crop: AlignedCrop }[];

/** The words of the shop for the parts of an outfit. */
const SYNONYMS: Readonly<Record<string, string>> = { cap: 'hat', horn: 'hornRimmed' };

const partsOf = (outfit: string): string =>
  outfit
    .split('+')
    .map((part) => SYNONYMS[part] ?? part)
    .sort()
    .join('+');

/**
 * @param list e.g. `mask,cap+glasses`; parts in any order
 * @throws Error that lists the outfits there are
 */
export function parseOutfits(list: string): Outfit[] {
  return list.split(',').map((wanted) => {
    const outfit = OUTFITS.find((one) => partsOf(one) === partsOf(wanted.trim()));
    if (!outfit) throw new Error(`Nothing draws ${wanted}; there are ${OUTFITS.join(', ')}.`);
    return outfit;
  });
}

/** The same bytes and outfit are drawn on alike, whatever else is measured and in whatever order. */
function seedOf(crop: AlignedCrop, outfit: Outfit): number {
  let hash = OUTFITS.indexOf(outfit) + 1;
  for (const value of crop.data) hash = (Math.imul(hash, 31) + value) >>> 0;
  return hash;
}

function centreOf({ data, size }: AlignedCrop): AlignedCrop {
  const inner = ARCFACE_TEMPLATE.size;
  const { margin } = CACHED_CROP;
  const centre = new Uint8ClampedArray(inner * inner * 3);
  for (let row = 0; row < inner; row++) {
    const from = ((row + margin) * size + margin) * 3;
    centre.set(data.subarray(from, from + inner * 3), row * inner * 3);
  }
  return { data: centre, size: inner };
}

/** Draws each of the outfits on every face, with colours, cuts and tilts drawn anew for each. */
export function createOutfitter(outfits: readonly Outfit[]): Outfitter {
  return (crop, mesh) =>
    outfits.flatMap((outfit) => {
      const worn: AlignedCrop = { data: crop.data.slice(), size: crop.size };
      const rng = createRng(seedOf(crop, outfit));
      const drawn = wear(worn.data, mesh, { outfit, fringe: false, occluder: false }, rng);
      const any = drawn.glasses || drawn.sunglasses || drawn.hat || drawn.mask;
      return any ? [{ outfit, crop: centreOf(worn) }] : [];
    });
}
