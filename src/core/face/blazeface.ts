import type { PlanePoint } from './transform.ts';

function layer(number: number): string {
  return `StatefulPartitionedCall/functional_1/conv2d_${number}/BiasAdd`;
}

/**
 * Blazeface, full-range model with a 256x256 input (Bazarevsky et al. 2019, arXiv 1907.05047). 896 anchors: two on each
 * cell of a 16x16 grid, six on each cell of an 8x8 grid, without sizes of their own. It is convolutional: an input of other
 * sides, multiples of the coarse grid's stride, has as many fewer cells.
 */
export const BLAZEFACE = {
  /** pixels, both sides of the input that it was trained with */
  inputSize: 256,
  /** input value = byte * gain + bias, so -1..1 */
  gain: 1 / 127.5,
  bias: -1,
  /**
   * last layers: one pair (scores, boxes) for each grid, with pixels a cell and anchors a cell; outputs behind are of fixed sides
   */
  grids: [
    { stride: 16, anchors: 2, scores: layer(33), boxes: layer(35) },
    { stride: 32, anchors: 6, scores: layer(34), boxes: layer(36) },
  ],
  /** values of one box: centre, size, then six keypoints (eyes, nose, mouth, ears; the subject's right first) */
  boxValues: 16,
  keypoints: 6,
} as const;

/** A candidate in pixels of the input. */
export interface Candidate {
  /** sigmoid of the network's logit, 0..1 */
  readonly score: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly keypoints: readonly PlanePoint[];
}

type Grid = (typeof BLAZEFACE.grids)[number];

/**
 * Candidates of one grid at or above `minScore`. `scores` holds one logit and `boxes` 16 values (input pixels relative
 * to the anchor's cell centre) for each anchor, rows of cells first, anchors innermost.
 *
 * @param width of the input, pixels
 */
export function decodeGrid(
  { stride, anchors }: Grid,
  width: number,
  scores: ArrayLike<number>,
  boxes: ArrayLike<number>,
  minScore: number,
): Candidate[] {
  const columns = width / stride;
  const minLogit = Math.log(minScore / (1 - minScore));
  const found: Candidate[] = [];
  for (let i = 0; i < scores.length; i++) {
    const logit = scores[i]!;
    if (!(logit >= minLogit)) continue;
    const cell = Math.floor(i / anchors);
    const anchorX = ((cell % columns) + 0.5) * stride;
    const anchorY = (Math.floor(cell / columns) + 0.5) * stride;
    found.push(decodeBox(boxes, i * BLAZEFACE.boxValues, anchorX, anchorY, 1 / (1 + Math.exp(-logit))));
  }
  return found;
}

function decodeBox(
  boxes: ArrayLike<number>,
  offset: number,
  anchorX: number,
  anchorY: number,
  score: number,
): Candidate {
  const width = boxes[offset + 2]!;
  const height = boxes[offset + 3]!;
  const keypoints = Array.from({ length: BLAZEFACE.keypoints }, (_, k) => ({
    x: anchorX + boxes[offset + 4 + 2 * k]!,
    y: anchorY + boxes[offset + 5 + 2 * k]!,
  }));
  return {
    score,
    x: anchorX + boxes[offset]! - width / 2,
    y: anchorY + boxes[offset + 1]! - height / 2,
    width,
    height,
    keypoints,
  };
}
