import { ARCFACE_TEMPLATE } from '@rounz/core/face/align.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace, FivePoints, Pose } from '@rounz/core/face/face.ts';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { fraction, imageBox, imagePoint, radians } from '@rounz/core/units.ts';
import { fivePointsOfKface } from '../data/kface-landmarks.ts';
import type { KnownFace } from '../data/sources.ts';
import { createFramedFinder, FRAMING } from './framing.ts';
import { meshOfPoints } from './posed-mesh.ts';

/**
 * What annotations are for: `auto` aligns profiles by them and holds the detector to them elsewhere; `only` asks no
 * detector, which is fast, and misses a picture that nobody annotated; `never` leaves everything to the detector.
 */
export const LANDMARK_POLICIES = ['auto', 'only', 'never'] as const;
export type LandmarkPolicy = (typeof LANDMARK_POLICIES)[number];

/** How faces are found in a set. */
export interface FindOptions {
  readonly landmarks: LandmarkPolicy;
  /** whether the challenge's crops, which are aligned already, are looked at anew */
  readonly detectCrops: boolean;
}

export const FIND: FindOptions = { landmarks: 'auto', detectCrops: false };

const LIMITS = {
  /** turn from which the detector's mesh guesses half of the face and the annotation aligns instead, degrees */
  profile: 60,
  /** how far the detector's points may lie from the annotation's, in distances from eyes to mouth */
  disagreement: 0.35,
} as const;

/** How a face was found; `followed` is the detector too, without blazeface. */
export type FoundBy = 'detector' | 'followed' | 'landmarks' | 'crop';

export interface Found {
  readonly face: DetectedFace;
  readonly by: FoundBy;
  /** where it isn't measured from a detected mesh */
  readonly pose?: Pose;
}

/** What finds the face of one picture after another of a set. */
export type Finder = (image: RgbaImage, known?: KnownFace) => Promise<Found | undefined>;

/** What an earlier run found on a picture: its face's confidence, or nothing. */
export interface PastFind {
  readonly followed: boolean;
  /** 0..1; 0 without a face */
  readonly meshScore: number;
}

/** A finder that goes on where an earlier run stopped, as if it had not stopped. */
export interface ResumedFinder {
  readonly find: Finder;
  /**
   * Takes over what the earlier run found, picture by picture in its order, before new ones are found.
   *
   * @returns whether the picture has to be found again, since the set's framing is learned from it
   */
  recall(past: PastFind, known?: KnownFace): boolean;
}

/** @param detector is loaded when the first picture needs it */
export function createFinder(
  detector: () => Promise<FaceDetector>,
  options: FindOptions,
  isCrops: boolean,
): ResumedFinder {
  let framed: ReturnType<typeof createFramedFinder> | undefined;
  const past: boolean[] = [];
  let toLearn = FRAMING.learnFrom;
  const isAnnotated = (known?: KnownFace) => known?.landmarks && options.landmarks !== 'never';
  const find: Finder = async (image, known) => {
    if (isCrops && !options.detectCrops) return cropFace(image, known);
    if (known && isAnnotated(known))
      return annotatedFace(image, known, options.landmarks === 'auto' ? detector : undefined);
    if (options.landmarks === 'only') return undefined;
    framed ??= createFramedFinder(await detector(), FRAMING, past);
    const found = await framed(image);
    return found && { face: found.face, by: found.followed ? 'followed' : 'detector' };
  };
  const recall = ({ followed, meshScore }: PastFind, known?: KnownFace): boolean => {
    if ((isCrops && !options.detectCrops) || isAnnotated(known) || options.landmarks === 'only') return false;
    if (toLearn === 0) {
      past.push(followed);
      return false;
    }
    if (meshScore >= FRAMING.minMeshScore) toLearn--;
    return true;
  };
  return { find, recall };
}

/** A crop as the challenge delivers it: the whole picture is ArcFace's template. */
function cropFace(image: RgbaImage, known?: KnownFace): Found {
  const scale = image.width / ARCFACE_TEMPLATE.size;
  const points = ARCFACE_TEMPLATE.points.map(({ x, y }) =>
    imagePoint(x * scale, y * scale),
  ) as unknown as FivePoints;
  return { ...givenFace(points, known?.condition.yaw ?? 0), by: 'crop' };
}

async function annotatedFace(
  image: RgbaImage,
  { landmarks, condition }: KnownFace,
  detector: (() => Promise<FaceDetector>) | undefined,
): Promise<Found> {
  const points = fivePointsOfKface(landmarks!, condition.yaw);
  const given = { ...givenFace(points, condition.yaw ?? 90), by: 'landmarks' as const };
  if (!detector || Math.abs(condition.yaw ?? 90) >= LIMITS.profile) return given;
  const faces = await (await detector()).detect(image, { previous: [given.face] });
  const face = faces.find((one) => disagreement(one.points, points) <= LIMITS.disagreement);
  return face ? { face, by: 'followed' } : given;
}

/** Largest distance of two points with one name, in distances from eyes to mouth of the second. */
function disagreement(points: FivePoints, truth: FivePoints): number {
  const moves = points.map(({ x, y }, i) => Math.hypot(x - truth[i]!.x, y - truth[i]!.y));
  return Math.max(...moves) / eyesToMouth(truth);
}

function eyesToMouth([right, left, , rightMouth, leftMouth]: FivePoints): number {
  const x = (rightMouth.x + leftMouth.x - right.x - left.x) / 2;
  const y = (rightMouth.y + leftMouth.y - right.y - left.y) / 2;
  return Math.hypot(x, y);
}

/** Somebody's word for where the face is, as a face with a mesh that was laid over the points. */
function givenFace(points: FivePoints, yawDegrees: number): Pick<Found, 'face' | 'pose'> {
  const { mesh, yaw, roll } = meshOfPoints(points, (Math.abs(yawDegrees) * Math.PI) / 180);
  const size = Math.max(interEyeDistance(points), eyesToMouth(points)) * 2;
  const [, , nose] = points;
  const box = imageBox(nose.x - size / 2, nose.y - size / 2, size, size);
  const pose = { yaw: radians(yaw), pitch: radians(0), roll: radians(roll) };
  return { face: { box, boxScore: fraction(1), meshScore: fraction(1), mesh, points }, pose };
}
