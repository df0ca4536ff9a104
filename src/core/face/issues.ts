import { degrees, type Radians } from '../units.ts';
import type { DetectedFace, FaceQuality, QualityIssue } from './face.ts';

/** Limits of a picture's quality. Angles are absolute values. */
export interface QualityLimits {
  /** pixels of the picture; 35 is the crop's own eye distance: less means that the crop is enlarged */
  readonly minInterEyeDistance: number;
  /** distance of the box's centre from the picture's, as a share of the picture's width and height, 0..0.5 */
  readonly maxOffCentre: number;
  /** mean luma of the face, 0..255 */
  readonly minLuma: number;
  readonly maxLuma: number;
  /** variance of the Laplacian over the aligned crop */
  readonly minSharpness: number;
  readonly maxYaw: Radians;
  readonly maxPitch: Radians;
  readonly maxRoll: Radians;
  /** eye aspect ratio; 0 doesn't ask */
  readonly minEyeOpenness: number;
  /** facemesh's confidence, 0..1: it sinks when most of the face is hidden */
  readonly minMeshScore: number;
  /** see `FaceCover` */
  readonly maxEyeDarkness: number;
  readonly maxMouthColour: number;
}

export interface QualityConfig {
  /** enrolment: the template stays for years (ISO/IEC 29794-5 measures) */
  readonly strict: QualityLimits;
  /** recognition: refuses only what makes the embedding meaningless; the next frame follows soon */
  readonly lenient: QualityLimits;
  /** a second face is no bystander if its eye distance is at least this share of the nearest one's, 0..1 */
  readonly companionShare: number;
}

/**
 * Sharpness: studio portraits read 240 to 1,000; blurred by a Gaussian of 1 crop pixel 30 to 70, of 2 pixels 5 to 11
 * (measured on the London set). Eye aspect ratio: about 0.1 closed, 0.3 open (Soukupova and Cech 2016). Luma: studio
 * portraits of every skin read 57 to 170. Cover: on 600 LFW faces each limit refuses under 2 % of those in their bare
 * skin; drawn sunglasses are then caught in about 30 %, drawn masks in about 55 % of the cases.
 */
export const QUALITY: QualityConfig = {
  strict: {
    minInterEyeDistance: 36,
    maxOffCentre: 0.25,
    minLuma: 45,
    maxLuma: 215,
    minSharpness: 40,
    maxYaw: degrees(15),
    maxPitch: degrees(18),
    maxRoll: degrees(15),
    minEyeOpenness: 0.16,
    minMeshScore: 0.8,
    maxEyeDarkness: 0.9,
    maxMouthColour: 0.067,
  },
  lenient: {
    minInterEyeDistance: 16,
    maxOffCentre: 0.5,
    minLuma: 20,
    maxLuma: 245,
    minSharpness: 6,
    maxYaw: degrees(60),
    maxPitch: degrees(45),
    maxRoll: degrees(50),
    minEyeOpenness: 0,
    minMeshScore: 0,
    maxEyeDarkness: Number.POSITIVE_INFINITY,
    maxMouthColour: Number.POSITIVE_INFINITY,
  },
  companionShare: 0.6,
};

export interface QualityContext {
  /** enrolment rather than recognition */
  readonly strict: boolean;
  /** size of the picture; without it nothing is off centre */
  readonly frame?: { readonly width: number; readonly height: number };
  /** every face of the picture; without it nobody stands beside this one */
  readonly faces?: readonly DetectedFace[];
}

/** All quality issues of a face, in the order in which they are told. */
export function qualityIssues(
  face: DetectedFace,
  quality: FaceQuality,
  config: QualityConfig,
  { strict, frame, faces = [face] }: QualityContext,
): QualityIssue[] {
  const limits = strict ? config.strict : config.lenient;
  const { pose, luma } = quality;
  const found: readonly (readonly [QualityIssue, boolean])[] = [
    ['several-faces', strict && hasCompanion(face, faces, config.companionShare)],
    ['too-far', quality.interEyeDistance < limits.minInterEyeDistance],
    ['off-centre', frame !== undefined && offCentre(face, frame) > limits.maxOffCentre],
    ['too-dark', luma < limits.minLuma],
    ['too-bright', luma > limits.maxLuma],
    ['blurred', quality.sharpness < limits.minSharpness],
    ['turned', Math.abs(pose.yaw) > limits.maxYaw],
    ['tilted', Math.abs(pose.pitch) > limits.maxPitch || Math.abs(pose.roll) > limits.maxRoll],
    ['eyes-closed', quality.eyeOpenness < limits.minEyeOpenness],
    ['covered', isCovered(face, quality, limits)],
  ];
  return found.filter(([, wrong]) => wrong).map(([issue]) => issue);
}

function isCovered(
  { meshScore }: DetectedFace,
  { cover = { eyeDarkness: 0, mouthColour: 0 } }: FaceQuality,
  limits: QualityLimits,
): boolean {
  return (
    meshScore < limits.minMeshScore ||
    cover.eyeDarkness > limits.maxEyeDarkness ||
    cover.mouthColour > limits.maxMouthColour
  );
}

function hasCompanion(face: DetectedFace, faces: readonly DetectedFace[], share: number): boolean {
  const distance = ({ points: [right, left] }: DetectedFace) =>
    Math.hypot(left.x - right.x, left.y - right.y);
  return faces.some((other) => other !== face && distance(other) >= share * distance(face));
}

function offCentre({ box }: DetectedFace, { width, height }: { width: number; height: number }): number {
  const x = Math.abs((box.x + box.width / 2) / width - 0.5);
  const y = Math.abs((box.y + box.height / 2) / height - 0.5);
  return Math.max(x, y);
}
