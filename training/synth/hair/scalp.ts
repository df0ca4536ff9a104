import { bell, mix, smooth } from '../math.ts';
import { noise } from '../noise.ts';
import { CUTS, type Cut } from '../person/hair-cuts.ts';
import type { Identity } from '../person/identity.ts';

/** Edge of the hair: height above the eyes' line (units) by angle from the front (radians, 0..PI). The entry at 0 is
 * replaced by the person's own hairline. */
const EDGE: readonly (readonly [angle: number, y: number])[] = [
  [0, 0.66],
  [0.45, 0.62],
  [0.72, 0.44],
  [0.98, 0.2],
  [1.18, -0.06],
  [1.36, -0.12],
  [1.52, 0.1],
  [1.75, -0.1],
  [2.05, -0.55],
  [2.5, -0.78],
  [Math.PI, -0.82],
];

/** How much hair grows at a point of the head's skin, 0..1. */
export type ScalpMask = (x: number, y: number, z: number) => number;

export const cutOf = (identity: Identity): Cut => CUTS[identity.hair.cut];

/** Angle from the front, around a vertical axis through the skull. */
export const azimuth = (x: number, z: number): number => Math.atan2(Math.abs(x), z + 0.1);

/** Height above (positive) or below the hair's edge. */
export function aboveEdge(identity: Identity): (x: number, y: number, z: number) => number {
  const cut = cutOf(identity);
  const lift = identity.shape.hairline - EDGE[0]![1];
  const { seed } = identity;
  return (x, y, z) => {
    const a = azimuth(x, z);
    let i = 1;
    while (i < EDGE.length - 1 && a > EDGE[i]![0]) i++;
    const [a0, y0] = EDGE[i - 1]!;
    const [a1, y1] = EDGE[i]!;
    const edge = mix(y0, y1, smooth(a0, a1, a) * 0.4 + ((a - a0) / (a1 - a0)) * 0.6);
    const forehead = smooth(0.8, 0.3, a);
    const corner = cut.recede * (0.35 + 0.9 * bell(a - 0.42, 0.22));
    const rough = 0.035 * (noise(x * 11 + (seed % 53), y * 11, z * 11) - 0.5);
    return y - edge - forehead * lift - corner * smooth(1, 0.6, a) + rough;
  };
}

export function createScalpMask(identity: Identity): ScalpMask {
  const above = aboveEdge(identity);
  // a shaved head shows its edge, so it fades out; elsewhere locks hide it
  const fade = identity.hair.cut === 'buzz' ? 0.12 : 0.05;
  return (x, y, z) => smooth(-0.03, fade, above(x, y, z));
}
