import { expect, test } from 'vitest';
import { leastSquares } from './least-squares.ts';

test('leastSquares: finds a line through points that lie on it, and the mean where only that is asked', () => {
  const [line] = leastSquares(
    [
      [1, 0],
      [1, 1],
      [1, 2],
    ],
    [[1, 3, 5]],
  );
  expect(line![0]).toBeCloseTo(1, 12);
  expect(line![1]).toBeCloseTo(2, 12);
  expect(leastSquares([[1], [1], [1]], [[1, 2, 6]])[0]![0]).toBeCloseTo(3, 12);
});

test('leastSquares: rows that leave an unknown open are refused', () => {
  expect(() =>
    leastSquares(
      [
        [1, 2],
        [2, 4],
      ],
      [[1, 2]],
    ),
  ).toThrow(RangeError);
});
