import type { OfPixels } from '../samples/embed-samples.ts';

/** Fields a side for a crop's appearance: coarse enough to show tone and turn, and no identity. */
const FIELDS = 8;

/**
 * What light, camera and background make of a crop: the mean colour of 8 x 8 fields, 0..255 each, by rows and RGB. Crops made
 * in one place lie near each other.
 */
export const byAppearance: OfPixels<Float32Array> = (pixels, count) => {
  const bytes = pixels.length / count;
  const side = Math.round(Math.sqrt(bytes / 3));
  return Promise.resolve(
    Array.from({ length: count }, (_, i) => appearanceOf(pixels.subarray(i * bytes, (i + 1) * bytes), side)),
  );
};

function appearanceOf(pixels: Uint8ClampedArray, side: number): Float32Array {
  const sums = new Float32Array(FIELDS * FIELDS * 3);
  const counts = new Float32Array(FIELDS * FIELDS);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) {
      const field = Math.floor((y * FIELDS) / side) * FIELDS + Math.floor((x * FIELDS) / side);
      counts[field]!++;
      for (let c = 0; c < 3; c++) sums[field * 3 + c]! += pixels[(y * side + x) * 3 + c]!;
    }
  return sums.map((sum, i) => sum / counts[Math.floor(i / 3)]!);
}

/** Euclidean. */
export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
