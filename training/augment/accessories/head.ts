import { clamp, mix } from './shapes.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The wearer's right is at the left of an unmirrored picture. */
export type Side = 'right' | 'left';
export const SIDES: readonly Side[] = ['right', 'left'];

/** Indices into MediaPipe's face mesh (canonical face model), right / left as of the wearer. */
export const MESH = {
  foreheadTop: 10,
  browMiddle: 9,
  bridge: 168,
  bridgeLow: 6,
  noseRidge: 197,
  noseLow: 195,
  noseTip: 4,
  underNose: 2,
  upperLip: 0,
  lowerLip: 17,
  chin: 152,
  right: {
    outer: 33,
    inner: 133,
    temple: 127,
    ear: 234,
    cheek: 117,
    cheekSide: 116,
    jawTop: 93,
    jaw: 132,
    jawLow: 58,
    jawEdge: 172,
    chinSide: 136,
    mouth: 61,
    low: 149,
  },
  left: {
    outer: 263,
    inner: 362,
    temple: 356,
    ear: 454,
    cheek: 346,
    cheekSide: 345,
    jawTop: 323,
    jaw: 361,
    jawLow: 288,
    jawEdge: 397,
    chinSide: 365,
    mouth: 291,
    low: 378,
  },
} as const;

/** The face's outline, clockwise from the forehead. */
export const FACE_OVAL = [
  10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149,
  150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109,
] as const;

/**
 * Medians of a frontal face in ArcFace's template scale, pixels: the unit of every size here ("face pixels"). With an
 * outer canthal distance of about 90 mm (Farkas 1994) one face pixel is close to 1.75 mm.
 */
export const STANDARD = { outerEyes: 51.5, faceHeight: 93.5, halfHead: 39.5 } as const;
export const MILLIMETRE = STANDARD.outerEyes / 90;

/** A head in the crop: where points of a frontal, upright face lie on it. */
export interface Head {
  point(index: number): Point;
  /** the bridge of the nose between the eyes */
  readonly bridge: Point;
  /** unit vectors, towards the wearer's left and towards the chin */
  readonly across: Point;
  readonly down: Point;
  /** crop pixels for each face pixel */
  readonly scale: number;
  /** -1..1, about the sine of the yaw; positive: the face looks to the picture's right */
  readonly turn: number;
  /** middle of the skull at the height of the eyes, and half the head's width there, crop pixels */
  readonly centre: Point;
  readonly halfWidth: number;
  /** a place on the plane of the eyes: face pixels from the bridge, foreshortened as each side of the face is */
  onFace(u: number, v: number): Point;
  /** a place around the skull: u in half widths of the head, v in face pixels below the eyes */
  onSkull(u: number, v: number): Point;
}

/** Undefined when the mesh is missing (NaN) or too small to be a face. */
export function readHead(mesh: Float32Array): Head | undefined {
  const point = (index: number): Point => ({ x: mesh[index * 2]!, y: mesh[index * 2 + 1]! });
  const outerRight = point(MESH.right.outer);
  const outerLeft = point(MESH.left.outer);
  const eyes = distance(outerRight, outerLeft);
  const height = distance(point(MESH.foreheadTop), point(MESH.chin));
  if (!(eyes > 8 && height > 24)) return undefined;

  const across = unit(outerRight, outerLeft);
  const spine = unit(point(MESH.foreheadTop), point(MESH.chin));
  // Halfway between the perpendicular of the eyes and the line to the chin, which a turned head slants.
  const down = normalise({ x: spine.x - across.y, y: spine.y + across.x });
  const scale = Math.max(eyes / STANDARD.outerEyes, height / STANDARD.faceHeight);
  const bridge = middle(point(MESH.bridge), point(MESH.bridgeLow));
  const templeRight = along(bridge, point(MESH.right.temple), across);
  const templeLeft = along(bridge, point(MESH.left.temple), across);
  const halfFace = (templeLeft - templeRight) / 2;
  const offset = (templeLeft + templeRight) / 2;
  const turn = clamp(-offset / Math.max(1, STANDARD.halfHead * scale), -1, 1);
  // A turned head shows more of the skull behind the near temple; its width hardly shrinks.
  const halfWidth = mix(halfFace, STANDARD.halfHead * scale, Math.abs(turn) * 0.8);
  const centreShift = offset - turn * Math.max(0, halfWidth - halfFace);
  const even = eyes / STANDARD.outerEyes;
  const half = STANDARD.outerEyes / 2;
  const stretch = {
    right: mix(even, clamp(-along(bridge, outerRight, across) / half, 0.2, 2), 0.5),
    left: mix(even, clamp(along(bridge, outerLeft, across) / half, 0.2, 2), 0.5),
  };
  const centre = { x: bridge.x + across.x * centreShift, y: bridge.y + across.y * centreShift };

  const place = (from: Point, a: number, b: number): Point => ({
    x: from.x + across.x * a + down.x * b,
    y: from.y + across.y * a + down.y * b,
  });
  return {
    point,
    bridge,
    across,
    down,
    scale,
    turn,
    centre,
    halfWidth,
    onFace: (u, v) => place(bridge, u * (u < 0 ? stretch.right : stretch.left), v * scale),
    onSkull: (u, v) => place(centre, u * halfWidth, v * scale),
  };
}

export const distance = (a: Point, b: Point): number => Math.hypot(b.x - a.x, b.y - a.y);
export const middle = (a: Point, b: Point): Point => between(a, b, 0.5);
export const between = (a: Point, b: Point, share: number): Point => ({
  x: mix(a.x, b.x, share),
  y: mix(a.y, b.y, share),
});
/** Signed distance of `to` from `from` along a unit vector. */
export const along = (from: Point, to: Point, axis: Point): number =>
  (to.x - from.x) * axis.x + (to.y - from.y) * axis.y;
const normalise = ({ x, y }: Point): Point => {
  const length = Math.hypot(x, y) || 1;
  return { x: x / length, y: y / length };
};
const unit = (from: Point, to: Point): Point => normalise({ x: to.x - from.x, y: to.y - from.y });
/** Flat list of coordinates for a polygon. */
export const flat = (points: readonly Point[]): number[] => points.flatMap(({ x, y }) => [x, y]);
