import type { Manifest } from '@rounz/core/model/manifest.ts';
import type * as tf from '@tensorflow/tfjs';
import { type AlignedSet, CACHED_CROP, openAlignedSets } from '../cache/aligned-set.ts';
import { toImages } from '../samples/images.ts';
import { cachedSets } from '../samples/run-data.ts';

const { size: SIDE, margin: MARGIN, side: CACHED_SIDE } = CACHED_CROP;

/** Enough that a map's least value is near the least of all. */
export const FOR_LEAST_VALUES = 128;
/** Enough that the covariance of a map of 1,024 channels and 49 positions hardly changes. */
export const FOR_COVARIANCES = 1024;

/**
 * Faces spread evenly over all sets of a cache, as a network takes them: [n, 112, 112, 3].
 *
 * @throws Error where the cache holds none
 */
export function measuringPictures(
  cache: string,
  pictures: number,
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
): tf.Tensor4D {
  const sets = openAlignedSets(cache, cachedSets(cache));
  try {
    return spread(sets, pictures, input);
  } finally {
    for (const set of sets) set.close();
  }
}

function spread(
  sets: readonly AlignedSet[],
  pictures: number,
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
): tf.Tensor4D {
  const total = sets.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) throw new Error('The cache holds no face: `align` writes it.');
  const step = Math.max(1, Math.floor(total / pictures));
  const crops: Uint8Array[] = [];
  let position = 0;
  for (const set of sets)
    for (let index = 0; index < set.count; index++)
      if (position++ % step === 0 && crops.length < pictures) crops.push(set.readCrop(index));
  const pixels = new Uint8ClampedArray(crops.length * SIDE * SIDE * 3);
  crops.forEach((crop, i) => {
    for (let y = 0; y < SIDE; y++) {
      const from = ((y + MARGIN) * CACHED_SIDE + MARGIN) * 3;
      pixels.set(crop.subarray(from, from + SIDE * 3), (i * SIDE + y) * SIDE * 3);
    }
  });
  return toImages(pixels, crops.length, input);
}
