import type { Rng } from '@rounz/core/math/random.ts';
import type { Brush } from './brush.ts';
import { MILLIMETRE } from './head.ts';
import { drawLensShape, type LensShape } from './lens.ts';
import type { Paint, Rgb } from './paint.ts';
import { tortoise } from './texture.ts';

export type GlassesKind = 'glasses' | 'hornRimmed' | 'sunglasses';

const METALS: readonly Rgb[] = [
  [40, 40, 44],
  [150, 150, 155],
  [205, 205, 210],
  [176, 140, 70],
  [196, 150, 130],
  [90, 60, 40],
  [20, 20, 22],
  [60, 70, 110],
];
const PLASTICS: readonly Rgb[] = [
  [14, 14, 15],
  [14, 14, 15],
  [22, 20, 20],
  [52, 32, 22],
  [92, 54, 30],
  [30, 34, 58],
  [96, 24, 32],
  [30, 54, 44],
  [226, 222, 214],
  [196, 160, 120],
  [120, 120, 126],
  [180, 60, 70],
];
const DARK_PLASTICS = PLASTICS.slice(0, 4);
const TINTS: readonly Rgb[] = [
  [12, 12, 14],
  [12, 12, 14],
  [22, 20, 20],
  [44, 28, 18],
  [70, 42, 20],
  [20, 34, 28],
  [34, 34, 44],
  [60, 24, 34],
];
const MIRRORS: readonly (readonly [Rgb, Rgb])[] = [
  [
    [60, 110, 190],
    [20, 40, 90],
  ],
  [
    [220, 150, 50],
    [150, 50, 60],
  ],
  [
    [80, 170, 130],
    [30, 60, 90],
  ],
  [
    [190, 195, 205],
    [70, 75, 85],
  ],
  [
    [200, 80, 150],
    [70, 50, 130],
  ],
  [
    [230, 200, 110],
    [90, 60, 30],
  ],
];

/** One pair of glasses on one face, everything drawn at random before anything is painted. */
export interface GlassesDesign {
  readonly kind: GlassesKind;
  readonly shape: LensShape;
  /** gap between the lenses, face pixels */
  readonly bridge: number;
  /** down the nose from the eyes, face pixels */
  readonly slip: number;
  /** tilt against the line of the eyes, radians */
  readonly tilt: number;
  /** half width of the rim at the top and at the bottom, face pixels; 0: no rim there */
  readonly rimTop: number;
  readonly rimBottom: number;
  readonly frame: Paint;
  readonly lens: Paint & { readonly fade: number };
  /** one lens over both eyes */
  readonly shield: boolean;
}

/** Draws everything about one pair at random. */
export function drawGlassesDesign({ head, rng }: Brush, kind: GlassesKind): GlassesDesign {
  const shield = kind === 'sunglasses' && rng.chance(0.12);
  const shape = drawLensShape(
    rng,
    kind === 'sunglasses' ? rng.next() : kind === 'hornRimmed' ? rng.between(0, 0.4) : 0,
  );
  // Pupils are 31 mm from the bridge (Dodgson 2004); lens centres lie up to 4 mm further in or 2 mm further out.
  const bridge = Math.max(8, 2 * (rng.between(27.5, 33) * MILLIMETRE - shape.halfWidth));
  const plastic = kind === 'hornRimmed' || (kind === 'sunglasses' && rng.chance(0.65));
  const rimless = !plastic && rng.chance(kind === 'glasses' ? 0.2 : 0.15);
  const halfRimmed = !rimless && rng.chance(kind === 'sunglasses' ? 0.06 : 0.14);
  const rimTop = rimless ? 0 : plastic ? rng.between(0.9, 2.4) : rng.between(0.35, 0.7);
  const dark = kind === 'sunglasses' && rng.chance(0.65);
  const speckled = plastic && !dark && rng.chance(0.25);
  const colour: Rgb = speckled ? [86, 50, 26] : rng.pick(!plastic ? METALS : dark ? DARK_PLASTICS : PLASTICS);
  const alpha = plastic && rng.chance(0.08) ? rng.between(0.4, 0.75) : rng.between(0.88, 1);
  const frame: Paint = { colour, alpha, ...(speckled && { texture: tortoise(rng, head.scale) }) };
  return {
    kind,
    shape,
    bridge,
    slip: rng.between(-1.5, 3.5) + (rng.chance(0.1) ? rng.between(2, 6) : 0),
    tilt: rng.between(-0.05, 0.05),
    rimTop,
    rimBottom: halfRimmed ? 0 : rimTop * rng.between(0.6, 1),
    frame,
    lens:
      kind === 'sunglasses'
        ? drawTint(rng)
        : { colour: [235, 242, 250], alpha: rng.between(0, 0.12), fade: 1 },
    shield,
  };
}

/**
 * Dark lenses are the more common: the darker of two draws. Visible transmission of sunglasses is 3 to 43 % (ISO 12312-1
 * categories 2 to 4 and the lighter fashion tints).
 */
function drawTint(rng: Rng): Paint & { fade: number } {
  if (rng.chance(0.2)) {
    const [sky, ground] = rng.pick(MIRRORS);
    const alpha = rng.between(0.75, 0.97);
    const flip = { x: 0, y: 0 };
    return { colour: sky, alpha, gradient: { colour: ground, alpha, from: flip, to: flip }, fade: 1 };
  }
  return {
    colour: rng.pick(TINTS),
    alpha: Math.max(rng.between(0.6, 0.98), rng.between(0.6, 0.98)),
    fade: rng.chance(0.35) ? rng.between(0.35, 0.9) : 1,
  };
}
