type Range = readonly [low: number, high: number];

/** How new faces are made of two. */
export interface MorphConfig {
  /** the two heads may be turned this far from each other, radians */
  readonly maxTurn: number;
  /** share of the second face's shape in the new one; below 0 and above 1: exaggerated */
  readonly shape: Range;
  /** share of the second face's skin, eyes, nose and mouth */
  readonly texture: Range;
  /** of the largest bump that raises or lowers that share in a part of the face */
  readonly bump: number;
  /** radius of such a part, pixels of the 144 x 144 crop */
  readonly bumpRadius: Range;
  /** parts with a share of their own */
  readonly bumps: number;
  /** how much of the first face's light and colour the second one takes over, 0..1 */
  readonly light: Range;
  /** width over which the second face fades into the first one's outline, pixels */
  readonly seam: number;
  /** either head may be turned this far from the camera, radians */
  readonly maxYaw: number;
  /** a face whose mesh the detector doubts more than this is not used, 0..1 */
  readonly minMeshScore: number;
}

export const MORPH: MorphConfig = {
  maxTurn: 0.3,
  shape: [-0.4, 1.4],
  texture: [0.15, 1],
  bump: 0.8,
  bumpRadius: [14, 34],
  bumps: 2,
  light: [0.6, 1],
  seam: 9,
  maxYaw: 0.6,
  minMeshScore: 0.8,
};
