import type { Rng } from '@rounz/core/math/random.ts';
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

/** Half of the photographs are softer than a drawn edge; there, edges are blurred by a pixel or so. */
const SOFT_EDGES = 0.4;

export function createBrush(crop: Uint8ClampedArray, head: Head, scene: Scene, rng: Rng): Brush {
  let framed: readonly Polygon[] | undefined;
  const edge = rng.chance(SOFT_EDGES) ? 2 : 0;
  return {
    head,
    scene,
    rng,
    fill(polygons, what, { soft = 0, within } = {}) {
      rasterise(polygons, shape);
      if (Math.max(soft, edge) >= 1) soften(shape, Math.max(soft, edge) / 2);
      if (within !== undefined) {
        if (within !== framed) rasterise(within, frame);
        framed = within;
        intersect(shape, frame);
      }
      paint(crop, shape, what, scene.light);
    },
  };
}
