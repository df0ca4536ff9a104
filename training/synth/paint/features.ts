import { landmarksOf, lipCurve } from '../head/field.ts';
import { bell, bell2, clamp, fromSrgb, mix, type Rgb, smooth } from '../math.ts';
import { noise, noise2 } from '../noise.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { type Surface, stain, tint } from './surface.ts';

type Painter = (s: Surface, x: number, y: number, z: number) => void;

const TEETH = fromSrgb(240, 236, 228);

/** Brows: short strokes that lean outwards, denser in the middle. */
export function createBrowPainter({ shape, hair, seed }: Identity, e: Expression): Painter {
  const light = hair.colour[0] > 0.3;
  const ink: Rgb = light
    ? fromSrgb(120, 112, 106)
    : [hair.colour[0] * 0.8, hair.colour[1] * 0.75, hair.colour[2] * 0.75];
  return (s, x, y) => {
    const ax = Math.abs(x);
    const t = (ax - shape.browGap + 0.02 * e.frown) / shape.browLength;
    if (t < -0.15 || t > 1.15) return;
    const q = clamp(t);
    const lift = 0.022 * Math.max(0, e.smile) - 0.05 * e.frown * (1 - q) - 0.015 * e.blink;
    const centre =
      shape.browHeight -
      0.015 +
      lift +
      shape.browArch * Math.sin(q ** 0.9 * Math.PI * 0.9) * 1.4 +
      (q - 0.5) * shape.browTilt * 0.5 -
      0.075 * smooth(0.55, 1, q) * q;
    const width = shape.browThickness * (1 - 0.72 * q ** 2) * smooth(-0.12, 0.25, t + 0.1) + 0.004;
    const d = Math.abs(y - centre) / width;
    if (d > 1.8) return;
    const strokes = noise2(ax * 46 - y * 62 + (seed % 97), y * 16 + (x < 0 ? 40 : 0));
    const body = smooth(1.3, 0.45, d + 0.55 * (strokes - 0.5));
    const ends = smooth(-0.1, 0.12, t) * smooth(1.08, 0.8, t);
    tint(s, ink, clamp(body * ends * shape.browDensity * (0.62 + 0.5 * strokes)));
  };
}

/** Nostrils and the shade at the wings. */
export function createNosePainter({ shape }: Identity): Painter {
  return (s, x, y) => {
    const ax = Math.abs(x);
    const dy = y - shape.noseY - 0.025;
    if (Math.abs(dy) > 0.14 || ax > 0.3) return;
    const d = Math.hypot(
      (ax - shape.noseWidth * 0.48) / (shape.noseWidth * 0.3),
      (dy + 0.012 + 0.12 * (ax - 0.07)) / 0.022,
    );
    stain(s, 0.26, 0.14, 0.12, 0.78 * smooth(1.25, 0.4, d));
    stain(s, 0.74, 0.58, 0.55, 0.5 * bell(ax - shape.noseWidth * 1.1, 0.02) * bell(dy - 0.04, 0.05));
  };
}

