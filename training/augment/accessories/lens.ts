import type { Rng } from '@rounz/core/math/random.ts';
import { clamp, signedPower } from './shapes.ts';

/** Outline of one lens about its centre, sizes in face pixels (1.75 mm); outward is towards the temple. */
export interface LensShape {
  readonly halfWidth: number;
  readonly halfHeight: number;
  /** exponent of the superellipse: 2 round, 4 nearly square */
  readonly squareness: number;
  /** how far the upper outer corner is drawn up, face pixels (cat-eye) */
  readonly lift: number;
  /** share by which the lens is narrower below than above (wayfarer) */
  readonly taper: number;
  /** share cut from the lower inner quarter (aviator) */
  readonly cut: number;
  /** how far the lower outer part hangs, face pixels (aviator) */
  readonly droop: number;
}

const SHAPES = ['round', 'oval', 'rectangle', 'square', 'wayfarer', 'aviator', 'catEye'] as const;
const POINTS = 28;

/**
 * A random lens. Eyewear sizes: lens width 40 to 62 mm, height 26 to 55 mm (the boxing system of ISO 8624), so 11.5 to
 * 18 and 7.5 to 16 face pixels to each side.
 * @param large how much larger than a reading frame, 0..1; sunglasses are
 */
export function drawLensShape(rng: Rng, large: number): LensShape {
  const kind = rng.pick(SHAPES);
  const halfWidth = rng.between(11.8, 15) + large * rng.between(0.5, 4);
  const ratio = {
    round: rng.between(0.88, 1),
    oval: rng.between(0.6, 0.78),
    rectangle: rng.between(0.48, 0.64),
    square: rng.between(0.68, 0.9),
    wayfarer: rng.between(0.66, 0.86),
    aviator: rng.between(0.78, 0.98),
    catEye: rng.between(0.6, 0.82),
  }[kind];
  const base = { lift: 0, taper: rng.between(-0.04, 0.06), cut: 0, droop: 0 };
  const extra: Partial<LensShape> =
    kind === 'wayfarer'
      ? { taper: rng.between(0.1, 0.28), lift: rng.between(0, 2) }
      : kind === 'aviator'
        ? { taper: rng.between(-0.05, 0.12), cut: rng.between(0.25, 0.6), droop: rng.between(0.5, 3) }
        : kind === 'catEye'
          ? { lift: rng.between(2, 5.5), taper: rng.between(0.08, 0.22) }
          : {};
  const squareness = {
    round: rng.between(1.9, 2.3),
    oval: rng.between(1.9, 2.6),
    rectangle: rng.between(3, 5),
    square: rng.between(2.8, 4.5),
    wayfarer: rng.between(2.7, 3.6),
    aviator: rng.between(2.1, 2.8),
    catEye: rng.between(2.2, 3),
  }[kind];
  const halfHeight = clamp(halfWidth * ratio * (kind === 'rectangle' ? 1 : 1 + large * 0.1), 6.5, 17);
  return { halfWidth, halfHeight, squareness, ...base, ...extra };
}

/** Points around the lens: outward, downward offsets from its centre in face pixels, starting outside, going below. */
export function lensOutline(shape: LensShape, grow = 0): { out: number; down: number }[] {
  const a = shape.halfWidth + grow;
  const b = shape.halfHeight + grow;
  return Array.from({ length: POINTS }, (_, i) => {
    const angle = (i / POINTS) * 2 * Math.PI;
    let out = a * signedPower(Math.cos(angle), 2 / shape.squareness);
    let down = b * signedPower(Math.sin(angle), 2 / shape.squareness);
    const low = down / b;
    const outward = out / a;
    out *= 1 - shape.taper * (low + 1) * 0.5;
    if (low > 0 && outward < 0) out *= 1 - shape.cut * low * 0.8;
    if (low < 0.3) down -= shape.lift * Math.max(0, outward) ** 2 * (0.3 - low);
    down += shape.droop * Math.max(0, low) * (0.5 + 0.5 * outward);
    return { out, down };
  });
}
