import type { Fraction, ImageBox, ImagePoint, Radians } from '../units.ts';

/** Number of points of MediaPipe's face mesh topology, without the irises. */
export const MESH_POINTS = 468;

/** Five landmarks in ArcFace's order: the subject's right eye (left in the picture) first. */
export type FivePoints = readonly [
  rightEye: ImagePoint,
  leftEye: ImagePoint,
  nose: ImagePoint,
  rightMouth: ImagePoint,
  leftMouth: ImagePoint,
];

/** One face found in a picture. */
export interface DetectedFace {
  /** detector's box */
  readonly box: ImageBox;
  /** blazeface's confidence */
  readonly boxScore: Fraction;
  /** the mesh's own confidence that its input held a face */
  readonly meshScore: Fraction;
  /** `MESH_POINTS * 3` values: x, y in pixels of the picture, z on the scale of x (smaller is nearer) */
  readonly mesh: Float32Array;
  readonly points: FivePoints;
}

/** Head pose; positive yaw: the subject's face turned to the picture's right; positive pitch: looking up;
 * positive roll: clockwise as seen in the picture. */
export interface Pose {
  readonly yaw: Radians;
  readonly pitch: Radians;
  readonly roll: Radians;
}

/** Why a picture is not good enough, in the order in which it is told. */
export type QualityIssue =
  | 'no-face'
  | 'several-faces'
  | 'too-far'
  | 'off-centre'
  | 'too-dark'
  | 'too-bright'
  | 'blurred'
  | 'turned'
  | 'tilted'
  | 'eyes-closed'
  | 'covered';

/** Signs that something lies over the face, from the colours of its parts. */
export interface FaceCover {
  /** ln(luma of the cheeks / luma around the eyes): about 0.1 bare; dark lenses more */
  readonly eyeDarkness: number;
  /** distance of the mouth region's chromaticity from the skin's, 0..1: about 0.02 bare; a coloured mask more */
  readonly mouthColour: number;
}

/** Measures of one face, from its mesh and its pixels. */
export interface FaceQuality {
  readonly pose: Pose;
  /** distance between the eye centres, pixels of the picture */
  readonly interEyeDistance: number;
  /** mean luma (BT.601) over the face's oval, 0..255 */
  readonly luma: number;
  /** variance of the 3x3 Laplacian of luma over the aligned crop; higher is sharper */
  readonly sharpness: number;
  /** mean eye aspect ratio (Soukupova and Cech 2016) of both eyes; about 0.1 closed, 0.3 open */
  readonly eyeOpenness: number;
  readonly cover?: FaceCover;
}
