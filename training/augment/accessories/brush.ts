import type { Rng } from '../rng.ts';
import type { Head } from './head.ts';
import { type Paint, paint } from './paint.ts';
import { createCoverage, intersect, type Polygon, rasterise, soften } from './raster.ts';
import type { Scene } from './scene.ts';

const shape = createCoverage();
const frame = createCoverage();

export interface FillOptions {
  /** width of a soft edge, crop pixels */
  readonly soft?: number;
  /** only inside these polygons */
  readonly within?: readonly Polygon[];
}

/** Everything that drawing on one face needs. Valid until the next face: the coverage buffers are shared. */
export interface Brush {
  readonly head: Head;
  readonly scene: Scene;
  readonly rng: Rng;
  fill(polygons: readonly Polygon[], what: Paint, options?: FillOptions): void;
}

export function createBrush(crop: Uint8ClampedArray, head: Head, scene: Scene, rng: Rng): Brush {
  let framed: readonly Polygon[] | undefined;
  return {
    head,
    scene,
    rng,
    fill(polygons, what, { soft = 0, within } = {}) {
      rasterise(polygons, shape);
      if (soft >= 0.5) soften(shape, soft / 2);
      if (within !== undefined) {
        if (within !== framed) rasterise(within, frame);
        framed = within;
        intersect(shape, frame);
      }
      paint(crop, shape, what, scene.light);
    },
  };
}
