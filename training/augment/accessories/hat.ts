import type { Brush } from './brush.ts';
import { across, anyCloth, bandAt, drawHatFit, type HatFit } from './hat-fit.ts';
import { drawHood, roundBrim } from './hat-round.ts';
import { flat, type Head, type Point } from './head.ts';
import { drawLogo } from './logo.ts';
import { type Rgb, shadow, shine } from './paint.ts';
import type { Polygon } from './raster.ts';
import { mix, ribbon, smooth } from './shapes.ts';

/** Draws a random hat; the crown reaches beyond the crop's upper edge and hides the hair. */
export function drawHat(brush: Brush): void {
  const fit = drawHatFit(brush);
  if (fit.kind === 'hood') drawHood(brush, fit);
  else drawCrowned(brush, fit);
}

function drawCrowned(brush: Brush, fit: HatFit): void {
  brow(brush, fit);
  if (fit.kind === 'brimmed' || fit.kind === 'bucket') roundBrim(brush, fit);
  if (fit.kind === 'visor') headband(brush, fit);
  else crown(brush, fit);
  if (fit.kind === 'cap' || fit.kind === 'visor') bill(brush, fit);
  if (fit.kind === 'backwards') strap(brush, fit);
}

function crownPolygon(head: Head, fit: HatFit, grow = 0): number[] {
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
function crown(brush: Brush, fit: HatFit): void {
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
function turnAway({ head, fill }: Brush, shape: readonly Polygon[], fit: HatFit, strength: number): void {
  for (const side of [-1, 1]) {
    const from = head.onSkull(fit.front + side * 0.25, -40);
    const to = head.onSkull(side * fit.width, -40);
    const gradient = { colour: [0, 0, 0] as Rgb, alpha: strength, from, to };
    fill(shape, { ...shadow(0), gradient });
  }
}

function seams({ head, rng, fill }: Brush, fit: HatFit, within: readonly Polygon[]): void {
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
function headband(brush: Brush, fit: HatFit): void {
  const { head, rng, fill } = brush;
  const height = rng.between(9, 16);
  const upper = across(11).map((u) => bandAt(head, fit, u * 0.97, -height));
  const lower = across(11).map((u) => bandAt(head, fit, u, 1));
  const band = [[...flat(lower), ...flat(upper.reverse())]];
  fill(band, { colour: fit.colour, alpha: 1, ...(fit.texture && { texture: fit.texture }) });
  turnAway(brush, band, fit, rng.between(0.2, 0.4));
}

/** The turned-up edge of a knitted hat. */
function cuff({ head, rng, fill }: Brush, fit: HatFit): void {
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

function hatband({ head, rng, fill }: Brush, fit: HatFit, within: readonly Polygon[]): void {
  const height = rng.between(5, 12);
  const upper = across(9).map((u) => bandAt(head, fit, u, -height));
  const lower = across(9).map((u) => bandAt(head, fit, u, 1));
  fill([[...flat(lower), ...flat(upper.reverse())]], { colour: anyCloth(rng), alpha: 1 }, { within });
}

/** The shadow on the forehead, deepest under the band. */
function brow({ head, scene, rng, fill }: Brush, fit: HatFit): void {
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
function bill(brush: Brush, fit: HatFit): void {
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
function strap({ head, scene, rng, fill }: Brush, fit: HatFit): void {
  const half = rng.between(0.25, 0.5);
  const high = rng.between(6, 16);
  const arch = across(11).map((u) => {
    const at = Math.sqrt(Math.max(0, 1 - u * u));
    return bandAt(head, fit, fit.front + u * half, -2.5 - high * at);
  });
  fill([flat(arch)], { colour: rng.chance(0.6) ? scene.hair : scene.skin, alpha: 1, lit: false });
  fill(ribbon(flat(arch), 0.5 * head.scale), shadow(0.35));
}
