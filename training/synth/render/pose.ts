import type { Mesh } from '../mesh.ts';

/** Turn of the head in degrees: yaw to the picture's right, pitch upwards, roll clockwise as seen. */
export interface PoseDegrees {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

export const FACING: PoseDegrees = { yaw: 0, pitch: 0, roll: 0 };

/** The joint between skull and neck, in head space. */
const PIVOT = { y: -0.4, z: -0.1 } as const;

/** A mesh as it stands before the camera. */
export interface PosedMesh {
  readonly position: Float32Array;
  readonly normal: Float32Array;
  readonly tangent: Float32Array | null;
}

/** Turns a mesh; the share of the turn may differ from vertex to vertex (neck, long hair). */
export function poseMesh(mesh: Mesh, pose: PoseDegrees): PosedMesh {
  const n = mesh.position.length;
  const position = new Float32Array(n);
  const normal = new Float32Array(n);
  const tangent = mesh.tangent ? new Float32Array(n) : null;
  const matrices = new Map<number, Float64Array>();
  for (let i = 0; i < n; i += 3) {
    const share = mesh.follow ? Math.round(mesh.follow(mesh.position[i + 1]!) * 40) / 40 : 1;
    let m = matrices.get(share);
    if (!m) {
      m = rotation(pose, share);
      matrices.set(share, m);
    }
    turn(m, mesh.position, position, i, PIVOT.y, PIVOT.z);
    turn(m, mesh.normal, normal, i, 0, 0);
    if (tangent) turn(m, mesh.tangent!, tangent, i, 0, 0);
  }
  return { position, normal, tangent };
}

/** Turns one point of the head. */
export function turnPoint(point: Float32Array, pose: PoseDegrees): Float32Array {
  const turned = new Float32Array(3);
  turn(rotation(pose, 1), point, turned, 0, PIVOT.y, PIVOT.z);
  return turned;
}

/** Row-major 3x3: yaw about y, then pitch about x, then roll about z. */
function rotation(pose: PoseDegrees, share: number): Float64Array {
  const degree = (Math.PI / 180) * share;
  const ca = Math.cos(pose.yaw * degree);
  const sa = Math.sin(pose.yaw * degree);
  const cb = Math.cos(-pose.pitch * degree);
  const sb = Math.sin(-pose.pitch * degree);
  const cc = Math.cos(-pose.roll * degree);
  const sc = Math.sin(-pose.roll * degree);
  const yawPitch = [ca, 0, sa, sb * sa, cb, -sb * ca, -cb * sa, sb, cb * ca];
  const [a, b, c, d, e, f, g, h, i] = yawPitch as [
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
  return Float64Array.of(
    cc * a - sc * d,
    cc * b - sc * e,
    cc * c - sc * f,
    sc * a + cc * d,
    sc * b + cc * e,
    sc * c + cc * f,
    g,
    h,
    i,
  );
}

function turn(
  m: Float64Array,
  from: Float32Array,
  to: Float32Array,
  i: number,
  py: number,
  pz: number,
): void {
  const x = from[i]!;
  const y = from[i + 1]! - py;
  const z = from[i + 2]! - pz;
  to[i] = m[0]! * x + m[1]! * y + m[2]! * z;
  to[i + 1] = m[3]! * x + m[4]! * y + m[5]! * z + py;
  to[i + 2] = m[6]! * x + m[7]! * y + m[8]! * z + pz;
}
