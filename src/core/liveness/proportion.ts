import type { Width } from '../catalogue/filter.ts';
import { EYES, type FacePoints, SIDES } from './points.ts';

/**
 * How wide a face is for the distance between its eyes. A camera alone knows no millimetres: it sees proportions. What follows
 * from them and what does not stands in docs/decisions/032-what-fits-a-face.md.
 */
export interface ProportionConfig {
  /**
   * tangent of half the camera's angle of view along the picture's longer side. 60 degrees, as the session's distances suppose;
   * from 50 to 75 the proportion changes by less than a hundredth at arm's length
   */
  readonly halfView: number;
  /**
   * how far the sides of the head lie behind the eyes, in distances between the eyes: MediaPipe's canonical face model (points 127,
   * 234 and their mirror images at z = -2.2; the eyes' corners at z = 3.5, 6.3 apart)
   */
  readonly depth: number;
  /**
   * share of that which the mesh network shows, 0..1: it draws an average head over what it sees. Measured on heads that were rendered
   * from 42, 72 and 152 cm; with it each is told the same within 1 %
   */
  readonly shown: number;
}

export const PROPORTION: ProportionConfig = { halfView: Math.tan(Math.PI / 6), depth: 0.9, shown: 0.35 };

/**
 * Proportions from which a face counts as medium, and as wide: where the fifths of 1,056 faces end
 * (docs/decisions/032-what-fits-a-face.md).
 */
export const FACE_WIDTHS = { medium: 2.11, wide: 2.25 } as const;

export const faceWidthOf = (proportion: number): Width =>
  proportion < FACE_WIDTHS.medium ? 'narrow' : proportion < FACE_WIDTHS.wide ? 'medium' : 'wide';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Width of the head before the ears over the distance between the eyes' middles. A turn shortens both alike; what lies behind looks
 * smaller, and the nearer the camera the more, so the width is set right by a pinhole camera:
 *
 *     p = (w / e) * (1 + shown * depth / D),   D = f / e,   f = longer side / (2 * halfView)
 *
 * w mean distance of the pairs of sides, e distance of the eyes, both in pixels; D distance of the camera in distances between the
 * eyes.
 *
 * @param points of an upright or rolled face that looks about ahead, pixels of the picture
 * @param frame size of the picture
 * @throws RangeError where the eyes coincide
 */
export function faceProportion(
  points: FacePoints,
  frame: Size,
  config: ProportionConfig = PROPORTION,
): number {
  const at = (place: number) => [points[2 * place]!, points[2 * place + 1]!] as const;
  const between = ([ax, ay]: readonly [number, number], [bx, by]: readonly [number, number]) =>
    Math.hypot(ax - bx, ay - by);
  const [right, left] = EYES.map(([outer, inner]) => {
    const [[ox, oy], [ix, iy]] = [at(outer), at(inner)];
    return [(ox + ix) / 2, (oy + iy) / 2] as const;
  });
  const eyes = between(right!, left!);
  if (!(eyes > 0)) throw new RangeError('The eyes of a face coincide: its proportions cannot be told.');
  const sides = SIDES.reduce((sum, [a, b]) => sum + between(at(a), at(b)), 0) / SIDES.length;
  const focal = Math.max(frame.width, frame.height) / (2 * config.halfView);
  return (sides / eyes) * (1 + (config.shown * config.depth * eyes) / focal);
}
