import { bell, bell2, clamp, mix, smooth } from '../math.ts';
import type { Expression } from '../person/expression.ts';
import type { FaceShape } from '../person/shape.ts';

/** Signed distance to a surface, in units; negative inside. */
export type Field = (x: number, y: number, z: number) => number;

/** Positions on the face that geometry and painting share. */
export interface Landmarks {
  /** y of the lips' line */
  readonly mouthY: number;
  readonly mouthWidth: number;
  readonly noseY: number;
  readonly noseTipZ: number;
}

export function landmarksOf(shape: FaceShape, expression: Expression): Landmarks {
  const smile = Math.max(0, expression.smile);
  return {
    mouthY: shape.noseY - shape.philtrum + 0.012 * smile,
    mouthWidth: shape.mouthWidth * (1 + 0.16 * smile - 0.05 * Math.max(0, -expression.smile)),
    noseY: shape.noseY,
    noseTipZ: 0.93 + shape.noseTip,
  };
}

/** Smooth minimum of two distances, blending over `k` (I. Quilez, "smooth minimum", polynomial form). */
function blend(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - h * h * k * 0.25;
}

/** Distance to an ellipsoid, first order (I. Quilez, "distance functions"). */
function ellipsoid(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  const a = x / rx;
  const b = y / ry;
  const c = z / rz;
  const k0 = Math.sqrt(a * a + b * b + c * c);
  const d = a / rx;
  const e = b / ry;
  const f = c / rz;
  const k1 = Math.sqrt(d * d + e * e + f * f);
  return k1 === 0 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
}

const ball = (x: number, y: number, z: number, radius: number): number =>
  Math.sqrt(x * x + y * y + z * z) - radius;

/** Distance to a cone with round ends from (x0, y0, z0, r0) to (x1, y1, z1, r1). */
function limb(
  x: number,
  y: number,
  z: number,
  [x0, y0, z0, r0]: readonly [number, number, number, number],
  [x1, y1, z1, r1]: readonly [number, number, number, number],
): number {
  const bx = x1 - x0;
  const by = y1 - y0;
  const bz = z1 - z0;
  const px = x - x0;
  const py = y - y0;
  const pz = z - z0;
  const t = clamp((px * bx + py * by + pz * bz) / (bx * bx + by * by + bz * bz));
  return ball(px - bx * t, py - by * t, pz - bz * t, r0 + (r1 - r0) * t);
}

/**
 * The head without ears and neck as a smooth union of simple bodies: skull, forehead, cheeks, jaw, chin, brows, eyes,
 * nose. Fine relief (lips, folds) comes from `relief`. Symmetric: callers mirror x.
 */
export function headField(shape: FaceShape, expression: Expression): Field {
  const s = shape;
  const smile = Math.max(0, expression.smile);
  const { mouthY } = landmarksOf(s, expression);
  const chin = s.chinY - 0.06 * expression.parted;
  const fullness = s.cheekFullness;
  const bridgeZ = 0.845 + s.noseBridge;
  const tipZ = 0.86 + s.noseTip;
  const tipY = s.noseY + 0.085 + s.noseTipUp;
  return (xSigned, y, z) => {
    const x = Math.abs(xSigned);
    let d = ellipsoid(x, y - 0.36, z + 0.1, s.headWidth, s.headHeight, 0.92);
    d = blend(d, ellipsoid(x, y - 0.34, z - 0.24, s.foreheadWidth, 0.55, 0.64), 0.2);
    d = blend(d, ellipsoid(x, y + 0.22, z - 0.22, s.cheekWidth, 0.62, 0.63), 0.2);
    // lower face: jaw body, its edge from angle to chin, the chin itself
    d = blend(d, ellipsoid(x, y - mouthY - 0.04, z - 0.3, s.jawWidth * 0.96, 0.46, 0.54), 0.22);
    d = blend(
      d,
      limb(x, y, z, [s.jawWidth - 0.13, s.jawHeight, 0.1, 0.15], [s.chinWidth, chin + 0.14, 0.62, 0.13]),
      0.2,
    );
    d = blend(
      d,
      ellipsoid(x, y - chin - 0.17, z - 0.66 - s.chinForward, s.chinWidth + 0.1, 0.18, 0.21),
      0.22,
    );
    d = blend(d, ball(x - 0.43, y + 0.24 - 0.035 * smile, z - 0.53 - 0.015 * smile, s.cheekbone), 0.24);
    d = blend(d, ellipsoid(x - 0.34, y + 0.5 - 0.06 * smile, z - 0.52, 0.22, 0.24, 0.24 + fullness), 0.22);
    d = blend(d, ellipsoid(x, y - mouthY + 0.02, z - 0.62, 0.32, 0.26, 0.27 + s.muzzle), 0.2);
    // sockets, then the lids that lie on the eyeballs
    const socket = ellipsoid(x - s.eyeX + 0.02, y - 0.02, z - 0.98, 0.25, 0.15, 0.1 + s.socket);
    d = -blend(-d, socket, 0.16);
    d = blend(d, ball(x - s.eyeX, y + 0.005, z - 0.655, 0.19), 0.1);
    if (s.browRidge > 0.004) {
      const h = s.browHeight - 0.05;
      d = blend(d, limb(x, y, z, [0.1, h, 0.82, 0.055 + s.browRidge * 0.5], [0.45, h, 0.68, 0.05]), 0.14);
    }
    // nose
    let nose = limb(
      x,
      y,
      z,
      [0, 0.06, bridgeZ - 0.065, 0.06],
      [0, tipY + 0.07, tipZ - 0.035, s.noseTipSize * 0.78],
    );
    nose = blend(
      nose,
      ellipsoid(x, y - tipY, z - tipZ, s.noseTipSize * 1.12, s.noseTipSize, s.noseTipSize),
      0.07,
    );
    nose = blend(
      nose,
      ellipsoid(x - s.noseWidth * 0.7, y - s.noseY - 0.065, z - 0.885, s.noseWidth * 0.42, 0.07, 0.1),
      0.06,
    );
    d = blend(d, nose, 0.1);
    return d;
  };
}

