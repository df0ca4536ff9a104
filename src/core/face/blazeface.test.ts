import { describe, expect, it } from 'vitest';
import { BLAZEFACE, type Candidate, decodeGrid } from './blazeface.ts';
import { blendOverlapping, intersectionOverUnion } from './nms.ts';

const box = (score: number, x: number, y: number, size: number): Candidate => ({
  score,
  x,
  y,
  width: size,
  height: size,
  keypoints: [{ x: x + 1, y: y + 1 }],
});

describe('decodeGrid', () => {
  const [fine, coarse] = BLAZEFACE.grids;

  it('has 896 anchors, as the network was trained with', () => {
    const anchors = BLAZEFACE.grids.map(
      ({ stride, anchors }) => (BLAZEFACE.inputSize / stride) ** 2 * anchors,
    );
    expect(anchors).toEqual([512, 384]);
  });

  it('places an anchor in the centre of its cell, rows first, and reads centre, size and keypoints', () => {
    const scores = new Float32Array(512).fill(-100);
    const boxes = new Float32Array(512 * 16);
    const cell = 3 * 16 + 5; // row 3, column 5
    scores[cell * 2 + 1] = 0;
    boxes.set([4, -2, 40, 30, 1, 2], (cell * 2 + 1) * 16);
    const [found, ...others] = decodeGrid(fine, 256, scores, boxes, 0.1);
    expect(others).toHaveLength(0);
    expect(found!.score).toBeCloseTo(0.5, 12);
    // cell centre: x = 5.5 * 16 = 88, y = 3.5 * 16 = 56
    expect(found).toMatchObject({ x: 88 + 4 - 20, y: 56 - 2 - 15, width: 40, height: 30 });
    expect(found!.keypoints[0]).toEqual({ x: 89, y: 58 });
    expect(found!.keypoints[5]).toEqual({ x: 88, y: 56 });
  });

  it('keeps what reaches the score and nothing else', () => {
    const scores = new Float32Array(384).fill(-100);
    scores[10] = Math.log(0.31 / 0.69);
    scores[11] = Math.log(0.29 / 0.71);
    expect(decodeGrid(coarse, 256, scores, new Float32Array(384 * 16), 0.3)).toHaveLength(1);
  });
});

describe('blendOverlapping', () => {
  it('measures overlap as intersection over union', () => {
    expect(intersectionOverUnion(box(1, 0, 0, 10), box(1, 5, 0, 10))).toBeCloseTo(50 / 150, 12);
    expect(intersectionOverUnion(box(1, 0, 0, 10), box(1, 20, 0, 10))).toBe(0);
  });

  it('blends one face by score and leaves another face alone', () => {
    const blended = blendOverlapping([box(0.2, 2, 0, 10), box(0.6, 0, 0, 10), box(0.5, 50, 50, 10)], 0.3);
    expect(blended).toHaveLength(2);
    expect(blended[0]!.score).toBe(0.6);
    expect(blended[0]!.x).toBeCloseTo((0.6 * 0 + 0.2 * 2) / 0.8, 12);
    expect(blended[0]!.keypoints[0]!.x).toBeCloseTo(1.5, 12);
    expect(blended[1]).toEqual(box(0.5, 50, 50, 10));
  });
});
