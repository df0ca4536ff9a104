import { CROP_SIZE } from '../augment/warp.ts';
import type { CachedFace } from '../cache/aligned-set.ts';

/** Bilinear; beyond the edge stands the nearest pixel. Written over what is there with that weight, 0..1. */
export function paintOver(
  out: Uint8Array,
  at: number,
  source: Uint8Array,
  x: number,
  y: number,
  weight: number,
): void {
  const limit = CROP_SIZE - 1;
  const sx = Math.min(limit, Math.max(0, x - 0.5));
  const sy = Math.min(limit, Math.max(0, y - 0.5));
  const column = sx | 0;
  const row = sy | 0;
  const fx = sx - column;
  const fy = sy - row;
  const p = (row * CROP_SIZE + column) * 3;
  const q = p + (column < limit ? 3 : 0);
  const down = row < limit ? CROP_SIZE * 3 : 0;
  const kept = 1 - weight;
  for (let c = 0; c < 3; c++) {
    const top = source[p + c]! + (source[q + c]! - source[p + c]!) * fx;
    const low = source[p + down + c]! + (source[q + down + c]! - source[p + down + c]!) * fx;
    out[at + c] = out[at + c]! * kept + (top + (low - top) * fy) * weight + 0.5;
  }
}

/** How far contrast may be pulled. */
const GAIN_RANGE = [0.6, 1.6] as const;

/** Mean and spread of a channel at the mesh's points. */
function statistics({ crop, mesh }: CachedFace, channel: number): { mean: number; spread: number } {
  let sum = 0;
  let squares = 0;
  const points = mesh.length / 2;
  for (let i = 0; i < points; i++) {
    const x = Math.min(CROP_SIZE - 1, Math.max(0, Math.floor(mesh[i * 2]!)));
    const y = Math.min(CROP_SIZE - 1, Math.max(0, Math.floor(mesh[i * 2 + 1]!)));
    const value = crop[(y * CROP_SIZE + x) * 3 + channel]!;
    sum += value;
    squares += value * value;
  }
  const mean = sum / points;
  return { mean, spread: Math.sqrt(Math.max(1, squares / points - mean * mean)) };
}

/**
 * The second face's crop with the first one's mean and contrast of each channel (Reinhard et al. 2001, in RGB), measured
 * over the faces alone.
 *
 * @param share how much of it, 0..1
 */
export function matchLight(first: CachedFace, second: CachedFace, share: number): Uint8Array {
  const out = new Uint8Array(second.crop.length);
  for (let c = 0; c < 3; c++) {
    const [wanted, own] = [statistics(first, c), statistics(second, c)];
    const full = Math.min(GAIN_RANGE[1], Math.max(GAIN_RANGE[0], wanted.spread / own.spread));
    const gain = 1 + share * (full - 1);
    const target = own.mean + share * (wanted.mean - own.mean);
    const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => (value - own.mean) * gain + target);
    for (let i = c; i < out.length; i += 3) out[i] = table[second.crop[i]!]!;
  }
  return out;
}
