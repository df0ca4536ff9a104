import { leastSquares } from '../math/least-squares.ts';
import { EYE_CORNERS, type FacePoints, POINT_COUNT } from './points.ts';

/** How a face differs between two pictures of it. Lengths are in distances between the outer eye corners. */
export interface ViewChange {
  /** how far all points lie from the best homography, root mean square: a plane, seen by a camera, follows one exactly */
  readonly offPlane: number;
  /**
   * how far the nose moved against the smooth surface through the rest of the face, along the line of the eyes, to the
   * picture's right: parallax of what stands out. A sheet that is bent moves its nose with its surface
   */
  readonly relief: number;
  /** the same across the line of the eyes, downwards: what a nod shows */
  readonly lift: number;
  /**
   * distance between the outer eye corners over that of the first picture, at the same distance from the camera: the cosine of
   * the turn, of a head and of a sheet. Over a sheet that is seen aslant the mesh network draws a head that is turned by less
   */
  readonly width: number;
}

/** Points of one picture, centred and divided by their spread (Hartley, PAMI 19(6), 1997). */
interface Normalised {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** pixels of one unit */
  readonly unit: number;
}

function normalise(points: FacePoints): Normalised {
  const count = points.length / 2;
  let cx = 0;
  let cy = 0;
  for (let i = 0; i < count; i++) {
    cx += points[2 * i]! / count;
    cy += points[2 * i + 1]! / count;
  }
  let spread = 0;
  for (let i = 0; i < count; i++) spread += (points[2 * i]! - cx) ** 2 + (points[2 * i + 1]! - cy) ** 2;
  const unit = Math.sqrt(spread / count / 2);
  if (!(unit > 0)) throw new RangeError('The points of a face coincide: no view can be compared with it.');
  return {
    x: Float64Array.from({ length: count }, (_, i) => (points[2 * i]! - cx) / unit),
    y: Float64Array.from({ length: count }, (_, i) => (points[2 * i + 1]! - cy) / unit),
    unit,
  };
}

/** Distance between the outer corners of the eyes, units of the points. */
function eyeSpan({ x, y }: Normalised): number {
  const [right, left] = EYE_CORNERS;
  return Math.hypot(x[left]! - x[right]!, y[left]! - y[right]!);
}

/**
 * Compares two pictures of one face.
 *
 * The plane: the homography between two views of a plane (Hartley and Zisserman, Multiple View Geometry, 2nd edition, 13.1),
 * by the inhomogeneous direct linear transform on normalised points. What it leaves is parallax (ibid. 13.3), and noise.
 *
 * The smooth surface: a head turned under scaled orthography moves each point by its depth times the sine of the turn. The
 * depth of the surface without the nose is close to a quadratic of the place in the picture, and so is that of a sheet bent
 * about any axis: both coordinates of the second view are fitted as quadratics of the first, over the surface's points alone,
 * and the nose is compared with what they say.
 *
 * @throws RangeError where the points coincide or lie on one line
 */
export function compareViews(reference: FacePoints, seen: FacePoints): ViewChange {
  const from = normalise(reference);
  const to = normalise(seen);
  const upright = verticalScale(from, to);
  const scale = eyeSpan(from) * upright;
  const [along, across] = noseAgainstSurface(from, to);
  return {
    offPlane: homographyResidual(from, to) / scale,
    width: eyeSpan(to) / scale,
    relief: along / scale,
    lift: across / scale,
  };
}

/** How much longer the second view shows what stands upright in the first: distance and zoom, but no turn to a side. */
function verticalScale(from: Normalised, to: Normalised): number {
  const rows = Array.from(from.x, (x, i) => [x, from.y[i]!, 1]);
  const [byX, byY] = leastSquares(rows, [to.x, to.y]);
  return Math.hypot(byX![1]!, byY![1]!);
}

/** Root mean square distance from the best homography, units of the second view. */
function homographyResidual(from: Normalised, to: Normalised): number {
  const count = from.x.length;
  const rows: number[][] = [];
  const right: number[] = [];
  for (let i = 0; i < count; i++) {
    const [x, y, u, v] = [from.x[i]!, from.y[i]!, to.x[i]!, to.y[i]!];
    rows.push([x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]);
    right.push(u, v);
  }
  const [h] = leastSquares(rows, [right]);
  const [a, b, c, d, e, f, g, k] = h as unknown as readonly number[] & { length: 8 };
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const [x, y] = [from.x[i]!, from.y[i]!];
    const w = g! * x + k! * y + 1;
    sum += ((a! * x + b! * y + c!) / w - to.x[i]!) ** 2 + ((d! * x + e! * y + f!) / w - to.y[i]!) ** 2;
  }
  return Math.sqrt(sum / count);
}

const quadratic = (x: number, y: number): number[] => [1, x, y, x * x, x * y, y * y];

/** Mean way of the nose's points beyond the surface's, along the line of the eyes and across it, units of the second view. */
function noseAgainstSurface(from: Normalised, to: Normalised): readonly [along: number, across: number] {
  const { surface, nose } = POINT_COUNT;
  const rows = Array.from({ length: surface }, (_, i) => quadratic(from.x[i]!, from.y[i]!));
  const fits = leastSquares(rows, [to.x.subarray(0, surface), to.y.subarray(0, surface)]);
  const beyond: [number, number] = [0, 0];
  for (let i = surface; i < surface + nose; i++) {
    const terms = quadratic(from.x[i]!, from.y[i]!);
    [to.x[i]!, to.y[i]!].forEach((value, axis) => {
      const expected = terms.reduce((sum, term, t) => sum + term * fits[axis]![t]!, 0);
      beyond[axis]! += (value - expected) / nose;
    });
  }
  const [right, left] = EYE_CORNERS;
  const length = eyeSpan(to);
  const ex = (to.x[left]! - to.x[right]!) / length;
  const ey = (to.y[left]! - to.y[right]!) / length;
  return [beyond[0] * ex + beyond[1] * ey, beyond[1] * ex - beyond[0] * ey];
}
