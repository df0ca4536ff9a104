import { describe, expect, it } from 'vitest';
import { CROP_SIZE } from '../warp.ts';
import { createCoverage, intersect, rasterise, soften } from './raster.ts';
import { ribbon, star } from './shapes.ts';

const sum = (data: Float32Array) => data.reduce((total, value) => total + value, 0);
/** Shoelace formula. */
const area = (polygon: readonly number[]) => {
  let twice = 0;
  for (let i = 0; i < polygon.length; i += 2) {
    const j = (i + 2) % polygon.length;
    twice += polygon[i]! * polygon[j + 1]! - polygon[j]! * polygon[i + 1]!;
  }
  return Math.abs(twice) / 2;
};

describe('rasterise', () => {
  it('covers exactly the area of a convex polygon, wherever its corners fall', () => {
    for (const turn of [0, 0.3, 1.1]) {
      const polygon = star(60.37, 71.81, 23.3, 9, 1, turn);
      expect(sum(rasterise([polygon], createCoverage()).data)).toBeCloseTo(area(polygon), 2);
    }
  });

  it('gives each pixel of an aligned box its share', () => {
    const { data } = rasterise([[10.25, 10, 12, 10, 12, 11.5, 10.25, 11.5]], createCoverage());
    const at = (x: number, y: number) => data[y * CROP_SIZE + x];
    expect([at(9, 10), at(10, 10), at(11, 10), at(12, 10)]).toEqual([0, 0.75, 1, 0]);
    expect([at(10, 11), at(11, 11)]).toEqual([0.375, 0.5]);
  });

  it('cuts at the picture and leaves nothing behind for the next shape', () => {
    const coverage = createCoverage();
    rasterise([[-50, -50, 300, -50, 300, 300, -50, 300]], coverage);
    expect(sum(coverage.data)).toBe(CROP_SIZE * CROP_SIZE);
    rasterise([[5, 5, 7, 5, 7, 7, 5, 7]], coverage);
    expect(sum(coverage.data)).toBeCloseTo(4, 5);
    expect(sum(rasterise([[200, 5, 210, 5, 210, 9]], coverage).data)).toBe(0);
  });

  it('closed ribbons have a hole', () => {
    const ring = ribbon(star(70, 70, 30, 24, 1, 0), 1.5, true);
    const { data } = rasterise(ring, createCoverage());
    expect(data[70 * CROP_SIZE + 70]).toBe(0);
    expect(sum(data)).toBeCloseTo(2 * Math.PI * 30 * 3, -1);
  });

  it('softening keeps the total; intersecting never adds', () => {
    const shape = rasterise([star(70, 70, 12, 8, 1, 0)], createCoverage());
    const before = sum(shape.data);
    soften(shape, 3);
    expect(sum(shape.data)).toBeCloseTo(before, 1);
    const half = rasterise([[0, 0, 70, 0, 70, 144, 0, 144]], createCoverage());
    expect(sum(intersect(shape, half).data)).toBeCloseTo(before / 2, 0);
  });
});
