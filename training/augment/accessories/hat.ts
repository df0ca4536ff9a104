import { pickWeighted, type Rng } from '../rng.ts';
import type { Brush } from './brush.ts';
import { flat, type Head, type Point } from './head.ts';
import { drawLogo } from './logo.ts';
import { type Rgb, shadow, shine, type Texture } from './paint.ts';
import type { Polygon } from './raster.ts';
import { mix, ribbon, smooth } from './shapes.ts';
import { cloth, knit } from './texture.ts';

const HATS = { cap: 5, backwards: 0.8, beanie: 2.5, bucket: 1.6, brimmed: 2, hood: 0.8, visor: 0.5 } as const;
export type HatKind = keyof typeof HATS;

/** Cloth colours that hats come in: mostly black, white, navy, grey, then anything. */
const CLOTHS: readonly Rgb[] = [
  [18, 18, 20],
  [18, 18, 20],
  [30, 34, 56],
  [30, 34, 56],
  [225, 224, 220],
  [120, 120, 124],
  [70, 72, 76],
  [196, 178, 146],
  [128, 32, 38],
  [190, 40, 44],
  [40, 66, 46],
  [84, 84, 56],
  [60, 96, 160],
  [226, 180, 60],
  [222, 140, 160],
  [92, 62, 42],
];

export function anyCloth(rng: Rng): Rgb {
  const [r, g, b] = rng.chance(0.75)
    ? rng.pick(CLOTHS)
    : ([rng.below(256), rng.below(256), rng.below(256)] as const);
  const gain = rng.between(0.8, 1.2);
  return [r * gain, g * gain, b * gain];
}

/** Where a hat sits: u in half widths of the head, v in face pixels below the eyes (negative: above). */
interface Fit {
  readonly kind: HatKind;
  readonly colour: Rgb;
  readonly texture: Texture | undefined;
  /** height of the band at the front; brows are at -13, the mesh's forehead ends at -30 */
  readonly band: number;
  /** how much lower the band is at the sides; a band above the camera bows up at the front */
  readonly sag: number;
  /** half width at the band, in half widths of the head */
  readonly width: number;
  /** height of the top */
  readonly top: number;
  /** shift of everything at the front with the face's turn, half widths */
  readonly front: number;
  /** tilt, half widths up per half width across */
  readonly tilt: number;
}

/** Draws a random hat; the crown reaches beyond the crop's upper edge and hides the hair. */
export function drawHat(brush: Brush): void {
  const fit = drawFit(brush);
  if (fit.kind === 'hood') drawHood(brush, fit);
  else drawCrowned(brush, fit);
}

function drawCrowned(brush: Brush, fit: Fit): void {
  brow(brush, fit);
  if (fit.kind === 'brimmed' || fit.kind === 'bucket') roundBrim(brush, fit);
  if (fit.kind === 'visor') headband(brush, fit);
  else crown(brush, fit);
  if (fit.kind === 'cap' || fit.kind === 'visor') bill(brush, fit);
  if (fit.kind === 'backwards') strap(brush, fit);
}

function drawFit({ head, rng }: Brush): Fit {
  const kind = pickWeighted(rng, HATS);
  const low = kind === 'beanie' ? rng.between(-28, -12) : rng.between(-30, -16);
  return {
    kind,
    colour:
      kind === 'brimmed' && rng.chance(0.4)
        ? rng.pick<Rgb>([
            [196, 170, 120],
            [222, 206, 170],
            [150, 116, 74],
          ])
        : anyCloth(rng),
    texture: kind === 'beanie' && rng.chance(0.7) ? knit(head, rng) : cloth(head, rng, 0.18),
    band: low,
    sag: kind === 'beanie' ? rng.between(-2, 12) : rng.between(-3, 9),
    width: rng.between(1.04, 1.2) + (kind === 'brimmed' ? -0.02 : 0),
    top: rng.between(-84, -66),
    front: head.turn * 0.35,
    tilt: rng.between(-2.5, 2.5),
  };
}

