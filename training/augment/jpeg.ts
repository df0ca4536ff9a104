import type { Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';

/**
 * What JPEG does to a picture, without the entropy coder, which loses nothing: BT.601 YCbCr, optional 4:2:0, 8x8 DCT-II,
 * quantisation with the tables of ITU-T T.81 Annex K scaled by the Independent JPEG Group's rule, and back.
 */

/** T.81 table K.1, row-major. */
const LUMA_TABLE = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];
/** T.81 table K.2: 99 everywhere but in the lowest frequencies. */
const CHROMA_CORNER = [
  [17, 18, 24, 47],
  [18, 21, 26, 66],
  [24, 26, 56, 99],
  [47, 66, 99, 99],
];
const CHROMA_TABLE = Array.from({ length: 64 }, (_, i) => CHROMA_CORNER[i >> 3]?.[i & 7] ?? 99);

/** cos(k pi / 16) / 2: the orthonormal 8-point DCT's coefficients. */
const C = Array.from({ length: 8 }, (_, k) => Math.cos((k * Math.PI) / 16) / 2);
const [, C1, C2, C3, C4, C5, C6, C7] = C as [number, number, number, number, number, number, number, number];

/** Planes of one picture; sides padded to whole 16x16 units. One for each augmenter. */
export interface JpegScratch {
  readonly luma: Float32Array;
  readonly blue: Float32Array;
  readonly red: Float32Array;
  readonly block: Float32Array;
}

export function createJpegScratch(maxSize: number): JpegScratch {
  const side = Math.ceil(maxSize / 16) * 16;
  const plane = () => new Float32Array(side * side);
  return { luma: plane(), blue: plane(), red: plane(), block: new Float32Array(64) };
}

export function applyJpeg(
  pixels: Uint8ClampedArray,
  size: number,
  config: AugmentConfig['jpeg'],
  rng: Rng,
  scratch: JpegScratch,
): void {
  if (!rng.chance(config.probability)) return;
  compress(pixels, size, Math.round(rng.between(...config.quality)), rng.chance(config.subsample), scratch);
}

/** Compresses and restores in place. `quality` 1..100 as in libjpeg; `subsample` halves the chroma both ways. */
export function compress(
  pixels: Uint8ClampedArray,
  size: number,
  quality: number,
  subsample: boolean,
  scratch: JpegScratch,
): void {
  const side = Math.ceil(size / 16) * 16;
  toPlanes(pixels, size, side, scratch);
  const chromaSide = subsample ? side / 2 : side;
  if (subsample) {
    halve(scratch.blue, side);
    halve(scratch.red, side);
  }
  quantise(scratch.luma, side, scaledTable(LUMA_TABLE, quality), scratch.block);
  const table = scaledTable(CHROMA_TABLE, quality);
  quantise(scratch.blue, chromaSide, table, scratch.block);
  quantise(scratch.red, chromaSide, table, scratch.block);
  fromPlanes(pixels, size, side, subsample ? 1 : 0, scratch);
}

/** The Independent JPEG Group's scaling: quality 50 is the table itself. */
export function scaledTable(table: readonly number[], quality: number): Float32Array {
  const percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
  return Float32Array.from(table, (step) =>
    Math.min(255, Math.max(1, Math.floor((step * percent + 50) / 100))),
  );
}

function toPlanes(
  pixels: Uint8ClampedArray,
  size: number,
  side: number,
  { luma, blue, red }: JpegScratch,
): void {
  for (let row = 0; row < side; row++) {
    const line = Math.min(row, size - 1) * size;
    for (let column = 0; column < side; column++) {
      const i = (line + Math.min(column, size - 1)) * 3;
      const r = pixels[i]!;
      const g = pixels[i + 1]!;
      const b = pixels[i + 2]!;
      const y = 0.299 * r + 0.587 * g + 0.114 * b;
      const to = row * side + column;
      luma[to] = y - 128;
      blue[to] = (b - y) * 0.564334;
      red[to] = (r - y) * 0.713267;
    }
  }
}

function fromPlanes(
  pixels: Uint8ClampedArray,
  size: number,
  side: number,
  shift: 0 | 1,
  { luma, blue, red }: JpegScratch,
): void {
  const chromaSide = side >> shift;
  let i = 0;
  for (let row = 0; row < size; row++) {
    const chromaRow = (row >> shift) * chromaSide;
    for (let column = 0; column < size; column++) {
      const y = luma[row * side + column]! + 128;
      const at = chromaRow + (column >> shift);
      const cb = blue[at]!;
      const cr = red[at]!;
      pixels[i] = y + 1.402 * cr;
      pixels[i + 1] = y - 0.344136 * cb - 0.714136 * cr;
      pixels[i + 2] = y + 1.772 * cb;
      i += 3;
    }
  }
}