/** Lips, the line between them, and teeth where they part. */
export function createMouthPainter(identity: Identity, e: Expression, pixel: number): Painter {
  const { shape, complexion } = identity;
  const marks = landmarksOf(shape, e);
  const soft = Math.max(0.008, pixel);
  const line = Math.max(0.0065, pixel * 0.7);
  return (s, x, y) => {
    if (Math.abs(y - marks.mouthY) > 0.24 || Math.abs(x) > marks.mouthWidth * 1.3) return;
    const lip = lipCurve(shape, marks, e, x);
    const taper = smooth(1.06, 0.9, lip.u);
    const edge = soft * 1.3;
    const inside =
      smooth(lip.top + edge, lip.top - edge, y) *
      smooth(lip.bottom - edge, lip.bottom + edge, y) *
      smooth(1.04, 0.94, lip.u);
    if (inside > 0) {
      const ridges = 0.94 + 0.12 * noise2(x * 60, y * 5 + 3);
      const shade = (y > lip.line ? 0.86 : 1.04) * ridges;
      // colour is strongest where the lips meet
      const core = mix(0.72, 1, bell(y - lip.line, 0.06));
      tint(
        s,
        [complexion.lip[0] * shade, complexion.lip[1] * shade, complexion.lip[2] * shade],
        inside * core,
      );
      s.gloss = mix(s.gloss, 0.28, inside);
      s.sharp = mix(s.sharp, 34, inside);
    }
    const high = lip.line + lip.gap * 0.45;
    const low = lip.line - lip.gap * 0.55;
    if (lip.gap > 0.006 && y < high + soft && y > low - soft && lip.u < 0.97) {
      const open =
        smooth(high + soft, high - soft, y) * smooth(low - soft, low + soft, y) * smooth(0.97, 0.85, lip.u);
      tint(s, [0.05, 0.012, 0.012], open);
      const row = smooth(low + 0.002, low + 0.014, y) * smooth(0.92, 0.7, lip.u);
      const gaps = 1 - 0.18 * bell(((((Math.abs(x) / 0.062) % 1) + 1) % 1) - 0.5, 0.06);
      const k = mix(0.86, 0.6, smooth(0.2, 0.85, lip.u)) * gaps * mix(0.7, 1, smooth(0, 0.02, high - y));
      tint(s, [TEETH[0] * k, TEETH[1] * k, TEETH[2] * k], open * row);
      s.gloss *= 1 - open;
    }
    const ink = Math.max(bell(y - high, line), lip.gap > 0.006 ? 0.6 * bell(y - low, line) : 0);
    stain(s, 0.3, 0.14, 0.13, 0.85 * ink * taper);
    stain(
      s,
      0.62,
      0.46,
      0.43,
      0.55 * bell2(Math.abs(x) - marks.mouthWidth * 1.02, y - lip.line, 0.035, 0.02),
    );
    stain(s, 0.82, 0.72, 0.69, 0.35 * bell2(x, y - lip.bottom + 0.03, 0.15, 0.03));
  };
}

/** Beard: where it grows by kind, broken into hairs. */
export function createBeardPainter(identity: Identity, e: Expression): Painter | null {
  const { beard, shape, hair, complexion } = identity;
  if (beard === 'none') return null;
  const marks = landmarksOf(shape, e);
  const jaw = (x: number, y: number): number =>
    smooth(marks.mouthY + 0.1, marks.mouthY - 0.12, y - 0.75 * Math.max(0, x - 0.3)) *
    smooth(shape.chinY - 0.12, shape.chinY + 0.06, y + 0.25);
  const moustache = (x: number, y: number): number => {
    const middle = mix(shape.noseY, marks.mouthY + shape.upperLip, 0.55) - 0.3 * Math.max(0, x - 0.08) ** 1.5;
    return (
      bell(y - middle, 0.06) *
      smooth(marks.mouthWidth * 1.1, marks.mouthWidth * 0.7, x) *
      mix(0.75, 1, smooth(0.01, 0.05, x))
    );
  };
  const chinTop = marks.mouthY - shape.lowerLip - 0.06;
  const chin = (x: number, y: number): number =>
    smooth(
      1.15,
      0.75,
      Math.hypot(x / 0.2, (y - (chinTop + shape.chinY) / 2) / ((chinTop - shape.chinY) / 2 + 0.02)),
    );
  const cover = {
    shadow: (x: number, y: number) => 0.16 * clamp(Math.max(jaw(x, y), moustache(x, y))),
    stubble: (x: number, y: number) => 0.36 * clamp(Math.max(jaw(x, y), moustache(x, y))),
    moustache: (x: number, y: number) => 0.9 * moustache(x, y),
    goatee: (x: number, y: number) => 0.7 * Math.max(moustache(x, y) * 0.85, chin(x, y)),
    full: (x: number, y: number) => 0.92 * clamp(Math.max(jaw(x, y), moustache(x, y), chin(x, y))),
  }[beard];
  const fine = beard === 'shadow' || beard === 'stubble';
  const ink: Rgb = fine
    ? [complexion.skin[0] * 0.3, complexion.skin[1] * 0.32, complexion.skin[2] * 0.36]
    : [hair.colour[0] * 0.9, hair.colour[1] * 0.85, hair.colour[2] * 0.85];
  return (s, x, y, z) => {
    const ax = Math.abs(x);
    if (y > shape.noseY || z < 0.05) return;
    let amount = cover(ax, y);
    if (amount < 0.01) return;
    const lip = lipCurve(shape, marks, e, x);
    if (lip.u < 1 && y < lip.top + 0.008 && y > lip.bottom - 0.012) return;
    const hairs = 0.6 * noise(x * 70, y * 30, z * 70) + 0.4 * noise(x * 130, y * 60, z * 130);
    amount = clamp(amount * (fine ? 0.75 + 0.5 * hairs : 0.7 + 0.55 * hairs));
    tint(s, ink, amount);
    s.gloss *= 1 - amount;
  };
}
