import { createRng, type Rng } from '@rounz/core/math/random.ts';
import type { Head } from './head.ts';
import type { Texture } from './paint.ts';

const LATTICE = 64;
const LATTICE_SEED = 0x6c617474;
const lattice = ((): Float32Array => {
  const rng = createRng(LATTICE_SEED);
  return Float32Array.from({ length: LATTICE * LATTICE }, () => rng.next());
})();

/** Smooth values 0..1 on a lattice with `cell` crop pixels (value noise), from a random place; repeats after 64 cells. */
export function valueNoise(rng: Rng, cell: number): Texture {
  const mask = LATTICE - 1;
  const startX = rng.below(LATTICE);
  const startY = rng.below(LATTICE);
  const perPixel = 1 / cell;
  return (x, y) => {
    const u = x * perPixel + startX;
    const v = y * perPixel + startY;
    const i = u | 0;
    const j = v | 0;
    const fx = u - i;
    const fy = v - j;
    const left = i & mask;
    const right = (i + 1) & mask;
    const upper = (j & mask) * LATTICE;
    const lower = ((j + 1) & mask) * LATTICE;
    const top = lattice[upper + left]! + (lattice[upper + right]! - lattice[upper + left]!) * fx;
    const bottom = lattice[lower + left]! + (lattice[lower + right]! - lattice[lower + left]!) * fx;
    return top + (bottom - top) * fy;
  };
}

/** Bands across the head (`turn` 0) or along it (pi / 2): 1 - depth .. 1, `period` in crop pixels. */
function bands(head: Head, turn: number, period: number, depth: number, sharp: boolean): Texture {
  const cos = Math.cos(turn);
  const sin = Math.sin(turn);
  const kx = ((head.down.x * cos + head.across.x * sin) * 2 * Math.PI) / period;
  const ky = ((head.down.y * cos + head.across.y * sin) * 2 * Math.PI) / period;
  return (x, y) => {
    const wave = Math.sin(x * kx + y * ky);
    return 1 - depth * (sharp ? (wave > 0 ? 1 : 0) : 0.5 + 0.5 * wave);
  };
}

/** Speckled plastic: light and dark patches. */
export const tortoise = (rng: Rng, scale: number): Texture => {
  const noise = valueNoise(rng, 2.2 * scale);
  return (x, y) => {
    const value = noise(x, y);
    return value > 0.62 ? 2.4 : value < 0.3 ? 0.45 : 1;
  };
};

/** Knitted ribs. */
export const knit = (head: Head, rng: Rng): Texture => {
  const ribs = bands(head, Math.PI / 2, rng.between(2.6, 5) * head.scale, rng.between(0.15, 0.5), false);
  const noise = valueNoise(rng, 1.3 * head.scale);
  return (x, y) => ribs(x, y) * (0.85 + 0.3 * noise(x, y));
};

/** Plain cloth with a little unevenness, or stripes, checks, dots, camouflage. */
export function cloth(head: Head, rng: Rng, patterned: number): Texture | undefined {
  if (!rng.chance(patterned)) {
    if (rng.chance(0.4)) return undefined;
    const folds = valueNoise(rng, rng.between(4, 12) * head.scale);
    const depth = rng.between(0.1, 0.4);
    return (x, y) => 1 - depth / 2 + depth * folds(x, y);
  }
  const period = rng.between(3, 12) * head.scale;
  const depth = rng.between(0.2, 0.7);
  switch (rng.below(4)) {
    case 0:
      return bands(head, rng.pick([0, Math.PI / 2, Math.PI / 4]), period, depth, rng.chance(0.6));
    case 1: {
      const one = bands(head, 0, period, depth, true);
      const other = bands(head, Math.PI / 2, period, depth, true);
      return (x, y) => one(x, y) * other(x, y);
    }
    case 2: {
      const one = bands(head, Math.PI / 4, period, 1, false);
      const other = bands(head, -Math.PI / 4, period, 1, false);
      return (x, y) => (one(x, y) * other(x, y) > 0.45 ? 1 + depth : 1);
    }
    default: {
      const noise = valueNoise(rng, period * 0.7);
      return (x, y) => {
        const value = noise(x, y);
        return value > 0.6 ? 1 + depth : value < 0.4 ? 1 - depth : 1;
      };
    }
  }
}
