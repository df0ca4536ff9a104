import type { AlignedCrop, RgbaImage } from '../image.ts';
import type { FivePoints } from './face.ts';
import { type Pyramid, pyramidOf } from './pyramid.ts';
import { applySimilarity, fitSimilarity, invertSimilarity, type Similarity } from './transform.ts';
import { samplePatch } from './warp.ts';

/** ArcFace's template (Deng et al. 2019, insightface `arcface_dst`), in pixels of a 112x112 crop. */
export const ARCFACE_TEMPLATE = {
  size: 112,
  points: [
    { x: 38.2946, y: 51.6963 },
    { x: 73.5318, y: 51.5014 },
    { x: 56.0252, y: 71.7366 },
    { x: 41.5493, y: 92.3655 },
    { x: 70.7299, y: 92.2041 },
  ],
} as const;

export interface AlignOptions {
  /** side of the crop without margin, pixels */
  readonly size: number;
  /** pixels added on each side at the same scale; the template stays in the centre */
  readonly margin: number;
}

export const DEFAULT_ALIGN: AlignOptions = { size: ARCFACE_TEMPLATE.size, margin: 0 };

/** The least-squares similarity from the picture's pixels to the crop's. */
export function alignmentOf(points: FivePoints, { size, margin }: AlignOptions = DEFAULT_ALIGN): Similarity {
  const scale = size / ARCFACE_TEMPLATE.size;
  const template = ARCFACE_TEMPLATE.points.map(({ x, y }) => ({
    x: x * scale + margin,
    y: y * scale + margin,
  }));
  return fitSimilarity(points, template);
}

/**
 * The face brought onto ArcFace's template: `(size + 2 margin)` square, RGB; the picture's edge pixels continue beyond
 * its edge. Throws a RangeError when the five points coincide.
 */
export function alignFace(
  image: RgbaImage | Pyramid,
  points: FivePoints,
  options: AlignOptions = DEFAULT_ALIGN,
): AlignedCrop {
  const pyramid = pyramidOf(image);
  const side = options.size + 2 * options.margin;
  const data = new Uint8ClampedArray(side * side * 3);
  const toPicture = invertSimilarity(alignmentOf(points, options));
  samplePatch(pyramid, { width: side, height: side, toPicture, border: 'replicate', gain: 1, bias: 0 }, data);
  return { data, size: side };
}

/** The mesh's x and y in the crop's pixels: `n * 2` values from `n * 3`. */
export function meshInCrop(
  mesh: Float32Array,
  points: FivePoints,
  options: AlignOptions = DEFAULT_ALIGN,
): Float32Array {
  const toCrop = alignmentOf(points, options);
  const out = new Float32Array((mesh.length / 3) * 2);
  for (let i = 0; i < mesh.length / 3; i++) {
    const { x, y } = applySimilarity(toCrop, { x: mesh[3 * i]!, y: mesh[3 * i + 1]! });
    out[2 * i] = x;
    out[2 * i + 1] = y;
  }
  return out;
}