/** Mean of 2x2, in place: the result fills the first quarter. Reading stays ahead of writing. */
function halve(plane: Float32Array, side: number): void {
  const half = side / 2;
  for (let row = 0; row < half; row++) {
    for (let column = 0; column < half; column++) {
      const i = 2 * row * side + 2 * column;
      plane[row * half + column] = (plane[i]! + plane[i + 1]! + plane[i + side]! + plane[i + side + 1]!) / 4;
    }
  }
}

function quantise(plane: Float32Array, side: number, table: Float32Array, block: Float32Array): void {
  for (let top = 0; top < side; top += 8) {
    for (let left = 0; left < side; left += 8) {
      const start = top * side + left;
      for (let row = 0; row < 8; row++) {
        for (let column = 0; column < 8; column++)
          block[row * 8 + column] = plane[start + row * side + column]!;
      }
      for (let line = 0; line < 8; line++) forward8(block, line * 8, 1);
      for (let line = 0; line < 8; line++) forward8(block, line, 8);
      for (let i = 0; i < 64; i++) block[i] = Math.round(block[i]! / table[i]!) * table[i]!;
      for (let line = 0; line < 8; line++) inverse8(block, line, 8);
      for (let line = 0; line < 8; line++) inverse8(block, line * 8, 1);
      for (let row = 0; row < 8; row++) {
        for (let column = 0; column < 8; column++)
          plane[start + row * side + column] = block[row * 8 + column]!;
      }
    }
  }
}

/** Orthonormal DCT-II of 8 values at `at`, `at + step`, ...; even and odd halves apart, in place. */
export function forward8(x: Float32Array, at: number, step: number): void {
  const end = at + 7 * step;
  const s0 = x[at]! + x[end]!;
  const s1 = x[at + step]! + x[end - step]!;
  const s2 = x[at + 2 * step]! + x[end - 2 * step]!;
  const s3 = x[at + 3 * step]! + x[end - 3 * step]!;
  const d0 = x[at]! - x[end]!;
  const d1 = x[at + step]! - x[end - step]!;
  const d2 = x[at + 2 * step]! - x[end - 2 * step]!;
  const d3 = x[at + 3 * step]! - x[end - 3 * step]!;
  x[at] = C4 * (s0 + s1 + s2 + s3);
  x[at + step] = C1 * d0 + C3 * d1 + C5 * d2 + C7 * d3;
  x[at + 2 * step] = C2 * (s0 - s3) + C6 * (s1 - s2);
  x[at + 3 * step] = C3 * d0 - C7 * d1 - C1 * d2 - C5 * d3;
  x[at + 4 * step] = C4 * (s0 - s1 - s2 + s3);
  x[at + 5 * step] = C5 * d0 - C1 * d1 + C7 * d2 + C3 * d3;
  x[at + 6 * step] = C6 * (s0 - s3) - C2 * (s1 - s2);
  x[end] = C7 * d0 - C5 * d1 + C3 * d2 - C1 * d3;
}

/** The transpose of `forward8`, so its inverse. */
export function inverse8(x: Float32Array, at: number, step: number): void {
  const end = at + 7 * step;
  const x1 = x[at + step]!;
  const x3 = x[at + 3 * step]!;
  const x5 = x[at + 5 * step]!;
  const x7 = x[end]!;
  const sum = C4 * (x[at]! + x[at + 4 * step]!);
  const difference = C4 * (x[at]! - x[at + 4 * step]!);
  const high = C2 * x[at + 2 * step]! + C6 * x[at + 6 * step]!;
  const low = C6 * x[at + 2 * step]! - C2 * x[at + 6 * step]!;
  const e0 = sum + high;
  const e1 = difference + low;
  const e2 = difference - low;
  const e3 = sum - high;
  const o0 = C1 * x1 + C3 * x3 + C5 * x5 + C7 * x7;
  const o1 = C3 * x1 - C7 * x3 - C1 * x5 - C5 * x7;
  const o2 = C5 * x1 - C1 * x3 + C7 * x5 + C3 * x7;
  const o3 = C7 * x1 - C5 * x3 + C3 * x5 - C1 * x7;
  x[at] = e0 + o0;
  x[at + step] = e1 + o1;
  x[at + 2 * step] = e2 + o2;
  x[at + 3 * step] = e3 + o3;
  x[at + 4 * step] = e3 - o3;
  x[at + 5 * step] = e2 - o2;
  x[at + 6 * step] = e1 - o1;
  x[end] = e0 - o0;
}
