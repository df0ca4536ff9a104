import { pickWeighted } from '@rounz/core/math/random.ts';
import type { Brush } from './brush.ts';
import { anyCloth } from './hat-fit.ts';
import { between, flat, MESH, type Point, SIDES } from './head.ts';
import { type Paint, type Rgb, shadow, shine } from './paint.ts';
import type { Polygon } from './raster.ts';
import { ribbon, smooth } from './shapes.ts';
import { cloth } from './texture.ts';

const CUTS = { surgical: 4, boat: 3, cloth: 2.5 } as const;
type MaskCut = keyof typeof CUTS;

/** How it is worn: over the nose as meant, under the nose, or pulled down to the chin. */
const POSITIONS = { proper: 10, underNose: 0.8, chin: 0.6 } as const;
type Position = keyof typeof POSITIONS;

const COLOURS: Record<MaskCut, readonly Rgb[]> = {
  surgical: [
    [150, 196, 220],
    [170, 206, 226],
    [226, 234, 238],
    [22, 22, 24],
    [176, 214, 196],
    [236, 190, 204],
  ],
  boat: [
    [240, 240, 240],
    [240, 240, 240],
    [24, 24, 26],
    [206, 202, 194],
    [120, 124, 130],
  ],
  cloth: [
    [20, 20, 22],
    [20, 20, 22],
    [236, 234, 230],
    [110, 112, 116],
    [36, 44, 80],
  ],
};

/** Corners of a mask in the crop. */
interface Fit {
  readonly cut: MaskCut;
  /** from the upper corner at the wearer's right over the nose to the upper corner at the left */
  readonly upper: readonly Point[];
  /** from the lower corner at the left under the chin to the lower corner at the right */
  readonly lower: readonly Point[];
}

/** Draws a random mask: surgical with pleats, boat-shaped with three panels (KF94), or sewn from cloth. */
export function drawMask(brush: Brush): void {
  const { rng, fill, head } = brush;
  const cut = pickWeighted(rng, CUTS);
  const position = pickWeighted(rng, POSITIONS);
  const fit = fitMask(brush, cut, position);
  const outline = [smooth(flat([...fit.upper, ...fit.lower]), 3, true)];
  const paint = drawCloth(brush, cut);
  straps(brush, fit, paint.colour);
  fill(outline, shadow(rng.between(0.1, 0.4)), { soft: 4 * head.scale });
  fill(outline, paint);
  shade(brush, outline);
  if (cut === 'surgical') pleats(brush, fit, outline);
  if (cut === 'boat') panels(brush, fit, outline);
  if (cut === 'cloth' && rng.chance(0.6)) centreSeam(brush, fit, outline);
  if (cut !== 'cloth' && rng.chance(0.7)) noseWire(brush, fit, outline);
  if (rng.chance(0.4))
    fill(ribbon(outline[0]!, 0.5 * head.scale, true), rng.chance(0.5) ? shadow(0.15) : shine(0.2));
}

function drawCloth({ head, rng }: Brush, cut: MaskCut): Paint {
  const usual = cut !== 'cloth' || rng.chance(0.55);
  const colour = usual ? rng.pick(COLOURS[cut]) : anyCloth(rng);
  const texture = cloth(head, rng, cut === 'cloth' ? 0.35 : 0.03);
  return { colour, alpha: 1, ...(texture && { texture }) };
}

function fitMask({ head, rng }: Brush, cut: MaskCut, position: Position): Fit {
  const { point } = head;
  const push = (from: Point, u: number, v: number): Point => ({
    x: from.x + (head.across.x * u + head.down.x * v) * head.scale,
    y: from.y + (head.across.y * u + head.down.y * v) * head.scale,
  });
  const high = { proper: rng.between(0, 1), underNose: 0, chin: 0 }[position];
  const nose =
    position === 'proper'
      ? between(point(MESH.noseLow), point(MESH.bridgeLow), high)
      : position === 'underNose'
        ? point(MESH.underNose)
        : push(point(MESH.lowerLip), 0, rng.between(0, 5));
  const fall = { proper: 0, underNose: 10, chin: 24 }[position];
  const drop = rng.between(1, 9);
  const wide = rng.between(0, 1);
  const out = rng.between(-1, 3);
  const upper = SIDES.map((side) => {
    const mesh = MESH[side];
    const sign = side === 'right' ? -1 : 1;
    const corner = push(
      between(point(mesh.jawTop), point(mesh.cheekSide), wide * 0.35),
      0,
      rng.between(-4, 4) + fall * 0.7,
    );
    const cheek = push(between(point(mesh.cheek), point(mesh.jawTop), 0.35), 0, rng.between(0, 3) + fall);
    const beside = push(between(nose, cheek, 0.3), -sign * 1, rng.between(0, 3));
    return { corner: push(corner, sign * out, 0), cheek, beside };
  });
  const lower = SIDES.map((side) => {
    const mesh = MESH[side];
    const sign = side === 'right' ? -1 : 1;
    const jaw = push(
      between(point(mesh.jawLow), point(mesh.jawEdge), rng.next()),
      sign * out,
      rng.between(-2, 3),
    );
    const chin = push(point(mesh.low), sign * rng.between(-2, 3), drop * (cut === 'boat' ? 0.4 : 0.8));
    return { jaw, chin };
  });
  const [right, left] = upper as [(typeof upper)[0], (typeof upper)[0]];
  const [lowRight, lowLeft] = lower as [(typeof lower)[0], (typeof lower)[0]];
  return {
    cut,
    upper: [right.corner, right.cheek, right.beside, nose, left.beside, left.cheek, left.corner],
    lower: [lowLeft.jaw, lowLeft.chin, push(point(MESH.chin), 0, drop), lowRight.chin, lowRight.jaw],
  };
}

