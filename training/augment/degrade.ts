import { normalTable, type Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';
import { resizeMap, TEMPLATE_SIZE, warp } from './warp.ts';

/** Power of two, so that walking wraps by a mask; large enough that no pattern repeats within a picture. */
const NOISE_LENGTH = 1 << 16;
const NOISE_SEED = 0x6e6f6973;
const noiseTable = normalTable(NOISE_LENGTH, NOISE_SEED);

/** Working memory of the spatial filters for pictures up to `maxSize` pixels a side; one for each augmenter. */
export interface FilterScratch {
  readonly rows: Float32Array;
  readonly padded: Float32Array;
  readonly small: Uint8ClampedArray;
}

export function createFilterScratch(maxSize: number): FilterScratch {
  return {
    rows: new Float32Array(maxSize * maxSize * 3),
    padded: new Float32Array((maxSize + 64) * 3),
    small: new Uint8ClampedArray(maxSize * maxSize * 3),
  };
}

/** Gaussian blur, or a box along one axis as a picture of somebody moving. */
export function applyBlur(
  pixels: Uint8ClampedArray,
  size: number,
  config: AugmentConfig['blur'],
  rng: Rng,
  scratch: FilterScratch,
): void {
  if (!rng.chance(config.probability)) return;
  const scale = size / TEMPLATE_SIZE;
  if (rng.chance(config.motion)) {
    const box = boxKernel(rng.between(...config.motionLength) * scale);
    const one = Float32Array.of(1);
    if (rng.chance(0.5)) convolve(pixels, size, box, one, scratch);
    else convolve(pixels, size, one, box, scratch);
    return;
  }
  const kernel = gaussianKernel(rng.between(...config.sigma) * scale);
  convolve(pixels, size, kernel, kernel, scratch);
}

/** Odd length, sum 1, cut at 2.2 standard deviations, beyond which lies less than 3 % of the weight. */
export function gaussianKernel(sigma: number): Float32Array {
  const radius = Math.ceil(2.2 * sigma);
  const kernel = Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    sigma > 0 ? Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)) : 1,
  );
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  return kernel.map((weight) => weight / sum);
}

/** Odd length, sum 1; the outer taps carry the fractional part of `length`. */
export function boxKernel(length: number): Float32Array {
  const width = Math.max(1, length);
  const radius = Math.ceil((width - 1) / 2);
  const outer = (width - (2 * radius - 1)) / 2;
  return Float32Array.from({ length: 2 * radius + 1 }, (_, i) =>
    radius === 0 ? 1 : (i === 0 || i === 2 * radius ? outer : 1) / width,
  );
}

/**
 * Separable convolution in place, edges replicated. Kernels are symmetric, of odd lengths up to 63; a kernel of length
 * one must be 1.
 */
export function convolve(
  pixels: Uint8ClampedArray,
  size: number,
  horizontal: Float32Array,
  vertical: Float32Array,
  scratch: FilterScratch,
): void {
  if (horizontal.length > 1) convolveRows(pixels, size, horizontal, scratch);
  if (vertical.length > 1) convolveColumns(pixels, size, vertical, scratch);
}

function convolveRows(
  pixels: Uint8ClampedArray,
  size: number,
  kernel: Float32Array,
  scratch: FilterScratch,
): void {
  const { padded } = scratch;
  const width = size * 3;
  const radius = kernel.length >> 1;
  const middle = radius * 3;
  for (let start = 0; start < pixels.length; start += width) {
    for (let i = 0; i < width; i++) padded[middle + i] = pixels[start + i]!;
    for (let pad = 0; pad < middle; pad++) {
      padded[pad] = pixels[start + (pad % 3)]!;
      padded[middle + width + pad] = pixels[start + width - 3 + (pad % 3)]!;
    }
    for (let i = 0; i < width; i++) {
      let sum = padded[middle + i]! * kernel[radius]!;
      for (let tap = 1, at = 3; tap <= radius; tap++, at += 3) {
        sum += (padded[middle + i - at]! + padded[middle + i + at]!) * kernel[radius + tap]!;
      }
      pixels[start + i] = sum;
    }
  }
}

function convolveColumns(
  pixels: Uint8ClampedArray,
  size: number,
  kernel: Float32Array,
  { rows, padded: sums }: FilterScratch,
): void {
  const width = size * 3;
  const radius = kernel.length >> 1;
  for (let i = 0; i < pixels.length; i++) rows[i] = pixels[i]!;
  for (let row = 0; row < size; row++) {
    const start = row * width;
    const centre = kernel[radius]!;
    for (let i = 0; i < width; i++) sums[i] = rows[start + i]! * centre;
    for (let tap = 1; tap <= radius; tap++) {
      const above = Math.max(0, row - tap) * width;
      const below = Math.min(size - 1, row + tap) * width;
      const weight = kernel[radius + tap]!;
      for (let i = 0; i < width; i++) sums[i] = sums[i]! + (rows[above + i]! + rows[below + i]!) * weight;
    }
    for (let i = 0; i < width; i++) pixels[start + i] = sums[i]!;
  }
}

/** Shrinks and enlarges again: a face far from the camera. */
export function applyLowResolution(
  pixels: Uint8ClampedArray,
  size: number,
  config: AugmentConfig['lowResolution'],
  rng: Rng,
  scratch: FilterScratch,
): void {
  if (!rng.chance(config.probability)) return;
  const small = Math.max(8, Math.round(size * rng.between(...config.factor)));
  if (small >= size) return;
  warp(pixels, size, scratch.small, small, resizeMap(size, small));
  warp(scratch.small, small, pixels, size, resizeMap(small, size));
}

/** Gaussian sensor noise, partly common to the channels. Pixels walk through a table from a random place. */
export function applyNoise(pixels: Uint8ClampedArray, config: AugmentConfig['noise'], rng: Rng): void {
  if (!rng.chance(config.probability)) return;
  const sigma = rng.between(...config.sigma);
  // Variances add: the shared and the separate part together have `sigma`.
  const shared = sigma * Math.sqrt(config.grey);
  const own = sigma * Math.sqrt(1 - config.grey);
  const mask = NOISE_LENGTH - 1;
  let at = rng.below(NOISE_LENGTH);
  // Odd, so that the walk visits the whole table; different for every picture.
  const stride = 2 * rng.below(NOISE_LENGTH / 2) + 1;
  for (let i = 0; i < pixels.length; i += 3) {
    const common = noiseTable[at]! * shared;
    pixels[i] = pixels[i]! + common + noiseTable[(at + 7919) & mask]! * own;
    pixels[i + 1] = pixels[i + 1]! + common + noiseTable[(at + 15_737) & mask]! * own;
    pixels[i + 2] = pixels[i + 2]! + common + noiseTable[(at + 31_469) & mask]! * own;
    at = (at + stride) & mask;
  }
}
