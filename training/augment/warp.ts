import type { Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';

/** Side of an aligned crop with its margin, and of ArcFace's template in its centre, pixels. */
export const CROP_SIZE = 144;
export const TEMPLATE_SIZE = 112;

/** Source position = (xx * u + xy * v + x0, yx * u + yy * v + y0) for the output's continuous (u, v); centres at + 0.5. */
export interface Affine {
  readonly xx: number;
  readonly xy: number;
  readonly x0: number;
  readonly yx: number;
  readonly yy: number;
  readonly y0: number;
}

/** Draws one jitter: from pixels of the `size` output to pixels of the crop, the flip included. */
export function drawGeometry(config: AugmentConfig['geometry'], rng: Rng, size: number): Affine {
  const flip = rng.chance(config.flip) ? -1 : 1;
  const angle = (rng.between(-config.rotate, config.rotate) * Math.PI) / 180;
  const step = TEMPLATE_SIZE / size / rng.between(config.scale[0], config.scale[1]);
  const shiftX = rng.between(-config.shift, config.shift);
  const shiftY = rng.between(-config.shift, config.shift);
  const cos = Math.cos(angle) * step;
  const sin = Math.sin(angle) * step;
  const half = size / 2;
  const centre = CROP_SIZE / 2;
  return {
    xx: flip * cos,
    xy: sin,
    x0: centre + shiftX - (flip * cos + sin) * half,
    yx: -flip * sin,
    yy: cos,
    y0: centre + shiftY - (-flip * sin + cos) * half,
  };
}

/** Where a point of the source lies in the output; the inverse of the affine map. */
export function toOutput(affine: Affine, x: number, y: number): { x: number; y: number } {
  const { xx, xy, x0, yx, yy, y0 } = affine;
  const det = xx * yy - xy * yx;
  return { x: (yy * (x - x0) - xy * (y - y0)) / det, y: (xx * (y - y0) - yx * (x - x0)) / det };
}

/**
 * Above this many source pixels for each output pixel, several samples are averaged; below, bilinear sampling alone
 * attenuates what would alias.
 */
const SUPERSAMPLE_STEP = 1.3;
/** Fixed point: positions carry 16 bits of fraction, of which 8 weigh the four neighbours. */
const POSITION_ONE = 65_536;
const WEIGHT_ONE = 256;

type Bytes = Uint8Array | Uint8ClampedArray;

/**
 * One bilinear pass from `side * side` RGB to `outSide * outSide` RGB; beyond the edge stands the nearest pixel. Where
 * the step is above 1.3, the mean of n x n samples, n = ceil(step), so that nothing aliases.
 */
export function warp(
  source: Bytes,
  side: number,
  out: Uint8ClampedArray,
  outSide: number,
  affine: Affine,
): void {
  const step = Math.hypot(affine.xx, affine.yx);
  const samples = step > SUPERSAMPLE_STEP ? Math.ceil(step) : 1;
  if (samples === 1) {
    sampleRows(source, side, out, outSide, outSide, affine);
    return;
  }
  const fineSide = outSide * samples;
  const line = new Uint8ClampedArray(fineSide * 3 * samples);
  const fine: Affine = {
    ...affine,
    xx: affine.xx / samples,
    xy: affine.xy / samples,
    yx: affine.yx / samples,
    yy: affine.yy / samples,
  };
  for (let row = 0; row < outSide; row++) {
    const first = row * samples;
    const moved = { ...fine, x0: fine.x0 + fine.xy * first, y0: fine.y0 + fine.yy * first };
    sampleRows(source, side, line, fineSide, samples, moved);
    meanOfBlocks(line, fineSide, samples, out, row * outSide * 3);
  }
}

/** Fills `rows` lines of `width` RGB pixels, one bilinear sample each. */
function sampleRows(
  source: Bytes,
  side: number,
  out: Uint8ClampedArray,
  width: number,
  rows: number,
  map: Affine,
): void {
  const reach = (side - 1) * WEIGHT_ONE;
  const stepX = Math.round(map.xx * POSITION_ONE);
  const stepY = Math.round(map.yx * POSITION_ONE);
  const line = side * 3;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    // A pixel's centre lies at + 0.5 in both pictures.
    let px = Math.round((map.xx * 0.5 + map.xy * (row + 0.5) + map.x0 - 0.5) * POSITION_ONE);
    let py = Math.round((map.yx * 0.5 + map.yy * (row + 0.5) + map.y0 - 0.5) * POSITION_ONE);
    for (let column = 0; column < width; column++) {
      const x = Math.min(reach, Math.max(0, px >> 8));
      const y = Math.min(reach, Math.max(0, py >> 8));
      px += stepX;
      py += stepY;
      const fx = x & 255;
      const fy = y & 255;
      const p = (y >> 8) * line + (x >> 8) * 3;
      const r = p + (fx === 0 ? 0 : 3);
      const q = p + (fy === 0 ? 0 : line);
      const s = q + r - p;
      const d = fx * fy;
      const b = (fx << 8) - d;
      const c = (fy << 8) - d;
      const a = 65_536 - (fx << 8) - c;
      out[to] = (source[p]! * a + source[r]! * b + source[q]! * c + source[s]! * d + 32_768) >> 16;
      out[to + 1] =
        (source[p + 1]! * a + source[r + 1]! * b + source[q + 1]! * c + source[s + 1]! * d + 32_768) >> 16;
      out[to + 2] =
        (source[p + 2]! * a + source[r + 2]! * b + source[q + 2]! * c + source[s + 2]! * d + 32_768) >> 16;
      to += 3;
    }
  }
}

/** Writes one line of output pixels, each the mean of `samples` x `samples` of the finer lines. */
function meanOfBlocks(
  fine: Uint8ClampedArray,
  fineSide: number,
  samples: number,
  out: Uint8ClampedArray,
  start: number,
): void {
  const share = 1 / (samples * samples);
  for (let from = 0, to = start; from < fineSide * 3; from += samples * 3, to += 3) {
    let red = 0;
    let green = 0;
    let blue = 0;
    for (let row = 0; row < samples; row++) {
      for (let k = 0; k < samples; k++) {
        const i = row * fineSide * 3 + from + k * 3;
        red += fine[i]!;
        green += fine[i + 1]!;
        blue += fine[i + 2]!;
      }
    }
    out[to] = red * share;
    out[to + 1] = green * share;
    out[to + 2] = blue * share;
  }
}

/** The map of a plain change of size between two squares. */
export function resizeMap(from: number, to: number): Affine {
  const step = from / to;
  return { xx: step, xy: 0, x0: 0, yx: 0, yy: step, y0: 0 };
}
