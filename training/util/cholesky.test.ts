import { Matrix } from 'ml-matrix';
import { expect, it } from 'vitest';
import { choleskyOf } from './cholesky.ts';

it('choleskyOf takes sums that are symmetric but for rounding', () => {
  const rounded = new Matrix([
    [4, 1 + 1e-7],
    [1 - 1e-7, 3],
  ]);
  const solution = choleskyOf(rounded).solve(Matrix.columnVector([6, 7]));
  expect(solution.get(0, 0)).toBeCloseTo(1, 6);
  expect(solution.get(1, 0)).toBeCloseTo(2, 6);
  expect(rounded.get(0, 1)).toBe(1 + 1e-7);
});
