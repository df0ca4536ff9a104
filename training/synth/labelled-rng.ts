import { type Draws, drawsOf, mulberry32, normalFrom } from '@rounz/core/math/random.ts';
import { clamp } from './math.ts';

/** A seeded stream whose forks have labels. Every draw takes from it, so that one figure's probability shifts no other. */
export interface LabelledRng extends Draws {
  /** normal, clipped to `limit` standard deviations; default 2 */
  normal(mean: number, deviation: number, limit?: number): number;
  /** an independent stream, the same for the same label */
  fork(label: number): LabelledRng;
}

/** 32 bits of state are enough for pictures. */
export function createLabelledRng(seed: number): LabelledRng {
  const next = mulberry32(Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b));
  for (let i = 0; i < 4; i++) next();
  return {
    ...drawsOf(next),
    chance: (probability) => next() < probability,
    normal: (mean, deviation, limit = 2) => mean + deviation * clamp(normalFrom(next), -limit, limit),
    fork: (label) =>
      createLabelledRng(Math.imul(seed + 0x51ed27, 0x2c1b3c6d) ^ Math.imul(label + 1, 0x297a2d39)),
  };
}
