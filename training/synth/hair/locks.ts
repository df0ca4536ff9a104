import { pushOutOfTorso } from '../body/torso.ts';
import type { Head } from '../head/head.ts';
import { createLabelledRng, type LabelledRng } from '../labelled-rng.ts';
import { add, clamp, cross, dot, mix, normalise, smooth, sub, type Vec3 } from '../math.ts';
import type { Mesh } from '../mesh.ts';
import type { Cut, LockStyle } from '../person/hair-cuts.ts';
import type { Identity } from '../person/identity.ts';
import { aboveEdge, azimuth, cutOf } from './scalp.ts';

/** Numbers of the locks' model. */
export const LOCKS = {
  /** candidate roots over the whole sphere; about half lie on the scalp */
  roots: 900,
  /** steps along a lock and points across it */
  steps: 14,
  across: 3,
  /** units: highest a lock lies over the mass beneath it */
  layer: 0.05,
  /** factor on a style's gravity; and how fast a lock turns back to the head for each unit it stands off */
  fall: 2,
  hug: 26,
} as const;

/** Where hair turns: the whorl behind the top of the skull. */
const CROWN: Vec3 = [0, 1.1, -0.3];

interface Strand {
  readonly points: readonly Vec3[];
  readonly normals: readonly Vec3[];
  readonly width: number;
  readonly id: number;
}

/** Thickness of the closed mass of hair over the skin in a direction from the head's middle. */
export function shellThickness(cut: Cut, volume: number, y: number, z: number): number {
  const up = smooth(0.25, 0.85, y);
  const behind = smooth(0.2, -0.5, z);
  return volume * mix(mix(cut.shell.side, cut.shell.back, behind), cut.shell.top, up);
}

/** Grows every lock of a head as one mesh; null for cuts without locks. */
export function growLocks(identity: Identity, head: Head): Mesh | null {
  const cut = cutOf(identity);
  const rng = createLabelledRng(identity.hair.seed);
  const above = aboveEdge(identity);
  const strands: Strand[] = [];
  for (let i = 0; i < LOCKS.roots; i++) {
    // golden-angle spiral: even roots without a grid's rows
    const v = 1 - (2 * (i + 0.5)) / LOCKS.roots;
    const a = i * 2.399963 + rng.between(-0.06, 0.06);
    const ring = Math.sqrt(1 - v * v);
    const direction: Vec3 = [ring * Math.sin(a), v, ring * Math.cos(a)];
    const c = head.radius.centre;
    const r = head.radius.towards(c[0] + direction[0], c[1] + direction[1], c[2] + direction[2]);
    const root = add(c, direction, r);
    const height = above(root[0], root[1], root[2]);
    const style = styleAt(cut, root, height);
    const chosen = rng.chance(style.density);
    if (height < 0.015 || !chosen) {
      rng.next();
      continue;
    }
    strands.push(growStrand(identity, head, cut, style, root, height, rng.fork(i), i));
  }
  if (cut.tied !== 'none') strands.push(...tie(identity, cut, rng.fork(-7)));
  return strands.length === 0 ? null : ribbons(strands);
}

/** Which region of the cut a root belongs to. */
function styleAt(cut: Cut, [x, y, z]: Vec3, height: number): LockStyle {
  const a = azimuth(x, z);
  if (a < 0.85 && height < 0.3 && y > 0.4) return cut.fringe;
  if (y > 0.68) return cut.top;
  return a < 1.75 ? cut.side : cut.back;
}

function growStrand(
  identity: Identity,
  head: Head,
  cut: Cut,
  style: LockStyle,
  root: Vec3,
  height: number,
  rng: LabelledRng,
  id: number,
): Strand {
  const { hair } = identity;
  const out = (p: Vec3): Vec3 => normalise(sub(p, head.radius.centre));
  const partX = cut.part === null ? 0 : cut.part * hair.partSide;
  const sideSign = root[0] - partX + rng.between(-0.015, 0.015) >= 0 ? 1 : -1;
  const layer = rng.between(0, 1);
  const shell = shellThickness(cut, hair.volume, root[1], root[2]);
  const length = style.length * hair.length * rng.between(0.86, 1.06);
  let normal = out(root);
  // along the skin: straight above the whorl the way away from it would point into the air
  const away = sub(root, CROWN);
  const radial = normalise(add(away, normal, -dot(away, normal)));
  let heading = normalise([
    style.radial * radial[0] + style.aside * sideSign + rng.between(-0.12, 0.12),
    style.radial * radial[1] * 0.5 + style.lift * normal[1] + rng.between(-0.08, 0.08),
    style.radial * radial[2] + style.forward + style.lift * normal[2] * 0.5 + rng.between(-0.12, 0.12),
  ]);
  heading = normalise(add(heading, normal, -dot(heading, normal) * 0.85 + style.lift * 0.5));
  // at the hair's edge the mass is thin: a lock rises to its layer along its way, not at its root
  const start = shell * smooth(-0.02, 0.16, height) + layer * 0.02;
  let p = add(root, normal, start);
  const points: Vec3[] = [];
  const normals: Vec3[] = [];
  const step = length / (LOCKS.steps - 1);
  const phase = rng.between(0, 6.28);
  for (let k = 0; k < LOCKS.steps; k++) {
    const t = k / (LOCKS.steps - 1);
    const swing =
      Math.sin(t * length * style.waveRate * 6.28 + phase) *
      style.wave *
      hair.wave *
      smooth(0, 0.4, t * length);
    normal = out(p);
    const sideways = normalise(cross(heading, normal));
    points.push(add(add(p, sideways, swing), normal, swing * 0.4));
    normals.push(normal);
    p = add(p, heading, step);
    const over = mix(shell, 0.03, smooth(0.4, 1.3, t * length)) + layer * LOCKS.layer;
    const margin = mix(start, over, smooth(0, 0.3, t * length));
    const free = p;
    p = keepOut(p, head, identity, cut, margin);
    const pushed = Math.hypot(p[0] - free[0], p[1] - free[1], p[2] - free[2]) > 1e-6;
    const moved = normalise(sub(p, points[k]!));
    const follow = pushed ? 0.6 : 0.1;
    const loose = Math.max(0, heightOver(head, p) - margin - style.lift * 0.25);
    const hug = LOCKS.hug * loose * step * smooth(-1.1, -0.2, p[1]);
    heading = normalise([
      mix(heading[0], moved[0], follow) - hug * normal[0],
      mix(heading[1], moved[1], follow) - hug * normal[1] - style.gravity * LOCKS.fall * step,
      mix(heading[2], moved[2], follow) - hug * normal[2],
    ]);
  }
  return { points, normals, width: style.width * rng.between(0.75, 1.2), id };
}

