import type { Rng } from '@rounz/core/math/random.ts';
import { flat, type Head, type Point } from './head.ts';
import type { Rgb } from './paint.ts';
import type { Polygon } from './raster.ts';
import { ribbon, star } from './shapes.ts';

/**
 * A badge, a word of strokes or a figure in the middle of a hat's front.
 * @param place from face pixels, right and down of the front's lowest middle, to the crop
 */
export function drawLogo(
  rng: Rng,
  head: Head,
  place: (u: number, v: number) => Point,
  fill: (polygons: readonly Polygon[], colour: Rgb) => void,
): void {
  const colour: Rgb = rng.pick<Rgb>([
    [240, 240, 238],
    [240, 240, 238],
    [20, 20, 22],
    [196, 40, 44],
    [40, 70, 150],
    [226, 190, 80],
    [60, 140, 80],
  ]);
  const height = rng.between(-26, -12);
  const centre = place(0, height);
  const radius = rng.between(4, 10) * head.scale;
  const kind = rng.below(4);
  const tips = 2 + rng.below(5);
  const inner = rng.between(0.3, 0.9);
  const turn = rng.between(0, 2);
  if (kind === 0) fill([star(centre.x, centre.y, radius, tips + 1, inner, turn)], colour);
  if (kind === 1) {
    fill([star(centre.x, centre.y, radius, 10, 1, 0)], anyColour(rng));
    fill([star(centre.x, centre.y, radius * 0.6, tips, inner, turn)], colour);
  }
  if (kind === 2) fill(word(rng, place, height, head.scale), colour);
  if (kind === 3) {
    const wide = rng.between(6, 14);
    const high = rng.between(3, 8);
    const corners = [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const;
    fill([flat(corners.map(([u, v]) => place(u * wide, height + v * high)))], colour);
    fill(word(rng, place, height, head.scale * 0.7), anyColour(rng));
  }
}

const anyColour = (rng: Rng): Rgb => [rng.below(256), rng.below(256), rng.below(256)];

/** Letters of two or three random strokes; nobody reads them at this size. */
function word(rng: Rng, place: (u: number, v: number) => Point, height: number, scale: number): Polygon[] {
  const letters = 1 + rng.below(6);
  const wide = rng.between(2, letters < 3 ? 8 : 4);
  const high = wide * rng.between(0.8, 1.6);
  const pen = wide * rng.between(0.12, 0.25) * scale;
  const strokes: Polygon[] = [];
  for (let letter = 0; letter < letters; letter++) {
    const left = (letter - letters / 2) * wide * 1.5;
    for (let stroke = 0; stroke < 2 + rng.below(2); stroke++) {
      const a = place(left + rng.below(2) * wide, height + (rng.below(3) / 2 - 0.5) * 2 * high);
      const b = place(left + rng.below(2) * wide, height + (rng.below(3) / 2 - 0.5) * 2 * high);
      if (a.x !== b.x || a.y !== b.y) strokes.push(...ribbon([a.x, a.y, b.x, b.y], pen));
    }
  }
  return strokes;
}
