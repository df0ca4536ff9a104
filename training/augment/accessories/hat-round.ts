import type { Brush } from './brush.ts';
import { across, type HatFit } from './hat-fit.ts';
import { flat } from './head.ts';
import { type Rgb, shadow, shine } from './paint.ts';
import type { Polygon } from './raster.ts';
import { ribbon } from './shapes.ts';

/** A brim all round: bucket hats slope down, sun hats and fedoras stand out. */
export function roundBrim(brush: Brush, fit: HatFit): void {
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
export function drawHood(brush: Brush, fit: HatFit): void {
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