/** The band at u (-1..1 of the hat's width). */
function bandAt(head: Head, fit: Fit, u: number, drop = 0): Point {
  return head.onSkull(u * fit.width, fit.band + fit.sag * u * u + fit.tilt * u + drop);
}

const across = (count: number): number[] =>
  Array.from({ length: count }, (_, i) => (2 * i) / (count - 1) - 1);

function crownPolygon(head: Head, fit: Fit, grow = 0): number[] {
  const band = across(13).map((u) => bandAt(head, fit, u));
  const height = fit.top - fit.band;
  const square = fit.kind === 'brimmed' ? 4 : fit.kind === 'bucket' ? 3.4 : 2.3;
  const narrow = fit.kind === 'bucket' || fit.kind === 'brimmed' ? 0.16 : 0;
  const dome = across(15)
    .slice(1, -1)
    .map((step) => {
      const angle = ((1 - step) * Math.PI) / 2;
      const u = Math.sign(Math.cos(angle)) * Math.abs(Math.cos(angle)) ** (2 / square);
      const up = Math.sin(angle) ** (2 / square);
      const sides = fit.band + (fit.sag + fit.tilt * u) * (1 - up);
      return head.onSkull(-u * -1 * (fit.width + grow) * (1 - narrow * up), sides + height * up);
    });
  return [...flat(band), ...flat(dome.reverse())];
}

