import type { AugmentConfig } from './config.ts';
import type { Rng } from './rng.ts';

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

/** Above this many source pixels for each output pixel, several samples are averaged (as the kiosk's crop does). */
const SUPERSAMPLE_STEP = 1.1;
/** Fixed point of the sampling positions: 8 bits, so that the weights of four neighbours fit 16. */
const ONE = 256;

/**
 * One bilinear pass from `side * side` RGB to `outSide * outSide` RGB; beyond the edge stands the nearest pixel. Where
 * the step is above 1.1, the mean of n x n samples, n = ceil(step), so that nothing aliases.
 */
export function warp(
  source: Uint8Array | Uint8ClampedArray,
  side: number,
  out: Uint8ClampedArray,
  outSide: number,
  affine: Affine,
): void {
  const step = Math.hypot(affine.xx, affine.yx);
  const samples = step > SUPERSAMPLE_STEP ? Math.ceil(step) : 1;
  const reach = (side - 1) * ONE;
  // A pixel centre at + 0.5 in the output falls on + 0.5 in the source; the samples of one pixel lie evenly in it.
  const first = 0.5 / samples;
  const xx = Math.round((affine.xx / samples) * 65536);
  const yx = Math.round((affine.yx / samples) * 65536);
  const divisor = ONE * ONE * samples * samples;
  const half = divisor >> 1;
  const sums = new Uint32Array(samples === 1 ? 0 : outSide * 3);

  for (let row = 0; row < outSide; row++) {
    if (samples > 1) sums.fill(0);
    for (let sub = 0; sub < samples; sub++) {
      const v = row + first + sub / samples;
      let px = Math.round((affine.xx * first + affine.xy * v + affine.x0 - 0.5) * 65536);
      let py = Math.round((affine.yx * first + affine.yy * v + affine.y0 - 0.5) * 65536);
      let to = row * outSide * 3;
      for (let column = 0; column < outSide; column++) {
        let red = 0;
        let green = 0;
        let blue = 0;
        for (let k = 0; k < samples; k++) {
          let x = px >> 8;
          let y = py >> 8;
          px += xx;
          py += yx;
          x = Math.min(reach, Math.max(0, x));
          y = Math.min(reach, Math.max(0, y));
          const fx = x & 255;
          const fy = y & 255;
          const p = ((y >> 8) * side + (x >> 8)) * 3;
          const right = fx === 0 ? 0 : 3;
          const q = p + (fy === 0 ? 0 : side * 3);
          const wd = fx * fy;
          const wb = (fx << 8) - wd;
          const wc = (fy << 8) - wd;
          const wa = 65536 - (fx << 8) - wc;
          red += source[p]! * wa + source[p + right]! * wb + source[q]! * wc + source[q + right]! * wd;
          green +=
            source[p + 1]! * wa +
            source[p + right + 1]! * wb +
            source[q + 1]! * wc +
            source[q + right + 1]! * wd;
          blue +=
            source[p + 2]! * wa +
            source[p + right + 2]! * wb +
            source[q + 2]! * wc +
            source[q + right + 2]! * wd;
        }
        if (samples === 1) {
          out[to] = (red + 32768) >> 16;
          out[to + 1] = (green + 32768) >> 16;
          out[to + 2] = (blue + 32768) >> 16;
        } else {
          const c = column * 3;
          sums[c] = sums[c]! + red;
          sums[c + 1] = sums[c + 1]! + green;
          sums[c + 2] = sums[c + 2]! + blue;
        }
        to += 3;
      }
    }
    if (samples > 1) {
      const start = row * outSide * 3;
      for (let i = 0; i < sums.length; i++) out[start + i] = Math.floor((sums[i]! + half) / divisor);
    }
  }
}

/** The map of a plain change of size between two squares. */
export function resizeMap(from: number, to: number): Affine {
  const step = from / to;
  return { xx: step, xy: 0, x0: 0, yx: 0, yy: step, y0: 0 };
}
