/** A point of any plane; the function that takes it says which one. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/**
 * Similarity of the plane (rotation, one scale, translation; no reflection):
 * `x' = a x - b y + tx`, `y' = b x + a y + ty`.
 */
export interface Similarity {
  readonly a: number;
  readonly b: number;
  readonly tx: number;
  readonly ty: number;
}

/** Length in the target plane of one unit of the source plane. */
export const scaleOf = ({ a, b }: Similarity): number => Math.hypot(a, b);

/** The image of a point. */
export const applySimilarity = (m: Similarity, p: PlanePoint): { x: number; y: number } => ({
  x: m.a * p.x - m.b * p.y + m.tx,
  y: m.b * p.x + m.a * p.y + m.ty,
});

/** The inverse map. Throws a RangeError for a map that collapses the plane to a point. */
export function invertSimilarity({ a, b, tx, ty }: Similarity): Similarity {
  const square = a * a + b * b;
  if (!(square > 0)) throw new RangeError('This similarity has scale 0 and cannot be inverted.');
  const ia = a / square;
  const ib = -b / square;
  return { a: ia, b: ib, tx: -(ia * tx - ib * ty), ty: -(ib * tx + ia * ty) };
}

/**
 * The least-squares similarity from `from` onto `to` (Umeyama, PAMI 13(4), 1991), in the closed form that the plane
 * allows: with centred points as complex numbers, rotation and scale are sum(conj(p) q) / sum(|p|^2).
 * Throws a RangeError where fewer than two distinct points are given, for they leave rotation and scale open.
 */
export function fitSimilarity(from: readonly PlanePoint[], to: readonly PlanePoint[]): Similarity {
  const count = from.length;
  if (count !== to.length || count < 2)
    throw new RangeError(`A similarity needs two or more pairs of points; got ${count} and ${to.length}.`);
  const p = centroid(from);
  const q = centroid(to);
  let real = 0;
  let imaginary = 0;
  let spread = 0;
  for (let i = 0; i < count; i++) {
    const px = from[i]!.x - p.x;
    const py = from[i]!.y - p.y;
    const qx = to[i]!.x - q.x;
    const qy = to[i]!.y - q.y;
    real += px * qx + py * qy;
    imaginary += px * qy - py * qx;
    spread += px * px + py * py;
  }
  if (!(spread > 0)) throw new RangeError('All points coincide: they fix neither rotation nor scale.');
  const a = real / spread;
  const b = imaginary / spread;
  return { a, b, tx: q.x - (a * p.x - b * p.y), ty: q.y - (b * p.x + a * p.y) };
}

/** Mean of some points. */
export function centroid(points: readonly PlanePoint[]): { x: number; y: number } {
  let x = 0;
  let y = 0;
  for (const point of points) {
    x += point.x;
    y += point.y;
  }
  return { x: x / points.length, y: y / points.length };
}
