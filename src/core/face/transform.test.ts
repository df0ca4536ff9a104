import { describe, expect, it } from 'vitest';
import { applySimilarity, fitSimilarity, invertSimilarity } from './transform.ts';

const triangle = [
  { x: 3, y: 1 },
  { x: -2, y: 5 },
  { x: 7, y: -4 },
];

/** Rotates, scales and shifts with sine and cosine, apart from the code under test. */
const moved = (angle: number, scale: number, dx: number, dy: number) =>
  triangle.map(({ x, y }) => ({
    x: scale * (Math.cos(angle) * x - Math.sin(angle) * y) + dx,
    y: scale * (Math.sin(angle) * x + Math.cos(angle) * y) + dy,
  }));

describe('fitSimilarity', () => {
  it('recovers the rotation, scale and shift that made the points', () => {
    const fitted = fitSimilarity(triangle, moved(0.7, 2.5, -10, 4));
    expect(fitted.a).toBeCloseTo(2.5 * Math.cos(0.7), 12);
    expect(fitted.b).toBeCloseTo(2.5 * Math.sin(0.7), 12);
    expect(fitted.tx).toBeCloseTo(-10, 12);
    expect(fitted.ty).toBeCloseTo(4, 12);
  });

  it('has the smallest squared error: every small change makes it larger', () => {
    const target = moved(0.3, 1.2, 5, 6).map(({ x, y }, i) => ({
      x: x + [0.8, -0.5, 0.1][i]!,
      y: y - 0.4 * i,
    }));
    const error = (m: ReturnType<typeof fitSimilarity>) =>
      triangle.reduce((sum, point, i) => {
        const { x, y } = applySimilarity(m, point);
        return sum + (x - target[i]!.x) ** 2 + (y - target[i]!.y) ** 2;
      }, 0);
    const best = fitSimilarity(triangle, target);
    for (const key of ['a', 'b', 'tx', 'ty'] as const)
      for (const change of [-1e-3, 1e-3])
        expect(error({ ...best, [key]: best[key] + change })).toBeGreaterThan(error(best));
  });

  it('never mirrors, even where a mirror would fit better', () => {
    const mirrored = triangle.map(({ x, y }) => ({ x: -x, y }));
    const { a, b } = fitSimilarity(triangle, mirrored);
    // x axis to (a, b), y axis to (-b, a): the determinant of that is a sum of squares
    expect(a * a + b * b).toBeGreaterThan(0);
    expect(a * a + b * b).toBeLessThan(1);
  });

  it('refuses points that leave rotation and scale open', () => {
    expect(() => fitSimilarity([triangle[0]!], [triangle[0]!])).toThrow(RangeError);
    expect(() => fitSimilarity([triangle[0]!, triangle[0]!], triangle.slice(0, 2))).toThrow(RangeError);
  });
});

describe('invertSimilarity', () => {
  it('leads every point back', () => {
    const map = { a: 1.3, b: -0.4, tx: 12, ty: -3 };
    const inverse = invertSimilarity(map);
    for (const point of [
      { x: 0, y: 0 },
      { x: 5, y: -7 },
      { x: 0.5, y: 100 },
    ]) {
      const { x, y } = applySimilarity(inverse, applySimilarity(map, point));
      expect(x).toBeCloseTo(point.x, 12);
      expect(y).toBeCloseTo(point.y, 12);
    }
  });
});
