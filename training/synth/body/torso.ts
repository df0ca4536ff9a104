import { clamp, mix, smooth, type Vec3 } from '../math.ts';
import { gridMesh, type Mesh, tubeMesh } from '../mesh.ts';
import type { ClothesKind } from '../person/clothes.ts';
import type { Identity } from '../person/identity.ts';

/** Where the neck begins inside the head and where the picture's person is cut off, in units. */
export const TORSO = { top: -0.55, bottom: -3.1, neckZ: -0.1, neckBase: -1.42 } as const;

/** Lowest point of the neckline in front and its height at the sides. */
const NECKLINE: Readonly<Record<ClothesKind, { front: number; side: number; thickness: number }>> = {
  crew: { front: -1.66, side: -1.5, thickness: 0.035 },
  vneck: { front: -2.05, side: -1.48, thickness: 0.035 },
  turtleneck: { front: -1.24, side: -1.2, thickness: 0.06 },
  hoodie: { front: -1.62, side: -1.46, thickness: 0.06 },
  shirt: { front: -1.72, side: -1.46, thickness: 0.04 },
};

/** Height of the clothes' edge at a point of the body. */
export function necklineAt(kind: ClothesKind, x: number, z: number): number {
  const { front, side } = NECKLINE[kind];
  const ahead = smooth(-0.3, 0.42, z);
  if (kind === 'vneck' || kind === 'shirt') return mix(side, front, clamp(1 - Math.abs(x) / 0.5) * ahead);
  return mix(side, front, ahead * clamp(1 - (x / 0.9) ** 2));
}

/** Half-width, depth to the front and to the back of the body at height y. */
function section(
  shape: Identity['shape'],
  y: number,
): readonly [w: number, front: number, back: number, power: number] {
  const neck = shape.neckWidth;
  const slope = smooth(-1.05, -1.75, y);
  const shoulder = smooth(-1.5, -2.02, y);
  const flare = slope * 0.36 + 0.64 * Math.sqrt(clamp((-1.5 - y) / 0.55)) * shoulder;
  const w = mix(neck, shape.shoulder, clamp(flare)) + 0.05 * smooth(-0.95, -0.6, y);
  const front = mix(neck * 0.9, 0.78, smooth(-1.3, -2.4, y)) - 0.06 * smooth(-1.25, -0.7, y);
  const back = mix(neck * 1.05, 0.72, smooth(-1.1, -2, y));
  return [w, front, back, mix(2, 2.5, shoulder)];
}

function torsoPoint(
  identity: Identity,
  u: number,
  y: number,
  offset: number,
): readonly [x: number, y: number, z: number, a: number] {
  const a = (u * 2 - 1) * Math.PI;
  const [w, front, back, power] = section(identity.shape, y);
  const s = Math.abs(Math.sin(a));
  const c = Math.abs(Math.cos(a));
  const r = 1 / (s ** power + c ** power) ** (1 / power);
  const x = (w + offset) * Math.sin(a) * r;
  const depth = (Math.cos(a) > 0 ? front : back) + offset;
  // the collar bones and the chest lie before the neck
  const lean = 0.2 * smooth(-1.3, -2.2, y) * (Math.cos(a) > 0 ? 1 : 0.2);
  return [x, y, TORSO.neckZ + lean * 0.3 + depth * Math.cos(a) * r, a];
}

/** Share of the head's turn that the neck follows at height y: the head above, still shoulders below. */
export const neckFollow = (y: number): number => mix(0.06, 1, smooth(-1.6, -0.75, y));

/** Neck, shoulders and clothes. */
export function buildTorso(identity: Identity): Mesh[] {
  const { kind } = identity.clothes;
  const { thickness } = NECKLINE[kind];
  const rows = 130;
  const body = gridMesh(
    121,
    rows,
    (u, v) => {
      const y = mix(TORSO.bottom, TORSO.top, v);
      const p = torsoPoint(identity, u, y, 0);
      const edge = necklineAt(kind, p[0], p[2]);
      const cloth = smooth(edge + 0.012, edge - 0.012, y);
      const q = torsoPoint(identity, u, y, cloth * thickness);
      return [q[0], q[1], q[2], edge - y, p[3]];
    },
    { material: 'body', wrap: true, follow: neckFollow },
  );
  const parts = [body];
  if (kind !== 'vneck') parts.push(collar(identity));
  return parts;
}

/** A rolled edge along the neckline: a rib for a shirt or jumper, a thick roll for a hood. */
function collar(identity: Identity): Mesh {
  const { kind } = identity.clothes;
  const lift = NECKLINE[kind].thickness * 0.8;
  const path: Vec3[] = [];
  for (let i = 0; i <= 60; i++) {
    const u = i / 60;
    let y = -1.5;
    let p = torsoPoint(identity, u, y, lift);
    for (let k = 0; k < 8; k++) {
      y = mix(y, necklineAt(kind, p[0], p[2]), 0.7);
      p = torsoPoint(identity, u, y, lift);
    }
    path.push([p[0], p[1], p[2]]);
  }
  const radius = { crew: 0.042, turtleneck: 0.05, hoodie: 0.12, shirt: 0.05, vneck: 0.03 }[kind];
  return tubeMesh(path, radius, { material: 'collar', follow: neckFollow, closed: true, flip: true });
}

/** Moves a point that lies within the torso before or behind it. */
export function pushOutOfTorso(identity: Identity, p: Vec3, margin: number): Vec3 {
  const [x, y, z] = p;
  if (y > -1.0 || y < TORSO.bottom) return p;
  const [w, front, back, power] = section(identity.shape, y);
  const q = Math.abs(x) / (w + margin);
  if (q >= 1) return p;
  const centre = TORSO.neckZ + 0.06 * smooth(-1.3, -2.2, y);
  // what hangs before the neck would look like a beard: only hair beside the neck falls to the front
  const ahead = z > centre - 0.02 && Math.abs(x) > 0.42;
  const depth = ((ahead ? front : back) + margin + 0.04) * (1 - q ** power) ** (1 / power);
  if (ahead && z < centre + depth) return [x, y, centre + depth];
  if (!ahead && z > centre - depth) return [x, y, centre - depth];
  return p;
}
