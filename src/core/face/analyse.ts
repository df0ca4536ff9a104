import type { AlignedCrop, RgbaImage } from '../image.ts';
import { alignFace, DEFAULT_ALIGN, meshInCrop } from './align.ts';
import type { DetectedFace, FaceQuality } from './face.ts';
import { interEyeDistance } from './landmarks.ts';
import { type Pyramid, pyramidOf } from './pyramid.ts';
import { measureFace } from './quality.ts';

/** A face prepared for the embedder. */
export interface AnalysedFace {
  readonly face: DetectedFace;
  /** 112x112 */
  readonly crop: AlignedCrop;
  readonly quality: FaceQuality;
}

/** Crop and quality of faces found in a picture, in the order given. */
export function analyseFaces(image: RgbaImage | Pyramid, faces: readonly DetectedFace[]): AnalysedFace[] {
  const pyramid = pyramidOf(image);
  return faces.map((face) => {
    const crop = alignFace(pyramid, face.points);
    const quality = measureFace(face, crop, meshInCrop(face.mesh, face.points, DEFAULT_ALIGN));
    return { face, crop, quality };
  });
}

/**
 * The face that a portrait is about: large and near the middle. Undefined where none was found. A camera's frame wants
 * the nearest face instead, which is the first that the detector returns.
 */
export function mainFace(faces: readonly DetectedFace[], image: RgbaImage): DetectedFace | undefined {
  const reach = Math.hypot(image.width, image.height) / 2;
  const weight = ({ box, boxScore, points }: DetectedFace) => {
    const dx = box.x + box.width / 2 - image.width / 2;
    const dy = box.y + box.height / 2 - image.height / 2;
    return interEyeDistance(points) * boxScore * Math.max(0, 1 - Math.hypot(dx, dy) / reach) ** 2;
  };
  return faces.reduce<DetectedFace | undefined>(
    (best, face) => (best && weight(best) >= weight(face) ? best : face),
    undefined,
  );
}
