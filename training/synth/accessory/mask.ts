import type { Head } from '../head/head.ts';
import { clamp, mix, type Vec3 } from '../math.ts';
import { gridMesh, type Mesh, tubeMesh } from '../mesh.ts';
import type { Identity } from '../person/identity.ts';

/** Units. `sideZ`: the mask ends where the cheek falls back to this depth. */
const MASK = {
  offset: 0.028,
  top: -0.1,
  sideTop: -0.32,
  sideBottom: -0.72,
  sideZ: 0.3,
  below: 0.03,
  cells: 44,
} as const;

/** A mask: cloth stretched from the bridge of the nose over cheeks and chin, and its loops. */
export function buildMask(identity: Identity, head: Head, variant: number): Mesh[] {
  const { shape } = identity;
  const bottom = shape.chinY - MASK.below;
  const cloth = stretch(head, bottom);
  const edgeX = (y: number): number => {
    let x = 0.4;
    while (x < 0.75 && cloth(x, y) > MASK.sideZ) x += 0.01;
    return x;
  };
  const tag = variant;
  const sheet = gridMesh(
    71,
    51,
    (u, v) => {
      const s = u * 2 - 1;
      const q = s * s;
      const y = mix(mix(bottom, MASK.sideBottom, q ** 1.3), mix(MASK.top, MASK.sideTop, q ** 0.8), v);
      const x = edgeX(y) * Math.sin((s * Math.PI) / 2);
      return [x, y, cloth(x, y) + MASK.offset, s, v];
    },
    { material: 'mask', tag },
  );
  const loops = [-1, 1].flatMap((side) =>
    [0, 1].map((upper) => {
      const y = upper ? MASK.sideTop - 0.03 : MASK.sideBottom + 0.04;
      const from: Vec3 = [side * (edgeX(y) - 0.01), y, cloth(edgeX(y) - 0.01, y) + MASK.offset];
      const earX = head.radius.towards(side, -0.1, -0.06) + 0.03;
      const to: Vec3 = [side * earX, upper ? 0.1 : -0.36, -0.06];
      const path = Array.from({ length: 12 }, (_, i): Vec3 => {
        const t = i / 11;
        let x = Math.abs(mix(from[0], to[0], t));
        const py = mix(from[1], to[1], t);
        const z = mix(from[2], to[2], t);
        while (x < 1 && head.field(x, py, z) < 0.015) x += 0.008;
        return [side * x, py, z];
      });
      return tubeMesh(path, 0.011, { material: 'strap', tag });
    }),
  );
  return [sheet, ...loops];
}

/** Upper concave envelope of samples: a thread pulled tight over them. */
function tighten(values: Float32Array, start: number, stride: number, count: number): void {
  const hull: number[] = [];
  for (let i = 0; i < count; i++) {
    while (hull.length > 1) {
      const a = hull.at(-2)!;
      const b = hull.at(-1)!;
      const va = values[start + a * stride]!;
      const vb = values[start + b * stride]!;
      if ((vb - va) * (i - a) > (values[start + i * stride]! - va) * (b - a)) break;
      hull.pop();
    }
    hull.push(i);
  }
  for (let h = 0; h + 1 < hull.length; h++) {
    const a = hull[h]!;
    const b = hull[h + 1]!;
    const va = values[start + a * stride]!;
    const vb = values[start + b * stride]!;
    for (let i = a + 1; i < b; i++) values[start + i * stride] = mix(va, vb, (i - a) / (b - a));
  }
}

/** Height field of cloth pulled tight over the lower face, across and then down. */
function stretch(head: Head, bottom: number): (x: number, y: number) => number {
  const n = MASK.cells;
  const half = 0.8;
  const values = new Float32Array((n + 1) * (n + 1));
  const yOf = (j: number): number => mix(bottom, MASK.top, j / n);
  for (let j = 0; j <= n; j++) {
    for (let i = 0; i <= n; i++)
      values[j * (n + 1) + i] = Math.max(-0.6, head.frontZ(((i / n) * 2 - 1) * half, yOf(j)));
  }
  for (let j = 0; j <= n; j++) tighten(values, j * (n + 1), 1, n + 1);
  for (let i = 0; i <= n; i++) tighten(values, i, n + 1, n + 1);
  return (x, y) => {
    const u = clamp((x / half + 1) / 2) * n;
    const v = clamp((y - bottom) / (MASK.top - bottom)) * n;
    const i = Math.min(n - 1, Math.floor(u));
    const j = Math.min(n - 1, Math.floor(v));
    const at = (a: number, b: number): number => values[b * (n + 1) + a]!;
    const low = mix(at(i, j), at(i + 1, j), u - i);
    return mix(low, mix(at(i, j + 1), at(i + 1, j + 1), u - i), v - j);
  };
}
