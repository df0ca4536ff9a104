import { CACHED_CROP, type CachedFace } from '../cache/aligned-set.ts';

const { size: SIDE, margin: MARGIN, side: CACHED_SIDE } = CACHED_CROP;

/** RGB bytes of ArcFace's 112 x 112 in the middle of each crop, one face after the other. */
export function middles(faces: readonly CachedFace[]): Uint8ClampedArray {
  const row = SIDE * 3;
  const pixels = new Uint8ClampedArray(faces.length * SIDE * row);
  faces.forEach(({ crop }, i) => {
    for (let y = 0; y < SIDE; y++) {
      const from = ((y + MARGIN) * CACHED_SIDE + MARGIN) * 3;
      pixels.set(crop.subarray(from, from + row), (i * SIDE + y) * row);
    }
  });
  return pixels;
}
