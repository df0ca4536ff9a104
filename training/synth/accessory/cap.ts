import type { Head } from '../head/head.ts';
import { fromSrgb, mix, type Rgb, smooth, type Vec3 } from '../math.ts';
import { gridMesh, type Mesh } from '../mesh.ts';
import type { Identity } from '../person/identity.ts';

export const CAP_COLOURS: readonly Rgb[] = [
  fromSrgb(40, 46, 62),
  fromSrgb(214, 202, 180),
  fromSrgb(44, 44, 46),
  fromSrgb(120, 52, 52),
  fromSrgb(92, 104, 88),
];

/** A baseball cap: its edge lies in a plane that falls to the back. Units. */
const CAP = {
  edge: 0.37,
  slope: 0.1,
  room: 0.075,
  top: 1.36,
  brim: 0.6,
  brimHalf: 1.02,
  fall: 0.17,
  arch: 0.17,
} as const;

/** Height of the cap's edge over a point: hair above it is under the cap. */
export const capEdge = (z: number): number => CAP.edge + CAP.slope * z;

function edgePoint(head: Head, angle: number): Vec3 {
  const c = head.radius.centre;
  let y: number = CAP.edge;
  let p: Vec3 = [0, y, 0];
  for (let i = 0; i < 5; i++) {
    // horizontal distance to the skin at height y
    let r = 0.9;
    for (let k = 0; k < 6; k++) {
      const x = c[0] + Math.sin(angle) * r;
      const z = c[2] + Math.cos(angle) * r;
      r *= head.radius.towards(x, y, z) / Math.hypot(x - c[0], y - c[1], z - c[2]);
    }
    r += CAP.room;
    p = [c[0] + Math.sin(angle) * r, y, c[2] + Math.cos(angle) * r];
    y = capEdge(p[2]);
  }
  return p;
}

/** Crown and brim. */
export function buildCap(_identity: Identity, head: Head, variant: number): Mesh[] {
  const tag = variant;
  const crown = gridMesh(
    81,
    28,
    (u, v) => {
      const a = (u * 2 - 1) * Math.PI;
      const e = edgePoint(head, a);
      const rise = Math.sin((v * Math.PI) / 2);
      const shrink = Math.cos((v * Math.PI) / 2) ** 0.72 * (1 + 0.05 * Math.sin(v * Math.PI));
      const z0 = mix(e[2], -0.06, rise * 0.3);
      return [e[0] * shrink, mix(e[1], CAP.top, rise), mix(-0.06, z0, shrink), a, v];
    },
    { material: 'cap', wrap: true, tag },
  );
  const brim = gridMesh(
    49,
    16,
    (u, v) => {
      const a = (u * 2 - 1) * CAP.brimHalf;
      const e = edgePoint(head, a);
      const reach = CAP.brim * Math.max(0, 1 - (a / CAP.brimHalf) ** 2) ** 0.45 * v;
      const sag = CAP.arch * (e[0] / 0.7) ** 2 * smooth(0, 0.35, v);
      return [e[0] * (1 + 0.06 * v), e[1] + 0.025 - CAP.fall * v - sag, e[2] - 0.03 + reach, a, 2 + v];
    },
    { material: 'cap', tag },
  );
  return [crown, brim];
}
