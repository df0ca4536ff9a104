import { bell, fromSrgb, mix, type Rgb, smooth } from '../math.ts';
import { hash2 } from '../noise.ts';
import type { Background } from './light.ts';

const WALL = fromSrgb(226, 221, 212);
const FLOOR = fromSrgb(168, 152, 134);
const GLOW = fromSrgb(255, 240, 212);
const WOOD = fromSrgb(176, 148, 116);

/** Colour behind the person at u, v from 0 to 1 (left to right, top to bottom); linear light; null is nothing. */
export function backgroundAt(background: Background, u: number, v: number): Rgb | null {
  if (background.kind === 'transparent') return null;
  if (background.kind === 'plain') {
    const k = 1.06 - 0.22 * v - 0.1 * Math.hypot(u - 0.5, v - 0.4);
    return [background.colour[0] * k, background.colour[1] * k, background.colour[2] * k];
  }
  return shopAt(background.seed, u, v);
}

/** A wall with lit shelves, far out of focus. */
function shopAt(seed: number, u: number, v: number): Rgb {
  const floor = smooth(0.78, 0.9, v);
  let r = mix(WALL[0], FLOOR[0], floor);
  let g = mix(WALL[1], FLOOR[1], floor);
  let b = mix(WALL[2], FLOOR[2], floor);
  const shift = hash2(seed, 1) * 0.3;
  for (let row = 0; row < 3; row++) {
    const y = 0.16 + row * 0.22;
    const board = 0.55 * bell(v - y - 0.085, 0.014) * (1 - floor);
    r = mix(r, WOOD[0], board);
    g = mix(g, WOOD[1], board);
    b = mix(b, WOOD[2], board);
    const lamp = 0.5 * bell(v - y + 0.055, 0.045) * (0.6 + 0.4 * Math.cos((u + shift) * 9)) * (1 - floor);
    r = mix(r, GLOW[0] * 1.05, lamp);
    g = mix(g, GLOW[1] * 1.05, lamp);
    b = mix(b, GLOW[2] * 1.05, lamp);
    for (let i = -1; i < 7; i++) {
      const x = (i + 0.5 + 0.3 * (hash2(seed + row, i + 9) - 0.5)) / 6 + shift * 0.2;
      const frame = 0.3 * bell(u - x, 0.032) * bell(v - y - 0.05, 0.02) * hash2(seed + 3 * row, i + 40);
      const tone = hash2(seed + row, i + 70);
      r = mix(r, mix(0.08, 0.3, tone), frame);
      g = mix(g, mix(0.07, 0.2, tone), frame);
      b = mix(b, mix(0.07, 0.15, tone), frame);
    }
  }
  const fall = 0.92 - 0.25 * Math.hypot(u - 0.45, v - 0.35);
  return [r * fall, g * fall, b * fall];
}
