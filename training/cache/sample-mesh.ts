import { MESH_POINTS } from '@rounz/core/face/face.ts';

/**
 * A symmetrical frontal face for tests and benchmarks, set out by hand on ArcFace's template in the 144x144 crop: only
 * the points of MediaPipe's mesh that drawing reads, the others lie in its middle. No photograph is behind it.
 */
const MIDLINE: readonly (readonly [index: number, y: number])[] = [
  [10, 38],
  [9, 57],
  [168, 66],
  [6, 71],
  [197, 75],
  [195, 79],
  [4, 88],
  [2, 95],
  [0, 103],
  [17, 114],
  [152, 132],
];
/** Point on the wearer's right, its mirror on the left, and the former's place. */
const PAIRS: readonly (readonly [right: number, left: number, x: number, y: number])[] = [
  [33, 263, 46, 68],
  [133, 362, 62, 69],
  [127, 356, 33, 69],
  [234, 454, 33, 78],
  [117, 346, 42, 77],
  [116, 345, 37, 77],
  [93, 323, 34, 86],
  [132, 361, 35, 95],
  [58, 288, 38, 104],
  [172, 397, 42, 112],
  [136, 365, 46, 117],
  [150, 379, 51, 122],
  [149, 378, 56, 126],
  [176, 400, 61, 129],
  [148, 377, 66, 131],
  [61, 291, 57, 106],
  [50, 280, 45, 86],
  [129, 358, 62, 91],
  [162, 389, 34, 61],
  [21, 251, 35, 54],
  [54, 284, 39, 48],
  [103, 332, 44, 43],
  [67, 297, 52, 40],
  [109, 338, 61, 38],
];
const MIDDLE = { x: 72, y: 85 } as const;

/** 468 x 2, pixels of the crop. */
export function sampleMesh(): Float32Array {
  const mesh = Float32Array.from({ length: MESH_POINTS * 2 }, (_, i) => (i % 2 === 0 ? MIDDLE.x : MIDDLE.y));
  const put = (index: number, x: number, y: number) => mesh.set([x, y], index * 2);
  for (const [index, y] of MIDLINE) put(index, MIDDLE.x, y);
  for (const [right, left, x, y] of PAIRS) {
    put(right, x, y);
    put(left, 2 * MIDDLE.x - x, y);
  }
  return mesh;
}
