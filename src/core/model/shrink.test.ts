import { describe, expect, it } from 'vitest';
import { shrink } from './shrink.ts';

describe('shrink', () => {
  it('averages whole blocks', () => {
    const source = Uint8ClampedArray.from({ length: 4 * 4 * 3 }, (_, i) => i * 5);
    const small = shrink(source, 4, 2);
    const block = [0, 1].flatMap((y) => [0, 1].map((x) => source[(y * 4 + x) * 3]!));
    expect(small[0]).toBeCloseTo(block.reduce((a, b) => a + b) / 4, 4);
    expect(small).toHaveLength(12);
  });

  it('keeps the mean of a picture at a fractional ratio', () => {
    const source = Uint8ClampedArray.from({ length: 7 * 7 * 3 }, (_, i) => (i * 37) % 251);
    const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b) / values.length;
    expect(mean(shrink(source, 7, 4))).toBeCloseTo(mean(source), 3);
  });

  it('changes nothing at the same size and refuses to enlarge', () => {
    const source = Uint8ClampedArray.from({ length: 27 }, (_, i) => i);
    expect([...shrink(source, 3, 3)]).toEqual([...source]);
    expect(() => shrink(source, 3, 4)).toThrow(RangeError);
  });
});
