import { dot } from '../math/vector.ts';
import { radians } from '../units.ts';
import type { Pose } from './face.ts';

/**
 * Points of the skull rather than of its muscles (nose, eye corners, forehead, temples, cheekbones), from MediaPipe's
 * canonical face model (google/mediapipe, `face_geometry/data/canonical_face_model.obj`, Apache-2.0), in centimetres:
 * x to the subject's left, y up, z forward. Pairs differ by the sign of x.
 */
const RIGID_MIDLINE: readonly (readonly [index: number, y: number, z: number])[] = [
  [1, -1.126865, 7.475604],
  [4, -0.46317, 7.58658],
  [5, 0.365669, 7.24287],
  [195, 1.059413, 6.774605],
  [197, 1.728369, 6.31675],
  [6, 2.473255, 5.788627],
  [168, 3.271027, 5.236015],
  [2, -2.089024, 6.058267],
  [9, 4.885979, 5.385258],
  [151, 6.54539, 5.027311],
  [10, 8.261778, 4.481535],
];
const RIGID_PAIRS: readonly (readonly [right: number, left: number, x: number, y: number, z: number])[] = [
  [33, 263, 4.445859, 2.663991, 3.173422],
  [133, 362, 1.856432, 2.585245, 3.757904],
  [98, 327, 1.405627, -1.714196, 5.241087],
  [48, 278, 1.608635, -0.942516, 5.814193],
  [108, 337, 1.6195, 6.599217, 4.921106],
  [69, 299, 3.063932, 6.566144, 4.52999],
  [54, 284, 6.279331, 6.615427, 1.42585],
  [162, 389, 7.555811, 4.106811, -0.991917],
  [127, 356, 7.743095, 2.364999, -2.005167],
  [234, 454, 7.664182, 0.673132, -2.435867],
  [116, 345, 6.46517, 0.937119, 1.689873],
  [117, 346, 5.258659, 0.945811, 2.974312],
];

/** Index and position (x right, y down, z away, as a camera sees an upright frontal head), centred. */
export const RIGID_POINTS = centre([
  ...RIGID_MIDLINE.map(([index, y, z]) => ({ index, at: [0, -y, -z] })),
  ...RIGID_PAIRS.flatMap(([right, left, x, y, z]) => [
    { index: right, at: [-x, -y, -z] },
    { index: left, at: [x, -y, -z] },
  ]),
]);

type Vector = readonly [number, number, number];
interface RigidPoint {
  readonly index: number;
  readonly at: Vector;
}

function centre(points: { index: number; at: number[] }[]): RigidPoint[] {
  const mean = [0, 1, 2].map((axis) => points.reduce((sum, { at }) => sum + at[axis]!, 0) / points.length);
  return points.map(({ index, at }) => ({
    index,
    at: [at[0]! - mean[0]!, at[1]! - mean[1]!, at[2]! - mean[2]!],
  }));
}

/** Inverse of the rigid points' second moments; fixed, for the points are. */
const MOMENTS_INVERSE = invertSymmetric(moments());

function moments(): number[] {
  const sums = new Array<number>(9).fill(0);
  for (const { at } of RIGID_POINTS)
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) sums[3 * i + j]! += at[i]! * at[j]!;
  return sums;
}

function invertSymmetric(m: readonly number[]): number[] {
  const [a, b, c, , e, f, , , i] = m as readonly [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const A = e * i - f * f;
  const B = c * f - b * i;
  const C = b * f - c * e;
  const determinant = a * A + b * B + c * C;
  const E = a * i - c * c;
  const F = b * c - a * f;
  const I = a * e - b * b;
  return [A, B, C, B, E, F, C, F, I].map((value) => value / determinant);
}

/**
 * Head pose by fitting the canonical skull to the mesh under scaled orthographic projection: least squares for the 2x3
 * affine map, then the nearest pair of orthonormal rows (polar decomposition). Only x and y are used, for the network's
 * z is compressed and reads yaw low. The head is nodded first, then turned, then rolled. `stride` is the number of
 * values for each point: 3 for a mesh in a picture, 2 for one in a crop.
 */
export function poseOfMesh(mesh: Float32Array, stride: 2 | 3 = 3): Pose {
  const [m1, m2] = affineRows(mesh, stride);
  const [r1, r2] = nearestOrthonormal(m1, m2);
  const r3 = cross(r1, r2);
  const roll = Math.atan2(r2[0], r1[0]);
  const yaw = Math.atan2(r3[0], Math.hypot(r1[0], r2[0]));
  const pitch = -Math.atan2(r3[1], r3[2]);
  return { yaw: radians(yaw), pitch: radians(pitch), roll: radians(roll) };
}

function affineRows(mesh: Float32Array, stride: number): [Vector, Vector] {
  const x = [0, 0, 0];
  const y = [0, 0, 0];
  for (const { index, at } of RIGID_POINTS)
    for (let axis = 0; axis < 3; axis++) {
      x[axis]! += mesh[index * stride]! * at[axis]!;
      y[axis]! += mesh[index * stride + 1]! * at[axis]!;
    }
  return [timesMomentsInverse(x), timesMomentsInverse(y)];
}

function timesMomentsInverse(v: readonly number[]): Vector {
  const k = MOMENTS_INVERSE;
  const row = (i: number) => k[3 * i]! * v[0]! + k[3 * i + 1]! * v[1]! + k[3 * i + 2]! * v[2]!;
  return [row(0), row(1), row(2)];
}

/** (M M^T)^(-1/2) M for the 2x3 matrix of two rows, by the closed form of a 2x2 matrix's square root. */
function nearestOrthonormal(m1: Vector, m2: Vector): [Vector, Vector] {
  const p = dot(m1, m1);
  const q = dot(m1, m2);
  const r = dot(m2, m2);
  const s = Math.sqrt(Math.max(p * r - q * q, 0));
  const t = Math.sqrt(p + r + 2 * s);
  const [a, b, c] = [(p + s) / t, q / t, (r + s) / t];
  const determinant = a * c - b * b;
  const mix = (k: number, l: number): Vector => [
    (k * m1[0] + l * m2[0]) / determinant,
    (k * m1[1] + l * m2[1]) / determinant,
    (k * m1[2] + l * m2[2]) / determinant,
  ];
  return [mix(c, -b), mix(-b, a)];
}

const cross = (p: Vector, q: Vector): Vector => [
  p[1] * q[2] - p[2] * q[1],
  p[2] * q[0] - p[0] * q[2],
  p[0] * q[1] - p[1] * q[0],
];
