import { clamp, type Vec3 } from './math.ts';

/** What a surface is made of: decides how it is painted. */
export type Material =
  | 'skin'
  | 'ear'
  | 'body'
  | 'hair'
  | 'frame'
  | 'lens'
  | 'cap'
  | 'mask'
  | 'strap'
  | 'collar';

/** How far a part follows the head: 1 the head, less for neck and body. */
export type Follow = number;

/** A triangle mesh at rest, in head space. */
export interface Mesh {
  readonly material: Material;
  /** xyz, `3 * vertices` */
  readonly position: Float32Array;
  /** unit normals, `3 * vertices` */
  readonly normal: Float32Array;
  /** three numbers a vertex, read by the material's painter */
  readonly attribute: Float32Array;
  /** strand direction of hair, `3 * vertices` */
  readonly tangent?: Float32Array;
  /** vertex indices, three a triangle */
  readonly index: Uint32Array;
  /** share of the head's rotation for a vertex at height y */
  readonly follow?: (y: number) => Follow;
  /** false where a point of the surface is cut away */
  readonly keep?: (x: number, y: number, z: number, a: number, b: number) => boolean;
  /** 0 opaque (default), 1 drawn over what lies behind it */
  readonly glass?: boolean;
  /** false: no shadow */
  readonly shadow?: boolean;
  /** free number for the painter: left or right lens, kind of frame */
  readonly tag?: number;
}

type MeshOptions = Omit<Mesh, 'position' | 'normal' | 'attribute' | 'index'> & {
  /** the surface closes on itself in u */
  readonly wrap?: boolean;
  /** turn the normals over */
  readonly flip?: boolean;
};

/** A point of a grid and up to three attributes. */
export type GridPoint = readonly [x: number, y: number, z: number, a?: number, b?: number, c?: number];

/**
 * Mesh of a surface over the unit square.
 * @param point called for `columns * rows` parameters, u and v from 0 to 1
 */
export function gridMesh(
  columns: number,
  rows: number,
  point: (u: number, v: number) => GridPoint,
  { wrap = false, flip = false, ...rest }: MeshOptions,
): Mesh {
  const count = columns * rows;
  const position = new Float32Array(count * 3);
  const attribute = new Float32Array(count * 3);
  for (let n = 0; n < count; n++) {
    const i = n % columns;
    const p = point(i / (columns - 1), (n - i) / columns / (rows - 1));
    position.set([p[0], p[1], p[2]], n * 3);
    attribute.set([p[3] ?? 0, p[4] ?? 0, p[5] ?? 0], n * 3);
  }
  const index = gridIndex(columns, rows);
  return { ...rest, position, attribute, index, normal: gridNormals(position, columns, rows, wrap, flip) };
}

/** Two triangles for each cell of a grid of vertices. */
export function gridIndex(columns: number, rows: number): Uint32Array {
  const index = new Uint32Array((columns - 1) * (rows - 1) * 6);
  let t = 0;
  for (let j = 0; j < rows - 1; j++) {
    for (let i = 0; i < columns - 1; i++) {
      const v = j * columns + i;
      index[t++] = v;
      index[t++] = v + 1;
      index[t++] = v + columns;
      index[t++] = v + 1;
      index[t++] = v + columns + 1;
      index[t++] = v + columns;
    }
  }
  return index;
}

/** Normals by central differences over the grid, which is smoother than averaging facets. */
export function gridNormals(
  p: Float32Array,
  columns: number,
  rows: number,
  wrap: boolean,
  flip: boolean,
): Float32Array {
  const normal = new Float32Array(p.length);
  const at = (i: number, j: number): number => {
    const column = wrap ? (i + columns - 1) % (columns - 1) : clamp(i, 0, columns - 1);
    return (clamp(j, 0, rows - 1) * columns + column) * 3;
  };
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const a = at(i + 1, j);
      const b = at(i - 1, j);
      const c = at(i, j + 1);
      const d = at(i, j - 1);
      const ux = p[a]! - p[b]!;
      const uy = p[a + 1]! - p[b + 1]!;
      const uz = p[a + 2]! - p[b + 2]!;
      const vx = p[c]! - p[d]!;
      const vy = p[c + 1]! - p[d + 1]!;
      const vz = p[c + 2]! - p[d + 2]!;
      const x = uy * vz - uz * vy;
      const y = uz * vx - ux * vz;
      const z = ux * vy - uy * vx;
      const scale = (flip ? -1 : 1) / (Math.hypot(x, y, z) || 1);
      const n = (j * columns + i) * 3;
      normal[n] = x * scale;
      normal[n + 1] = y * scale;
      normal[n + 2] = z * scale;
    }
  }
  return normal;
}

/** Tube of elliptic section along a path; `radius` across the picture and `depth` along its normal, in units. */
export function tubeMesh(
  path: readonly Vec3[],
  radius: number | ((t: number) => number),
  options: MeshOptions & { readonly depth?: number; readonly closed?: boolean },
): Mesh {
  const n = path.length;
  const { depth, closed = false, ...rest } = options;
  const point = (u: number, v: number): GridPoint => {
    const j = Math.round(v * (n - 1));
    const here = path[j]!;
    const after = path[closed ? (j + 1) % (n - 1) : Math.min(n - 1, j + 1)]!;
    const before = path[closed ? (j + n - 2) % (n - 1) : Math.max(0, j - 1)]!;
    let tx = after[0] - before[0];
    let ty = after[1] - before[1];
    let tz = after[2] - before[2];
    const length = Math.hypot(tx, ty, tz) || 1;
    tx /= length;
    ty /= length;
    tz /= length;
    const up: Vec3 = Math.abs(tz) > 0.8 ? [0, 1, 0] : [0, 0, 1];
    let bx = ty * up[2] - tz * up[1];
    let by = tz * up[0] - tx * up[2];
    let bz = tx * up[1] - ty * up[0];
    const bl = Math.hypot(bx, by, bz) || 1;
    bx /= bl;
    by /= bl;
    bz /= bl;
    const r = typeof radius === 'number' ? radius : radius(v);
    const c = Math.cos(u * 2 * Math.PI) * r;
    const s = Math.sin(u * 2 * Math.PI) * (depth ?? r);
    return [
      here[0] + c * bx + s * (by * tz - bz * ty),
      here[1] + c * by + s * (bz * tx - bx * tz),
      here[2] + c * bz + s * (bx * ty - by * tx),
      u,
      v,
    ];
  };
  return gridMesh(9, n, point, { wrap: true, ...rest });
}
