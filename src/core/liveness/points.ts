/**
 * Points of the face mesh (MediaPipe's topology) by which a head is told from a picture of one. They move with the skull:
 * neither mouth nor lids nor brows. The nose stands out of the surface through the others.
 */
const SURFACE = [
  // corners of the eyes
  33, 133, 362, 263,
  // forehead
  9, 151, 108, 337, 69, 299, 54, 284,
  // temples and the places before the ears
  162, 389, 127, 356, 234, 454,
  // cheekbones and cheeks
  116, 345, 117, 346, 123, 352, 50, 280, 147, 376, 187, 411,
  // the jaw below the ears
  132, 361, 58, 288,
] as const;
const NOSE = [1, 4, 5, 195] as const;

/** Indices into the mesh, in the order in which a face's points are kept: the surface first, then the nose. */
const TAKEN = [...SURFACE, ...NOSE] as const;

/** How many of a face's points are the surface and how many the nose. */
export const POINT_COUNT = { surface: SURFACE.length, nose: NOSE.length } as const;

/** Places of the outer corners of both eyes among a face's points: the subject's right, left. */
export const EYE_CORNERS = [0, 3] as const;

/** Place of a point of the mesh among a face's points. */
const placeOf = (index: (typeof TAKEN)[number]): number => TAKEN.indexOf(index);

/** Places of both corners of the subject's right eye, and of the left one. */
export const EYES = [
  [placeOf(33), placeOf(133)],
  [placeOf(362), placeOf(263)],
] as const;

/** Places of pairs on both sides of the head before the ears, the subject's right and left: where a frame's arms begin. */
export const SIDES = [
  [placeOf(127), placeOf(356)],
  [placeOf(234), placeOf(454)],
] as const;

/** A face's points in one picture: x and y of each, pixels of the picture. */
export type FacePoints = Float32Array;

/** The points of a mesh. `mesh` has three values for each point. */
export const facePointsOf = (mesh: ArrayLike<number>): FacePoints =>
  Float32Array.from({ length: TAKEN.length * 2 }, (_, i) => mesh[TAKEN[i >> 1]! * 3 + (i & 1)]!);
