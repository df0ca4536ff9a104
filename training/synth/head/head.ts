import { clamp, smooth, type Vec3 } from '../math.ts';
import { gridIndex, gridNormals, type Mesh } from '../mesh.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { type Field, headField, type Landmarks, landmarksOf, relief } from './field.ts';
import { RadiusMap } from './radius.ts';

/** Resolution of the head's mesh; columns around, rows from bottom to top. */
export const HEAD_MESH = { columns: 201, rows: 181 } as const;

/** The point from which every part of the head's surface can be seen. */
export const HEAD_CENTRE: Vec3 = [0, -0.05, 0.05];

/** A modelled head: its mesh and what hair, glasses and masks need to lie on it. */
export interface Head {
  readonly mesh: Mesh;
  readonly field: Field;
  readonly marks: Landmarks;
  /** distance from `HEAD_CENTRE` to the skin in a direction */
  readonly radius: RadiusMap;
  /** z of the foremost skin at a point of the front */
  frontZ(x: number, y: number): number;
}

/** Longitude, dense around the face: -PI..PI for u in 0..1. */
const longitude = (u: number): number => {
  const s = u * 2 - 1;
  return Math.PI * s * (0.38 + 0.62 * s * s);
};
/** Latitude, dense between chin and brows. */
const latitude = (v: number): number => {
  const s = v * 2 - 1;
  return (Math.PI / 2) * clamp(s * (0.72 + 0.28 * s * s) - 0.1 * (1 - s * s), -1, 1);
};

/** Radius at which a ray from the centre leaves the field, from a guess that is close. */
function leave(field: Field, dx: number, dy: number, dz: number, guess: number): number {
  let r = guess;
  for (let i = 0; i < 12; i++) {
    const d = field(HEAD_CENTRE[0] + dx * r, HEAD_CENTRE[1] + dy * r, HEAD_CENTRE[2] + dz * r);
    r -= d * 0.9;
    if (Math.abs(d) < 0.0015) break;
  }
  return r;
}

/** Models the head of a person with an expression. About 100 ms; callers cache it. */
export function buildHead(identity: Identity, expression: Expression): Head {
  const { shape } = identity;
  const field = headField(shape, expression);
  const bump = relief(shape, expression);
  const { columns, rows } = HEAD_MESH;
  const position = new Float32Array(columns * rows * 3);
  const attribute = new Float32Array(columns * rows * 3);
  const half = (columns - 1) / 2;
  for (let j = 0; j < rows; j++) {
    const lat = latitude(j / (rows - 1));
    let guess = 1.1;
    // the field is symmetric: march the right half, write both
    for (let i = half; i < columns; i++) {
      const lon = longitude(i / (columns - 1));
      const dx = Math.sin(lon) * Math.cos(lat);
      const dy = Math.sin(lat);
      const dz = Math.cos(lon) * Math.cos(lat);
      guess = leave(field, dx, dy, dz, guess);
      const x = HEAD_CENTRE[0] + dx * guess;
      const y = HEAD_CENTRE[1] + dy * guess;
      let z = HEAD_CENTRE[2] + dz * guess;
      const front = smooth(0.35, 0.7, z);
      if (front > 0) z += front * bump(x, y);
      const warp = shape.asymmetry * front;
      for (const side of i === half ? [1] : [1, -1]) {
        const n = (j * columns + (side > 0 ? i : columns - 1 - i)) * 3;
        position.set([side * x + warp * 0.4, y + side * warp * x, z], n);
        attribute.set([lon * side, lat, guess], n);
      }
    }
  }
  const index = gridIndex(columns, rows);
  const normal = gridNormals(position, columns, rows, true, false);
  const frontZ = (x: number, y: number): number => {
    let z = 1.4;
    for (let i = 0; i < 40; i++) {
      const d = field(x, y, z);
      if (d < 0.002) break;
      z -= d * 0.9;
      if (z < -0.6) break;
    }
    return z + Math.max(0, bump(x, y)) * smooth(0.35, 0.7, z);
  };
  return {
    mesh: { material: 'skin', position, normal, attribute, index },
    field,
    marks: landmarksOf(shape, expression),
    radius: new RadiusMap(HEAD_CENTRE, position),
    frontZ,
  };
}