/** Loops to the ears from the upper and the lower corners, where the ear's side of the head is to be seen. */
function straps({ head, rng, fill }: Brush, fit: Fit, colour: Rgb): void {
  const width = rng.between(0.4, 0.9) * head.scale;
  const light: Rgb = rng.chance(0.7) ? [232, 232, 230] : colour;
  const ends = { right: [fit.upper[0]!, fit.lower[4]!], left: [fit.upper[6]!, fit.lower[0]!] } as const;
  for (const side of SIDES) {
    const sign = side === 'right' ? -1 : 1;
    const ear = head.point(MESH[side].ear);
    const hook = {
      x: ear.x + sign * head.across.x * 3 * head.scale,
      y: ear.y + sign * head.across.y * 3 * head.scale,
    };
    for (const end of ends[side]) {
      const reach = ((hook.x - end.x) * head.across.x + (hook.y - end.y) * head.across.y) * sign;
      if (reach < -4 * head.scale) continue;
      fill(ribbon([end.x, end.y, hook.x, hook.y], width), { colour: light, alpha: 0.9 });
    }
  }
}

/** A face under cloth: dark towards the ears and under the chin, a light ridge along the nose. */
function shade({ head, rng, fill }: Brush, outline: readonly Polygon[]): void {
  const strength = rng.between(0.15, 0.45);
  const black: Rgb = [0, 0, 0];
  for (const side of [-1, 1]) {
    const from = head.onSkull(head.turn * 0.5 + side * 0.3, 30);
    const to = head.onSkull(side * 1.02, 30);
    fill(outline, { ...shadow(0), gradient: { colour: black, alpha: strength, from, to } });
  }
  const mouth = head.point(MESH.lowerLip);
  const chin = head.point(MESH.chin);
  fill(outline, {
    ...shadow(0),
    gradient: { colour: black, alpha: strength * rng.between(0.4, 1.2), from: mouth, to: chin },
  });
  const tip = head.point(MESH.noseTip);
  const ridge = head.point(MESH.noseRidge);
  fill(
    ribbon([ridge.x, ridge.y, tip.x, tip.y], [2 * head.scale, 4 * head.scale]),
    shine(rng.between(0.03, 0.2)),
    { soft: 6 * head.scale, within: outline },
  );
  const nose = head.point(MESH.underNose);
  fill(
    ribbon(flat([head.point(129), nose, head.point(358)]), 2 * head.scale),
    shadow(rng.between(0.03, 0.18)),
    { soft: 6 * head.scale, within: outline },
  );
}

/** The line at a share of the way from the upper to the lower edge, bowed as the face is. */
function level(fit: Fit, share: number): Point[] {
  const down = [...fit.lower].reverse();
  const pairs: [Point, Point][] = [
    [fit.upper[0]!, down[0]!],
    [fit.upper[2]!, down[1]!],
    [fit.upper[3]!, down[2]!],
    [fit.upper[4]!, down[3]!],
    [fit.upper[6]!, down[4]!],
  ];
  return pairs.map(([from, to]) => between(from, to, share));
}

function pleats({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const dark = rng.between(0.1, 0.35);
  for (const share of [0.3, 0.5, 0.7]) {
    const line = smooth(flat(level(fit, share + rng.between(-0.05, 0.05))), 3);
    fill(ribbon(line, 0.5 * head.scale), shadow(dark), { within });
    fill(
      ribbon(
        line.map((value, i) => value + (i % 2) * 1.2 * head.scale),
        0.6 * head.scale,
      ),
      shine(dark * 0.6),
      { within },
    );
  }
}

/** A KF94's upper, middle and lower panel meet in two folds; the middle one catches the light. */
function panels({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const folds = [rng.between(0.3, 0.4), rng.between(0.65, 0.78)];
  for (const share of folds) {
    const line = smooth(flat(level(fit, share)), 3);
    fill(ribbon(line, 0.55 * head.scale), shadow(rng.between(0.15, 0.4)), { within });
  }
  const below = [...level(fit, folds[1]!), ...level(fit, 1).reverse()];
  fill([flat(below)], shadow(rng.between(0.05, 0.25)), { within });
}

function centreSeam({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const line = smooth(
    flat([fit.upper[3]!, head.point(MESH.noseTip), head.point(MESH.upperLip), fit.lower[2]!]),
    3,
  );
  fill(ribbon(line, 0.5 * head.scale), shadow(rng.between(0.1, 0.4)), { within });
}

function noseWire({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const lowered = [fit.upper[2]!, fit.upper[3]!, fit.upper[4]!].map(({ x, y }) => ({
    x: x + head.down.x * 2.5,
    y: y + head.down.y * 2.5,
  }));
  const line = smooth(flat(lowered), 4);
  const paint = rng.chance(0.5) ? shadow(rng.between(0.08, 0.25)) : shine(rng.between(0.1, 0.35));
  fill(ribbon(line, rng.between(0.5, 1.3) * head.scale), paint, { within });
}
