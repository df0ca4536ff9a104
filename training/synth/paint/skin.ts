import { bell, bell2, clamp, fromSrgb, mix, smooth } from '../math.ts';
import { fractal, noise, noise2 } from '../noise.ts';
import type { Expression } from '../person/expression.ts';
import type { Identity } from '../person/identity.ts';
import { createEyePainter } from './eye.ts';
import { createBeardPainter, createBrowPainter, createMouthPainter, createNosePainter } from './features.ts';
import { reset, type Surface, stain, tint } from './surface.ts';

/** Paints a point of the face; `scalp` is how much hair grows there, 0..1. */
export type SkinPainter = (s: Surface, x: number, y: number, z: number, scalp: number) => void;

/** Bare skin with its unevenness. */
function baseSkin(s: Surface, { complexion, seed }: Identity, x: number, y: number, z: number): void {
  reset(s, complexion.skin);
  const o = (seed % 89) * 3.1;
  const uneven =
    1 + 0.09 * (fractal(x * 3 + o, y * 3, z * 3) - 0.5) + 0.05 * (noise(x * 40, y * 40 + o, z * 40) - 0.5);
  s.r *= uneven;
  s.g *= uneven;
  s.b *= uneven;
  s.gloss = 0.13;
  s.sharp = 14;
  s.wrap = 0.36;
  s.flesh = 1;
}

/** Whether fine features may lie at a point: everything else is painted once a pixel, not once a sample. */
export function hasFineDetail(identity: Identity, x: number, y: number, z: number): boolean {
  if (z < 0.25) return false;
  const ax = Math.abs(x);
  const { shape } = identity;
  if (ax < 0.62 && y > -0.16 && y < shape.browHeight + 0.14) return true;
  return ax < 0.4 && y < shape.noseY + 0.1 && y > shape.noseY - shape.philtrum - 0.2;
}

/** @param pixel size of a sample in units */
export function createSkinPainter(identity: Identity, e: Expression, pixel: number): SkinPainter {
  const { complexion, shape, hair, seed } = identity;
  const eyes = createEyePainter(identity, e, pixel);
  const brows = createBrowPainter(identity, e);
  const nose = createNosePainter(identity);
  const mouth = createMouthPainter(identity, e, pixel);
  const beard = createBeardPainter(identity, e);
  const shaved = hair.cut === 'buzz';
  const scalpInk = [hair.colour[0] * 0.55, hair.colour[1] * 0.55, hair.colour[2] * 0.55] as const;
  const mole = fromSrgb(88, 58, 46);

  const tone = (s: Surface, x: number, y: number): void => {
    const ax = Math.abs(x);
    const smile = Math.max(0, e.smile);
    const red = (0.5 + 0.3 * smile) * complexion.blush * bell2(ax - 0.42, y + 0.24, 0.19, 0.15);
    stain(s, 1.04, 0.8, 0.79, clamp(red + 0.3 * bell2(x, y - shape.noseY - 0.08, 0.13, 0.1)));
    if (complexion.freckles > 0) {
      const f = noise2(x * 34 + y * 19, y * 34 - x * 19 + (seed % 31)) * noise2(x * 13, y * 13 + 5);
      const where = bell2(ax - 0.2, y + 0.2, 0.28, 0.12);
      stain(s, 0.84, 0.72, 0.64, complexion.freckles * smooth(0.38, 0.6, f) * where);
    }
    for (const [mx, my, radius] of complexion.moles) {
      tint(s, mole, 0.85 * smooth(radius * 1.3, radius * 0.6, Math.hypot(x - mx, y - my)));
    }
    if (complexion.wrinkles > 0.1) wrinkle(s, x, y, ax);
  };
  const wrinkle = (s: Surface, x: number, y: number, ax: number): void => {
    for (let i = 0; i < 3; i++) {
      const at =
        shape.browHeight + 0.14 + i * 0.085 + 0.018 * Math.cos(x * 3.4 + i) + 0.016 * noise2(x * 6, i * 9);
      stain(s, 0.86, 0.77, 0.74, complexion.wrinkles * 0.6 * bell(y - at, 0.011) * bell(x, 0.36));
    }
    const fold = ax - (shape.noseWidth + 0.06 + (shape.noseY - y) * 0.5);
    const along =
      smooth(shape.noseY + 0.04, shape.noseY - 0.04, y) * smooth(shape.noseY - 0.3, shape.noseY - 0.16, y);
    stain(s, 0.82, 0.7, 0.67, complexion.wrinkles * 0.7 * bell(fold, 0.02) * along);
  };

  return (s, x, y, z, scalp) => {
    baseSkin(s, identity, x, y, z);
    if (z > 0.1 && scalp < 0.9) {
      tone(s, x, y);
      nose(s, x, y, z);
      mouth(s, x, y, z);
      beard?.(s, x, y, z);
      brows(s, x, y, z);
      eyes(s, x, y);
    }
    if (scalp > 0) {
      const grain = noise(x * 60, y * 60, z * 60);
      const amount = clamp(shaved ? scalp * mix(0.55, 0.95, grain) : scalp * mix(0.9, 1.2, grain));
      tint(s, scalpInk, amount);
      s.flesh *= 1 - amount;
      s.gloss *= 1 - amount;
    }
  };
}

/** Ears, neck and what else of the skin carries no features. */
export function paintPlainSkin(
  s: Surface,
  identity: Identity,
  x: number,
  y: number,
  z: number,
  redness: number,
): void {
  baseSkin(s, identity, x, y, z);
  stain(s, 1, 0.84, 0.82, redness);
  s.gloss = 0.08;
}
