import { imagePoint } from '../units.ts';
import type { FivePoints } from './face.ts';
import type { PlanePoint } from './transform.ts';

/** Indices into the face mesh's 468 points; the topology is MediaPipe's (canonical face model). */
export const MESH = {
  /** contour of the subject's right eye, 16 points from the outer corner along the lower lid and back */
  rightEye: [33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246],
  leftEye: [263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466],
  noseTip: 1,
  rightMouth: 61,
  leftMouth: 291,
  /** outline of the face from the forehead's middle, towards the subject's left */
  oval: [
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176,
    149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
  ],
  /** six points for each eye in the order of the eye aspect ratio: corner, two above, corner, two below */
  rightAspect: [33, 160, 158, 133, 153, 144],
  leftAspect: [362, 385, 387, 263, 373, 380],
} as const;

/** Mean position of some points of a mesh (`n * 3` values). */
export function meshCentre(mesh: Float32Array, indices: readonly number[]): { x: number; y: number } {
  let x = 0;
  let y = 0;
  for (const index of indices) {
    x += mesh[index * 3]!;
    y += mesh[index * 3 + 1]!;
  }
  return { x: x / indices.length, y: y / indices.length };
}

/** The five points of ArcFace's template from a mesh in the picture's pixels; an eye is its contour's mean. */
export function fivePointsOfMesh(mesh: Float32Array): FivePoints {
  const at = (index: number) => imagePoint(mesh[index * 3]!, mesh[index * 3 + 1]!);
  const rightEye = meshCentre(mesh, MESH.rightEye);
  const leftEye = meshCentre(mesh, MESH.leftEye);
  return [
    imagePoint(rightEye.x, rightEye.y),
    imagePoint(leftEye.x, leftEye.y),
    at(MESH.noseTip),
    at(MESH.rightMouth),
    at(MESH.leftMouth),
  ];
}

/** Half the mouth's width over the distance between the eyes, in ArcFace's template. */
const HALF_MOUTH = 0.414;

/**
 * The five points from blazeface's six (right eye, left eye, nose, mouth's middle, right ear, left ear, in the picture's
 * pixels): the mouth's corners lie beside its middle, along the line of the eyes.
 */
export function fivePointsOfKeypoints(keypoints: readonly PlanePoint[]): FivePoints {
  const [rightEye, leftEye, nose, mouth] = keypoints;
  if (!rightEye || !leftEye || !nose || !mouth)
    throw new RangeError(`Blazeface gives six keypoints; got ${keypoints.length}.`);
  const dx = (leftEye.x - rightEye.x) * HALF_MOUTH;
  const dy = (leftEye.y - rightEye.y) * HALF_MOUTH;
  return [
    imagePoint(rightEye.x, rightEye.y),
    imagePoint(leftEye.x, leftEye.y),
    imagePoint(nose.x, nose.y),
    imagePoint(mouth.x - dx, mouth.y - dy),
    imagePoint(mouth.x + dx, mouth.y + dy),
  ];
}

/** Distance between the eye centres, in the points' pixels. */
export const interEyeDistance = ([right, left]: FivePoints): number =>
  Math.hypot(left.x - right.x, left.y - right.y);
