import { MESH_POINTS } from './face.ts';
import { MESH, meshCentre } from './landmarks.ts';
import { applySimilarity, type PlanePoint, type Similarity, scaleOf } from './transform.ts';

/** Facemesh (Kartynnik et al. 2019, arXiv 1907.06724): 468 points from an upright square crop around one face. */
export const FACEMESH = {
  /** pixels, both sides of the input */
  inputSize: 192,
  /** input value = byte * gain, so 0..1 */
  gain: 1 / 255,
  /** outputs: 468 * 3 values in pixels of the input; the confidence (a sigmoid already) that a face is there */
  mesh: 'Identity_2:0',
  flag: 'Identity_1:0',
} as const;

/**
 * The square to crop for facemesh, as the map from its 192x192 pixels to the picture: centred at `centre`, `side`
 * picture pixels wide, its x axis along `right - left` so that the eyes come out level.
 */
export function meshSquare(
  centre: PlanePoint,
  side: number,
  rightEye: PlanePoint,
  leftEye: PlanePoint,
): Similarity {
  const dx = leftEye.x - rightEye.x;
  const dy = leftEye.y - rightEye.y;
  const length = Math.hypot(dx, dy) || 1;
  const scale = side / FACEMESH.inputSize;
  const a = (scale * dx) / length;
  const b = (scale * dy) / length;
  const half = FACEMESH.inputSize / 2;
  return { a, b, tx: centre.x - (a - b) * half, ty: centre.y - (b + a) * half };
}

/**
 * The square for the next pass or the next frame: the mesh's bounding box in the frame of its eyes, `margin` times its
 * longer side.
 */
export function squareAroundMesh(mesh: Float32Array, margin: number): Similarity {
  const rightEye = meshCentre(mesh, MESH.rightEye);
  const leftEye = meshCentre(mesh, MESH.leftEye);
  const length = Math.hypot(leftEye.x - rightEye.x, leftEye.y - rightEye.y) || 1;
  const ux = (leftEye.x - rightEye.x) / length;
  const uy = (leftEye.y - rightEye.y) / length;
  const along = rangeOf(mesh, ux, uy);
  const across = rangeOf(mesh, -uy, ux);
  const centre = {
    x: along.middle * ux - across.middle * uy,
    y: along.middle * uy + across.middle * ux,
  };
  return meshSquare(centre, Math.max(along.size, across.size) * margin, rightEye, leftEye);
}

function rangeOf(mesh: Float32Array, dx: number, dy: number): { middle: number; size: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < mesh.length; i += 3) {
    const value = mesh[i]! * dx + mesh[i + 1]! * dy;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { middle: (low + high) / 2, size: high - low };
}

/** The network's points (192x192 crop) in the picture's pixels; z takes the scale alone. */
export function meshToPicture(raw: ArrayLike<number>, toPicture: Similarity): Float32Array {
  const scale = scaleOf(toPicture);
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < mesh.length; i += 3) {
    const point = applySimilarity(toPicture, { x: raw[i]!, y: raw[i + 1]! });
    mesh[i] = point.x;
    mesh[i + 1] = point.y;
    mesh[i + 2] = raw[i + 2]! * scale;
  }
  return mesh;
}
