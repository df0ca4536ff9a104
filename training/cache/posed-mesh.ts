import { ARCFACE_TEMPLATE } from '@rounz/core/face/align.ts';
import { type FivePoints, MESH_POINTS } from '@rounz/core/face/face.ts';
import { applySimilarity, fitSimilarity, type PlanePoint } from '@rounz/core/face/transform.ts';
import { CACHED_CROP } from './aligned-set.ts';
import { sampleMesh } from './sample-mesh.ts';

/** The head as an upright cylinder, for turning a flat mesh; pixels of the 144x144 crop. */
const CYLINDER = { x: CACHED_CROP.side / 2, radius: 52, noseOut: 10 } as const;

const TEMPLATE = ARCFACE_TEMPLATE.points.map(({ x, y }) => ({
  x: x + CACHED_CROP.margin,
  y: y + CACHED_CROP.margin,
}));

/**
 * A mesh for a face of which five points are known alone: the average face on a cylinder, turned and laid over them. Good
 * enough to draw an accessory on, not to measure.
 *
 * @param turn how far the head is turned, radians, at least 0; to which side follows from the nose
 * @returns mesh: 468 x 3 in the points' pixels, z 0; yaw and roll in core's signs
 */
export function meshOfPoints(
  points: FivePoints,
  turn: number,
): { mesh: Float32Array; yaw: number; roll: number } {
  const [right, left, nose] = points;
  const middle = { x: (right.x + left.x) / 2, y: (right.y + left.y) / 2 };
  const roll = Math.atan2(left.y - right.y, Math.max(1e-6, left.x - right.x)) * Math.cos(turn);
  const across = (nose.x - middle.x) * Math.cos(roll) + (nose.y - middle.y) * Math.sin(roll);
  const yaw = across < 0 ? -turn : turn;
  const posed = (point: PlanePoint, out = 0): PlanePoint => {
    const dx = point.x - CYLINDER.x;
    const z = Math.sqrt(Math.max(0, CYLINDER.radius ** 2 - dx * dx)) + out;
    return { x: CYLINDER.x + dx * Math.cos(yaw) + z * Math.sin(yaw), y: point.y };
  };
  const fit = fitSimilarity(
    TEMPLATE.map((point, i) => posed(point, i === 2 ? CYLINDER.noseOut : 0)),
    points,
  );
  const flat = sampleMesh();
  const mesh = new Float32Array(MESH_POINTS * 3);
  for (let i = 0; i < MESH_POINTS; i++) {
    const { x, y } = applySimilarity(fit, posed({ x: flat[2 * i]!, y: flat[2 * i + 1]! }));
    mesh.set([x, y, 0], 3 * i);
  }
  return { mesh, yaw, roll };
}
