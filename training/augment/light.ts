import type { Rng } from '@rounz/core/math/random.ts';
import type { AugmentConfig } from './config.ts';

/** The head as an ellipsoid in pixels of the output: centre, horizontal and vertical half axes. */
export interface HeadEllipse {
  readonly x: number;
  readonly y: number;
  readonly rx: number;
  readonly ry: number;
}

/** Normals are held this far from the silhouette, so that the rim does not go black and what lies beyond stays even. */
const RIM = 0.85;
/** Half Lambert: light reaches this far past the terminator (skin scatters, rooms reflect). */
const WRAP = 0.35;

/**
 * Lambertian light from one direction on an ellipsoid (a face's low-frequency shape; Basri and Jacobs 2003 show that
 * this order explains most of it), mixed with even light, mean about 1; then, at random, a cast shadow with a soft edge.
 */
export function applyLight(
  pixels: Uint8ClampedArray,
  size: number,
  head: HeadEllipse,
  config: AugmentConfig['light'],
  rng: Rng,
): void {
  if (!rng.chance(config.probability)) return;
  const azimuth = rng.between(-1, 1) * 1.4;
  const elevation = rng.between(-0.3, 1.1);
  const strength = rng.between(...config.strength);
  const lx = Math.sin(azimuth) * Math.cos(elevation);
  const ly = -Math.sin(elevation);
  const lz = Math.cos(azimuth) * Math.cos(elevation);
  // Brings the mean over the visible half back to about 1: the frontal half-Lambert mean falls with the angle.
  const level = strength / (0.45 + 0.55 * Math.max(0, lz));
  const shadow = rng.chance(config.cast) ? drawCast(config, rng, head) : undefined;

  let i = 0;
  for (let row = 0; row < size; row++) {
    const ny = (row + 0.5 - head.y) / head.ry;
    for (let column = 0; column < size; column++) {
      let nx = (column + 0.5 - head.x) / head.rx;
      let my = ny;
      let square = nx * nx + my * my;
      if (square > RIM) {
        const shrink = Math.sqrt(RIM / square);
        nx *= shrink;
        my *= shrink;
        square = RIM;
      }
      const lambert = (nx * lx + my * ly + Math.sqrt(1 - square) * lz + WRAP) / (1 + WRAP);
      let gain = 1 - strength + Math.max(0, lambert) * level;
      if (shadow !== undefined) {
        const depth = (column * shadow.x + row * shadow.y - shadow.offset) / shadow.softness;
        gain *= depth <= 0 ? 1 : depth >= 1 ? shadow.level : 1 + (shadow.level - 1) * depth;
      }
      pixels[i] = pixels[i]! * gain;
      pixels[i + 1] = pixels[i + 1]! * gain;
      pixels[i + 2] = pixels[i + 2]! * gain;
      i += 3;
    }
  }
}

/** A half-plane in shadow, its edge across the face. */
function drawCast(config: AugmentConfig['light'], rng: Rng, head: HeadEllipse) {
  const direction = rng.between(0, 2 * Math.PI);
  const x = Math.cos(direction);
  const y = Math.sin(direction);
  const through =
    (head.x + rng.between(-0.7, 0.7) * head.rx) * x + (head.y + rng.between(-0.7, 0.7) * head.ry) * y;
  const softness = rng.between(0.05, 0.5) * head.rx;
  return { x, y, offset: through, softness, level: rng.between(...config.castLevel) };
}
