import { bell, bell2, clamp, fromSrgb, mix, smooth } from '../math.ts';
import { noise2 } from '../noise.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { type Surface, stain, tint } from './surface.ts';

const SCLERA = fromSrgb(238, 232, 228);
const CORNER = fromSrgb(214, 150, 140);
const LASH = fromSrgb(26, 18, 17);
const CATCHLIGHT = 0.2;

/** Paints what lies around and in the eyes at a point of the face. */
export type EyePainter = (s: Surface, x: number, y: number) => void;

/** Curves of an opening, in units above the line through its corners, at u from -1 (inner) to 1 (outer corner). */
function lids(identity: Identity, e: Expression) {
  const { shape } = identity;
  const open = shape.eyeOpen * (1 - 0.14 * Math.max(0, e.smile) - 0.08 * e.frown);
  const drop = shape.eyeDrop * (1 - 0.3 * Math.max(0, e.smile));
  return (u: number) => {
    const q = Math.max(0, 1 - u * u);
    const low = -drop * q ** 0.85 * (1 + 0.22 * u);
    const high = open * q ** 0.62 * (1 - 0.08 * u);
    return { low, high: mix(high, low + 0.006 * q, clamp(e.blink)) };
  };
}

/** @param pixel size of a sample in units: lines are never thinner, so that they do not break up */
export function createEyePainter(identity: Identity, e: Expression, pixel: number): EyePainter {
  const { shape, complexion } = identity;
  const curve = lids(identity, e);
  const { makeup, wrinkles, iris } = complexion;
  const soft = Math.max(0.005, pixel * 0.8);
  const lash = 0.011 + 0.008 * makeup + (identity.presentation === 'feminine' ? 0.004 : 0);
  const crease = 0.022 + 0.03 * shape.crease;

  // the upper lid always covers the iris's top: a ring of white all round reads as a stare
  const iris0 = Math.max(shape.iris, (shape.eyeOpen + shape.eyeDrop) * 0.6);
  const irisY = shape.eyeOpen - 0.8 * iris0;

  const eyeball = (
    s: Surface,
    dx: number,
    y: number,
    u: number,
    high: number,
    low: number,
    side: number,
  ): void => {
    const gx = e.gazeX * side * 0.045;
    const px = (dx - gx) / iris0;
    const py = (y - irisY - e.gazeY * 0.03) / iris0;
    const r = Math.hypot(px, py);
    const cover = smooth(low - soft, low + soft, y) * smooth(high + soft, high - soft, y);
    const under = mix(0.42, 1, smooth(0, 0.055, high - y)) * mix(0.86, 1, smooth(0, 0.02, y - low));
    let [cr, cg, cb] = SCLERA;
    const edge = 1 - 0.35 * smooth(0.45, 1, Math.abs(u));
    cr *= edge;
    cg *= edge * mix(1, 0.93, smooth(0.6, 1, Math.abs(u)));
    cb *= edge * mix(1, 0.93, smooth(0.6, 1, Math.abs(u)));
    const inner = smooth(-0.76, -0.94, u) * 0.8;
    cr = mix(cr, CORNER[0], inner);
    cg = mix(cg, CORNER[1], inner);
    cb = mix(cb, CORNER[2], inner);
    const onIris = smooth(1 + soft / iris0, 1 - soft / iris0, r);
    if (onIris > 0) {
      const rays = 0.75 + 0.5 * noise2(Math.atan2(py, px) * 7, r * 2 + 11);
      const depth = mix(1.7, 0.35, smooth(0.45, 1, r)) * mix(0.8, 1.9, smooth(0.35, -0.9, py));
      const pupil = smooth(0.36, 0.46, r);
      const k = rays * depth * pupil;
      cr = mix(cr, iris[0] * k + 0.004, onIris);
      cg = mix(cg, iris[1] * k + 0.004, onIris);
      cb = mix(cb, iris[2] * k + 0.004, onIris);
    }
    const lit = smooth(1.25, 0.75, Math.hypot(px + 0.3 * side, py - 0.36) / CATCHLIGHT);
    const second = 0.35 * smooth(1.3, 0.6, Math.hypot(px - 0.34 * side, py + 0.42) / (CATCHLIGHT * 0.7));
    s.r = mix(s.r, cr * under, cover);
    s.g = mix(s.g, cg * under, cover);
    s.b = mix(s.b, cb * under, cover);
    s.glow = Math.max(lit, second) * cover * clamp(onIris + 0.2);
    s.facing = 0.75 * cover;
    s.flesh *= 1 - cover;
    s.gloss = mix(s.gloss, 0.1, cover);
  };

  const around = (s: Surface, dx: number, y: number, u: number): void => {
    stain(s, 0.8, 0.66, 0.62, (0.34 + 0.3 * makeup) * bell2(u * 0.8, (y - 0.075) / 0.07, 1, 1));
    stain(s, 0.88, 0.78, 0.76, (0.22 + 0.5 * wrinkles) * bell2(u + 0.15, (y + 0.13) / 0.045, 0.9, 1));
    stain(s, 0.7, 0.58, 0.56, 0.5 * bell2(dx + shape.eyeWidth * 1.12, y - 0.01, 0.035, 0.045));
    if (wrinkles > 0.2) {
      const feet =
        bell(((Math.abs(y + 0.01) * 9) % 1) - 0.5, 0.2) * smooth(1.2, 1.5, u) * smooth(2.1, 1.6, u);
      stain(s, 0.8, 0.7, 0.67, feet * wrinkles * 0.5);
    }
  };

  return (s, x, yRaw) => {
    const side = x < 0 ? -1 : 1;
    const dx = Math.abs(x) - shape.eyeX;
    const u = dx / shape.eyeWidth;
    if (Math.abs(u) > 2.2 || Math.abs(yRaw) > 0.3) return;
    const y = yRaw - dx * Math.tan(shape.eyeTilt);
    around(s, dx, y, u);
    const { low, high } = curve(u);
    const within = smooth(1.1, 0.98, Math.abs(u));
    // fold of the lid: follows the opening at rest even while the eye is shut
    const rest = shape.eyeOpen * Math.max(0, 1 - (u * 0.93) ** 2) ** 0.55;
    const foldAt = Math.max(mix(rest, high, 0.25), high) + crease * smooth(-1.25, -0.5, u) + 0.006;
    const strength = mix(0.12, 0.62, smooth(0.15, 0.6, shape.crease));
    stain(
      s,
      0.46,
      0.33,
      0.3,
      strength * bell(y - foldAt, 0.0085 + soft * 0.4) * smooth(-1.12, -0.75, u) * smooth(1.3, 0.95, u),
    );
    if (Math.abs(u) < 1 && y < high + soft && y > low - soft) eyeball(s, dx, y, u, high, low, side);
    if (u < -1.1 || u > 1.25) return;
    // lashes: a tapering line with a short wing beyond the outer corner
    const wing = u > 0.8 ? (u - 0.8) * (0.03 + 0.02 * makeup) : 0;
    const thick = lash * (0.55 + 0.45 * smooth(-1, 0.4, u)) * smooth(1.25, 0.9, u) * smooth(-1.08, -0.85, u);
    const upper = high + wing + thick * 0.25;
    const onLash = smooth(thick + soft, Math.max(0, thick - soft), Math.abs(y - upper));
    if (thick > 0.001) {
      tint(s, LASH, 0.96 * onLash);
      s.glow *= 1 - onLash;
    }
    const below = bell(y - low + 0.004, 0.007 + soft * 0.4) * within;
    stain(s, 0.5, 0.36, 0.33, below * mix(0.25, 0.75, smooth(-0.4, 0.9, u)) * (0.6 + 0.3 * makeup));
  };
}