const heightOver = (head: Head, [x, y, z]: Vec3): number => {
  const c = head.radius.centre;
  return Math.hypot(x - c[0], y - c[1], z - c[2]) - head.radius.towards(x, y, z);
};

/** Moves a point out of the head, the face's window and the shoulders. */
function keepOut(p: Vec3, head: Head, identity: Identity, cut: Cut, margin: number): Vec3 {
  const c = head.radius.centre;
  let [x, y, z] = p;
  // hanging hair leaves the face free
  if (z > 0.1 && y < 0.3) {
    const half = cut.window * smooth(-1.7, -0.5, y) * smooth(0.34, 0.05, y);
    if (Math.abs(x) < half && cut.fringe.length > 0.75) x = mix(x, Math.sign(x) * half, 0.5);
  }
  const d = Math.hypot(x - c[0], y - c[1], z - c[2]);
  const surface = head.radius.towards(x, y, z) + margin;
  if (d < surface) {
    const k = surface / (d || 1);
    x = c[0] + (x - c[0]) * k;
    y = c[1] + (y - c[1]) * k;
    z = c[2] + (z - c[2]) * k;
  }
  return pushOutOfTorso(identity, [x, y, z], 0.05);
}

/** Tail or bun: locks from a knot behind the crown. */
function tie(identity: Identity, cut: Cut, rng: LabelledRng): Strand[] {
  const knot: Vec3 = cut.tied === 'tail' ? [0, 0.72, -1.05] : [0, 1.16, -0.62];
  return Array.from({ length: cut.tied === 'tail' ? 36 : 44 }, (_, i) => {
    const points: Vec3[] = [];
    const normals: Vec3[] = [];
    const tilt = rng.between(0, 6.28);
    const lean = rng.between(-1, 1);
    for (let k = 0; k < LOCKS.steps; k++) {
      const t = k / (LOCKS.steps - 1);
      if (cut.tied === 'tail') {
        const spread = 0.16 * Math.sin(Math.min(1, t * 1.6) * Math.PI * 0.62);
        const offset: Vec3 = [
          Math.cos(tilt) * spread,
          Math.sin(tilt) * spread * 0.5,
          Math.sin(tilt) * spread,
        ];
        const spine: Vec3 = [
          0,
          0.12 * Math.sin(t * 4) - 1.75 * t * t * identity.hair.length,
          -0.3 * Math.sin(Math.min(1, t * 1.8) * 1.57),
        ];
        points.push(add(add(knot, spine), offset));
        normals.push(normalise(add(offset, [0, 0, -0.02])));
      } else {
        const a = t * 3.6 + tilt;
        const r = 0.27;
        const n: Vec3 = normalise([Math.cos(a), lean * 0.9, Math.sin(a)]);
        points.push(add(knot, [n[0] * r, n[1] * r * 0.8, n[2] * r]));
        normals.push(n);
      }
    }
    return { points, normals, width: 0.07, id: 5000 + i };
  });
}

/** Strips of three points across, rounded by their normals, narrow at the tip. */
function ribbons(strands: readonly Strand[]): Mesh {
  const { steps, across } = LOCKS;
  const each = steps * across;
  const position = new Float32Array(strands.length * each * 3);
  const normal = new Float32Array(position.length);
  const tangent = new Float32Array(position.length);
  const attribute = new Float32Array(position.length);
  const index = new Uint32Array(strands.length * (steps - 1) * (across - 1) * 6);
  let n = 0;
  let t = 0;
  for (const strand of strands) {
    const start = n / 3;
    for (let k = 0; k < steps; k++) {
      const along = normalise(
        sub(strand.points[Math.min(steps - 1, k + 1)]!, strand.points[Math.max(0, k - 1)]!),
      );
      const up = strand.normals[k]!;
      const side = normalise(cross(along, up));
      const f = k / (steps - 1);
      const width = strand.width * mix(0.75, 1, smooth(0, 0.3, f)) * (1 - 0.93 * clamp(f) ** 4);
      for (let a = 0; a < across; a++) {
        const s = a - 1;
        const q = add(add(strand.points[k]!, side, s * width), up, s === 0 ? width * 0.32 : 0);
        position.set(q, n);
        normal.set(normalise(add(up, side, s * 0.75)), n);
        tangent.set(along, n);
        attribute.set([s, f, strand.id], n);
        n += 3;
        if (k < steps - 1 && a < across - 1) {
          const v = start + k * across + a;
          index.set([v, v + 1, v + across, v + 1, v + across + 1, v + across], t);
          t += 6;
        }
      }
    }
  }
  return { material: 'hair', position, normal, tangent, attribute, index, follow: hairFollow };
}

/** Hair that lies on the shoulders stays with them. */
export const hairFollow = (y: number): number => mix(0.25, 1, smooth(-1.9, -0.8, y));