/** Where on the lips' width a point lies and how the lips are shaped there. */
export function lipCurve(shape: FaceShape, marks: Landmarks, expression: Expression, x: number) {
  const u = clamp(Math.abs(x) / marks.mouthWidth, 0, 1.2);
  const q = Math.max(0, 1 - u * u);
  const line = marks.mouthY + 0.06 * expression.smile * u * u - 0.008 * shape.cupid * bell(u, 0.22);
  const thin = 1 - 0.22 * Math.max(0, expression.smile);
  const gap = expression.parted * 0.05 * q;
  const peak = 0.16 * shape.cupid * (bell(u - 0.24, 0.17) - bell(u, 0.12));
  const upper = shape.upperLip * thin * (q ** 1.05 + peak * q);
  const lower = shape.lowerLip * thin * q ** 0.85;
  return { u, line, gap, top: line + gap * 0.45 + upper, bottom: line - gap * 0.55 - lower };
}

/** Relief along z at a point of the front, in units: lips, folds, dimples, philtrum. */
export function relief(shape: FaceShape, expression: Expression): (x: number, y: number) => number {
  const marks = landmarksOf(shape, expression);
  const { mouthY, mouthWidth, noseY } = marks;
  const smile = Math.max(0, expression.smile);
  return (xSigned, y) => {
    const x = Math.abs(xSigned);
    let h = 0;
    if (Math.abs(y - mouthY) < 0.3 && x < 0.5) {
      const lip = lipCurve(shape, marks, expression, x);
      const inside = smooth(1.06, 0.7, lip.u);
      const upperMid = (lip.top + lip.line) / 2;
      const lowerMid = (lip.bottom + lip.line) / 2;
      h += inside * 0.036 * bell(y - upperMid, Math.max(0.02, (lip.top - lip.line) * 0.75));
      h += inside * 0.048 * bell(y - lowerMid, Math.max(0.02, (lip.line - lip.bottom) * 0.75));
      h -= inside * 0.03 * bell(y - lip.line, 0.016);
      h -= 0.03 * bell2(x, y - lip.bottom + 0.05, 0.16, 0.045);
      h -= (0.018 + 0.014 * smile) * bell2(x - mouthWidth * 1.04, y - lip.line, 0.045, 0.05);
    }
    h -= 0.012 * bell2(x, y - (noseY + mouthY) / 2 - 0.015, 0.03, 0.07);
    h += 0.008 * bell2(x - 0.055, y - (noseY + mouthY) / 2 - 0.015, 0.025, 0.07);
    // the wing's groove and the fold from the nose past the mouth
    h -= 0.02 * bell2(x - shape.noseWidth * 1.16, y - noseY - 0.06, 0.03, 0.06);
    const fold = x - (shape.noseWidth + 0.05 + (noseY - y) * 0.5);
    h -=
      (0.004 + 0.016 * smile) *
      bell(fold, 0.035) *
      smooth(noseY + 0.05, noseY - 0.03, y) *
      smooth(mouthY - 0.05, mouthY + 0.05, y);
    // cheeks rise in a smile, and the lower lid swells
    h += 0.03 * smile * bell2(x - 0.36, y + 0.27, 0.16, 0.11);
    h += (0.008 + 0.01 * smile) * bell2(x - shape.eyeX, y + 0.115, 0.12, 0.028);
    h -= mix(0.004, 0.012, smile) * bell2(x - shape.eyeX, y + 0.165, 0.14, 0.022);
    h -= 0.012 * expression.frown * bell2(x - 0.03, y - shape.browHeight + 0.02, 0.016, 0.06);
    return h;
  };
}