/** The crown: cloth, darker where it turns away, with seams, a fold, a ribbon or a badge. */
function crown(brush: Brush, fit: Fit): void {
  const { head, rng, fill } = brush;
  const outline = crownPolygon(head, fit);
  const within = [outline];
  fill(within, { colour: fit.colour, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  turnAway(brush, within, fit, rng.between(0.2, 0.5));
  if (fit.kind === 'cap' || fit.kind === 'backwards') seams(brush, fit, within);
  if (fit.kind === 'beanie' && rng.chance(0.7)) cuff(brush, fit);
  if (fit.kind === 'brimmed' && rng.chance(0.75)) hatband(brush, fit, within);
  if (fit.kind === 'cap' ? rng.chance(0.7) : rng.chance(0.25)) {
    const place = (u: number, v: number) => head.onSkull(fit.front + u / 39.5, fit.band + v);
    drawLogo(rng, head, place, (polygons, colour) => fill(polygons, { colour, alpha: 0.95 }, { within }));
  }
}

/** Darkens both sides of what curves around the head. */
function turnAway({ head, fill }: Brush, shape: readonly Polygon[], fit: Fit, strength: number): void {
  for (const side of [-1, 1]) {
    const from = head.onSkull(fit.front + side * 0.25, -40);
    const to = head.onSkull(side * fit.width, -40);
    const gradient = { colour: [0, 0, 0] as Rgb, alpha: strength, from, to };
    fill(shape, { ...shadow(0), gradient });
  }
}

function seams({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const dark = shadow(rng.between(0.15, 0.45));
  for (const start of rng.chance(0.5) ? [-0.55, 0, 0.55] : [-0.45, 0.45]) {
    const line = [0, 0.35, 0.7, 1].map((up) =>
      head.onSkull(
        fit.front * (1 - up) + start * fit.width * (1 - up * up * 0.9),
        mix(fit.band, fit.top, up),
      ),
    );
    fill(ribbon(smooth(flat(line), 3), 0.4 * head.scale), dark, { within });
  }
}

/** A sun visor's band, the hair above it to be seen. */
function headband(brush: Brush, fit: Fit): void {
  const { head, rng, fill } = brush;
  const height = rng.between(9, 16);
  const upper = across(11).map((u) => bandAt(head, fit, u * 0.97, -height));
  const lower = across(11).map((u) => bandAt(head, fit, u, 1));
  const band = [[...flat(lower), ...flat(upper.reverse())]];
  fill(band, { colour: fit.colour, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  turnAway(brush, band, fit, rng.between(0.2, 0.4));
}

/** The turned-up edge of a knitted hat. */
function cuff({ head, rng, fill }: Brush, fit: Fit): void {
  const height = rng.between(9, 20);
  const upper = across(11).map((u) => bandAt(head, fit, u * 1.03, -height));
  const lower = across(11).map((u) => bandAt(head, fit, u * 1.03, 1));
  const polygon = [...flat(lower), ...flat(upper.reverse())];
  const gain = rng.between(0.75, 1.2);
  const colour: Rgb = rng.chance(0.2)
    ? anyCloth(rng)
    : [fit.colour[0] * gain, fit.colour[1] * gain, fit.colour[2] * gain];
  fill([polygon], { colour, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  fill(ribbon(flat(upper), 0.8 * head.scale), shadow(0.3), { soft: 2 });
}

function hatband({ head, rng, fill }: Brush, fit: Fit, within: readonly Polygon[]): void {
  const height = rng.between(5, 12);
  const upper = across(9).map((u) => bandAt(head, fit, u, -height));
  const lower = across(9).map((u) => bandAt(head, fit, u, 1));
  fill([[...flat(lower), ...flat(upper.reverse())]], { colour: anyCloth(rng), alpha: 1 }, { within });
}

/** The shadow on the forehead, deepest under the band. */
function brow({ head, scene, rng, fill }: Brush, fit: Fit): void {
  const reach =
    fit.kind === 'cap' || fit.kind === 'brimmed' || fit.kind === 'bucket'
      ? rng.between(10, 34)
      : rng.between(3, 9);
  const strength = rng.between(0.15, 0.6);
  const lift = 4;
  const upper = across(9).map((u) => bandAt(head, fit, u, -lift));
  const lower = across(9).map((u) => bandAt(head, fit, u, reach));
  const gradient = {
    colour: [0, 0, 0] as Rgb,
    alpha: 0,
    from: bandAt(head, fit, 0),
    to: bandAt(head, fit, 0, reach),
  };
  fill(
    [[...flat(upper), ...flat(lower.reverse())]],
    { ...shadow(strength), gradient },
    { soft: 3, within: [scene.oval] },
  );
}

/** A baseball cap's bill from the front: a crescent below the band, its ends at the temples, turned with the face. */
function bill(brush: Brush, fit: Fit): void {
  const { head, rng, fill } = brush;
  const half = rng.between(0.78, 1.02);
  const drop = rng.between(3, 15);
  const bend = rng.between(-2, 11);
  const shift = head.turn * rng.between(0.4, 0.8);
  const edge = (u: number, fall: number): Point => {
    const rounded = Math.sqrt(Math.max(0, 1 - u ** 4));
    const at = bandAt(head, fit, u * half);
    const lead = shift * rounded * fall * head.halfWidth * 0.6;
    const down = (drop * rounded * fall + bend * u * u) * head.scale;
    return {
      x: at.x + head.across.x * lead + head.down.x * down,
      y: at.y + head.across.y * lead + head.down.y * down,
    };
  };
  const upper = across(13).map((u) => edge(u, -0.12));
  const lower = across(13).map((u) => edge(u, 1));
  const outline = [...flat(upper), ...flat([...lower].reverse())];
  const gain = rng.between(0.6, 1.05);
  const colour: Rgb = rng.chance(0.25)
    ? anyCloth(rng)
    : [fit.colour[0] * gain, fit.colour[1] * gain, fit.colour[2] * gain];
  const dark: Rgb = [colour[0] * 0.6, colour[1] * 0.6, colour[2] * 0.6];
  const light = rng.chance(0.5);
  const gradient = { colour: light ? dark : colour, alpha: 1, from: edge(0, 0), to: edge(0, 1) };
  fill([outline], { colour: light ? colour : dark, alpha: 1, gradient });
  fill(ribbon(flat(upper), 0.6 * head.scale), shadow(rng.between(0.2, 0.5)), { soft: 1.5 });
  if (rng.chance(0.5)) fill(ribbon(flat(lower), 0.5 * head.scale), shine(rng.between(0.05, 0.25)));
  fill(
    ribbon(flat(across(9).map((u) => edge(u * 0.9, 1.25))), 1.2 * head.scale),
    shadow(rng.between(0.05, 0.35)),
    { soft: 4 },
  );
}

/** A cap worn backwards: the strap over a half-moon of forehead or hair. */
function strap({ head, scene, rng, fill }: Brush, fit: Fit): void {
  const half = rng.between(0.25, 0.5);
  const high = rng.between(6, 16);
  const arch = across(11).map((u) => {
    const at = Math.sqrt(Math.max(0, 1 - u * u));
    return bandAt(head, fit, fit.front + u * half, -2.5 - high * at);
  });
  fill([flat(arch)], { colour: rng.chance(0.6) ? scene.hair : scene.skin, alpha: 1, lit: false });
  fill(ribbon(flat(arch), 0.5 * head.scale), shadow(0.35));
}

/** A brim all round: bucket hats slope down, sun hats and fedoras stand out. */
function roundBrim(brush: Brush, fit: Fit): void {
  const { head, rng, fill } = brush;
  const bucket = fit.kind === 'bucket';
  const reach = bucket ? rng.between(1.2, 1.55) : rng.between(1.5, 2.4);
  const droop = bucket ? rng.between(6, 20) : rng.between(-10, 12);
  const front = bucket ? rng.between(2, 12) : rng.between(-4, 10);
  const edge = (u: number, v: number) =>
    head.onSkull(u * reach + fit.front * (1 - Math.abs(u)), fit.band + fit.tilt * u + v);
  const lower = across(15).map((u) => edge(u, front * (1 - u * u) + droop * u * u));
  const upper = across(15).map((u) => edge(u, -rng.between(3, 4) - 6 * (1 - u * u) + droop * u * u));
  const outline = [...flat(lower), ...flat(upper.reverse())];
  const gain = rng.between(0.55, 0.95);
  const under: Rgb = [fit.colour[0] * gain, fit.colour[1] * gain, fit.colour[2] * gain];
  fill([outline], { colour: under, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  fill(ribbon(flat(lower), 0.6 * head.scale), rng.chance(0.5) ? shadow(0.3) : shine(0.15));
}

/** A hood or headscarf: cloth all around an opening for the face. */
function drawHood(brush: Brush, fit: Fit): void {
  const { head, rng, fill } = brush;
  const wide = rng.between(0.92, 1.12);
  const top = rng.between(-42, -18);
  const low = rng.between(46, 74);
  const ring = (grow: number, lift: number): number[] =>
    Array.from({ length: 24 }, (_, i) => {
      const angle = (i / 24) * 2 * Math.PI;
      const v = (top + low) / 2 + ((low - top) / 2 + lift) * -Math.cos(angle);
      return head.onSkull(fit.front * 0.5 + Math.sin(angle) * (wide + grow), v);
    }).flatMap(({ x, y }) => [x, y]);
  const opening = ring(0, 0);
  const outer = ring(rng.between(0.3, 0.7), rng.between(24, 44));
  const cut: Polygon[] = [
    outer,
    Array.from({ length: 24 }, (_, i) => [opening[46 - 2 * i]!, opening[47 - 2 * i]!]).flat(),
  ];
  fill(ribbon(opening, 3 * head.scale, true), shadow(rng.between(0.2, 0.5)), { soft: 5 });
  fill(cut, { colour: fit.colour, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  fill(ribbon(opening, 1.2 * head.scale, true), rng.chance(0.5) ? shadow(0.35) : shine(0.12));
}
