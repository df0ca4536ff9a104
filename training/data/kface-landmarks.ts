import type { FivePoints } from '@rounz/core/face/face.ts';
import type { PlanePoint } from '@rounz/core/face/transform.ts';
import { imagePoint } from '@rounz/core/units.ts';
import { linesOf } from './text-list.ts';

/** One of K-FACE's annotations, in pixels of its picture. A hidden eye or ear is null. */
export interface KfaceLandmarks {
  readonly nose: PlanePoint;
  readonly rightEye: PlanePoint | null;
  readonly leftEye: PlanePoint | null;
  readonly rightMouth: PlanePoint;
  readonly leftMouth: PlanePoint;
  readonly rightEar: PlanePoint | null;
  readonly leftEar: PlanePoint | null;
  /** x, y of the top left corner, width, height */
  readonly boxes: readonly (readonly [x: number, y: number, width: number, height: number])[];
}

/** Numbers are parted by any mix of blanks, tabs, commas and semicolons. */
const SEPARATOR = /[\s,;]+/;

/**
 * Reads an annotation: lines `x y` for nose, right eye, left eye, right and left corner of the mouth, right ear, left ear,
 * then lines `x y w h`. Six points lack the hidden ear, five the hidden eye too; which side is hidden follows from where
 * the nose points.
 *
 * @throws Error for anything else
 */
export function parseKfaceLandmarks(text: string): KfaceLandmarks {
  const lines = linesOf(text)
    .map((line) => line.text.split(SEPARATOR).filter((cell) => cell !== ''))
    .filter((cells) => cells.length > 0)
    .map((cells) => cells.map(Number));
  for (const numbers of lines)
    if ((numbers.length !== 2 && numbers.length !== 4) || !numbers.every(Number.isFinite))
      throw new Error(`An annotation has lines of two or four numbers, not "${numbers.join(' ')}".`);
  const points = lines.filter(({ length }) => length === 2).map(([x, y]) => ({ x: x!, y: y! }));
  const boxes = lines
    .filter(({ length }) => length === 4)
    .map(([x, y, width, height]) => [x!, y!, width!, height!] as const);
  return { ...placePoints(points), boxes };
}

function placePoints(points: readonly PlanePoint[]): Omit<KfaceLandmarks, 'boxes'> {
  if (points.length === 7) {
    const [nose, rightEye, leftEye, rightMouth, leftMouth, rightEar, leftEar] = points as Seven;
    return { nose, rightEye, leftEye, rightMouth, leftMouth, rightEar, leftEar };
  }
  if (points.length === 6) {
    const [nose, rightEye, leftEye, rightMouth, leftMouth, ear] = points as Six;
    const ears = ear.x < nose.x ? { rightEar: ear, leftEar: null } : { rightEar: null, leftEar: ear };
    return { nose, rightEye, leftEye, rightMouth, leftMouth, ...ears };
  }
  if (points.length === 5) {
    const [nose, eye, rightMouth, leftMouth, ear] = points as Five;
    // The wearer's right is the picture's left: where the nose lies right of the eye, the right half is seen.
    return eye.x < nose.x
      ? { nose, rightEye: eye, leftEye: null, rightMouth, leftMouth, rightEar: ear, leftEar: null }
      : { nose, rightEye: null, leftEye: eye, rightMouth, leftMouth, rightEar: null, leftEar: ear };
  }
  throw new Error(`An annotation has five to seven points, not ${points.length}.`);
}

type Five = [PlanePoint, PlanePoint, PlanePoint, PlanePoint, PlanePoint];
type Six = [...Five, PlanePoint];
type Seven = [...Six, PlanePoint];

/** Distance between the eyes over that from the eyes' middle to the mouth's, in ArcFace's template. */
const EYES_OVER_HEIGHT = 0.866;

/**
 * ArcFace's five points. A hidden eye is put where the turned head has it: as far beside the visible one as two eyes of
 * this face are apart, shortened by the turn.
 *
 * @param yaw degrees of the camera; null is taken for a profile
 */
export function fivePointsOfKface(marks: KfaceLandmarks, yaw: number | null): FivePoints {
  const { nose, rightMouth, leftMouth } = marks;
  const visible = marks.rightEye ?? marks.leftEye;
  if (!visible) throw new Error('An annotation without any eye cannot align a face.');
  const mouth = { x: (rightMouth.x + leftMouth.x) / 2, y: (rightMouth.y + leftMouth.y) / 2 };
  const down = { x: mouth.x - visible.x, y: mouth.y - visible.y };
  const apart = EYES_OVER_HEIGHT * Math.abs(Math.cos(((yaw ?? 90) * Math.PI) / 180));
  // `down` turned by 90 degrees points from the wearer's right eye to the left one.
  const hidden = (sign: 1 | -1) => ({
    x: visible.x + sign * apart * down.y,
    y: visible.y - sign * apart * down.x,
  });
  const rightEye = marks.rightEye ?? hidden(-1);
  const leftEye = marks.leftEye ?? hidden(1);
  return [rightEye, leftEye, nose, rightMouth, leftMouth].map(({ x, y }) =>
    imagePoint(x, y),
  ) as unknown as FivePoints;
}

/** The same points in a picture of another resolution. */
export function scaleLandmarks(marks: KfaceLandmarks, factor: number): KfaceLandmarks {
  const at = (point: PlanePoint) => ({ x: point.x * factor, y: point.y * factor });
  const maybe = (point: PlanePoint | null) => point && at(point);
  return {
    nose: at(marks.nose),
    rightEye: maybe(marks.rightEye),
    leftEye: maybe(marks.leftEye),
    rightMouth: at(marks.rightMouth),
    leftMouth: at(marks.leftMouth),
    rightEar: maybe(marks.rightEar),
    leftEar: maybe(marks.leftEar),
    boxes: marks.boxes.map(([x, y, w, h]) => [x * factor, y * factor, w * factor, h * factor] as const),
  };
}
