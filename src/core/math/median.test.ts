import { expect, it } from 'vitest';
import { median } from './median.ts';

it('median: the middle value by size, the upper one of two, and none of nothing', () => {
  const values = [10, 9, 100];
  expect(median(values)).toBe(10);
  expect(values).toEqual([10, 9, 100]);
  expect(median([4, 1, 3, 2])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});
