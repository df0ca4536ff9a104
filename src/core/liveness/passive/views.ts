import { ARCFACE_TEMPLATE, alignmentOf } from '../../face/align.ts';
import type { FivePoints } from '../../face/face.ts';
import { type Pyramid, pyramidOf } from '../../face/pyramid.ts';
import { invertSimilarity, type Similarity } from '../../face/transform.ts';
import { samplePatch } from '../../face/warp.ts';
import type { RgbaImage } from '../../image.ts';
import { PASSIVE_VIEWS, type PassiveView, type PassiveViewName } from './config.ts';

/** RGB, `size * size * 3` values each, 0..255, upright. */
export type PassiveViews = Readonly<Record<PassiveViewName, Uint8ClampedArray>>;

const [LEFT, RIGHT] = ARCFACE_TEMPLATE.points;
/** Distance between the eyes and the middle, pixels of ArcFace's template. */
const TEMPLATE = { eyes: RIGHT.x - LEFT.x, middle: ARCFACE_TEMPLATE.size / 2 } as const;

/**
 * The two cut-outs around a face. The picture is mirrored beyond its edge: a black border would look like a bezel.
 * Throws a RangeError where the five points coincide.
 */
export function passiveViews(image: RgbaImage | Pyramid, points: FivePoints): PassiveViews {
  const pyramid = pyramidOf(image);
  const fromTemplate = invertSimilarity(alignmentOf(points));
  const cut = (view: PassiveView): Uint8ClampedArray => {
    const { size } = view;
    const data = new Uint8ClampedArray(size * size * 3);
    const toPicture = fromView(view, fromTemplate);
    samplePatch(pyramid, { width: size, height: size, toPicture, border: 'mirror', gain: 1, bias: 0 }, data);
    return data;
  };
  return { context: cut(PASSIVE_VIEWS.context), detail: cut(PASSIVE_VIEWS.detail) };
}

/** From a cut-out's pixels to the picture's: both have the template's middle in theirs. */
function fromView({ size, span }: PassiveView, { a, b, tx, ty }: Similarity): Similarity {
  const scale = (span * TEMPLATE.eyes) / size;
  const first = TEMPLATE.middle - (scale * size) / 2;
  return {
    a: a * scale,
    b: b * scale,
    tx: a * first - b * first + tx,
    ty: b * first + a * first + ty,
  };
}
