import type { RgbaImage } from '../image.ts';
import type { Pyramid } from './pyramid.ts';
import { type Similarity, scaleOf } from './transform.ts';

/** How pixels beyond the picture's edge are filled: nearest pixel, mirrored picture, or black. */
export type Border = 'replicate' | 'mirror' | 'black';

/** The patch to sample; positions are continuous, a pixel's centre lies at + 0.5. */
export interface PatchSpec {
  readonly width: number;
  readonly height: number;
  /** from the patch's pixels to the picture's */
  readonly toPicture: Similarity;
  readonly border: Border;
  /** value written = byte * gain + bias */
  readonly gain: number;
  readonly bias: number;
}

/** Above this step (picture pixels for each patch pixel) a patch pixel is the mean of 2x2 samples. */
const SUPERSAMPLE_STEP = 1.1;

/**
 * Samples `width * height * 3` RGB values through a similarity, bilinearly. When the patch shrinks the picture, the
 * samples come from the level of the pyramid whose pixels are between half a step and a step wide and are averaged 2x2,
 * so that nothing aliases. Pure arithmetic on bytes: the same values in every browser and in Node.
 */
export function samplePatch(
  pyramid: Pyramid,
  spec: PatchSpec,
  out: Float32Array | Uint8ClampedArray | Uint8Array,
): void {
  const step = scaleOf(spec.toPicture);
  const index = step > 2 ? Math.floor(Math.log2(step)) : 0;
  const shrink = 2 ** -index;
  const { a, b, tx, ty } = spec.toPicture;
  const toLevel = { a: a * shrink, b: b * shrink, tx: tx * shrink, ty: ty * shrink };
  const samples = step * shrink > SUPERSAMPLE_STEP ? 2 : 1;
  sampleLevel(pyramid.level(index), { ...spec, toPicture: toLevel }, samples, out);
}

/** The picture's pixels as numbers 0xAABBGGRR, as little-endian machines read them: one read for four channels. */
function pixelsOf({ data, width, height }: RgbaImage): Uint32Array {
  const aligned = data.byteOffset % 4 === 0 ? data : data.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
}

function sampleLevel(
  image: RgbaImage,
  { width, height, toPicture, border, gain, bias }: PatchSpec,
  samples: number,
  out: Float32Array | Uint8ClampedArray | Uint8Array,
): void {
  const { width: w, height: h } = image;
  const pixels = pixelsOf(image);
  const { a, b, tx, ty } = toPicture;
  const reachX = w - 1;
  const reachY = h - 1;
  const weight = gain / (samples * samples);
  const first = 0.5 / samples;
  const between = 1 / samples;
  const black = border === 'black';
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let k = 0; k < samples; k++) {
        const v = row + first + k * between;
        for (let l = 0; l < samples; l++) {
          const u = column + first + l * between;
          const x = a * u - b * v + tx - 0.5;
          const y = b * u + a * v + ty - 0.5;
          if (black && (x < -0.5 || y < -0.5 || x > reachX + 0.5 || y > reachY + 0.5)) continue;
          const left = Math.floor(x);
          const top = Math.floor(y);
          const fx = x - left;
          const fy = y - top;
          let x0 = left;
          let x1 = left + 1;
          let y0 = top;
          let y1 = top + 1;
          if (x0 < 0 || x1 > reachX) {
            x0 = inside(x0, reachX, border);
            x1 = inside(x1, reachX, border);
          }
          if (y0 < 0 || y1 > reachY) {
            y0 = inside(y0, reachY, border);
            y1 = inside(y1, reachY, border);
          }
          const p = pixels[y0 * w + x0]!;
          const q = pixels[y0 * w + x1]!;
          const r = pixels[y1 * w + x0]!;
          const s = pixels[y1 * w + x1]!;
          const wp = (1 - fx) * (1 - fy);
          const wq = fx * (1 - fy);
          const wr = (1 - fx) * fy;
          const ws = fx * fy;
          red += (p & 255) * wp + (q & 255) * wq + (r & 255) * wr + (s & 255) * ws;
          green +=
            ((p >> 8) & 255) * wp + ((q >> 8) & 255) * wq + ((r >> 8) & 255) * wr + ((s >> 8) & 255) * ws;
          blue +=
            ((p >> 16) & 255) * wp + ((q >> 16) & 255) * wq + ((r >> 16) & 255) * wr + ((s >> 16) & 255) * ws;
        }
      }
      out[to++] = red * weight + bias;
      out[to++] = green * weight + bias;
      out[to++] = blue * weight + bias;
    }
  }
}

/** The row or column that stands for one beyond the edge. `reach` is the last index. */
function inside(index: number, reach: number, border: Border): number {
  if (border !== 'mirror') return Math.max(0, Math.min(index, reach));
  const period = 2 * (reach + 1);
  const wrapped = ((index % period) + period) % period;
  return wrapped > reach ? period - 1 - wrapped : wrapped;
}
