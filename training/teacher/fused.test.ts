import { createRng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { centredEmbeddings, fuse, unit } from './fused.ts';

const rng = createRng(5);
const vector = (size: number) => Float32Array.from({ length: size }, () => rng.between(-1, 1));

describe('fuse', () => {
  it('gives the mean of all teachers’ cosines, weighted by the squares of their shares', () => {
    const [a1, b1, a2, b2, a3, b3] = Array.from({ length: 6 }, () => unit(vector(8)));
    const fused = (first: Float32Array, second: Float32Array, third: Float32Array) =>
      fuse(
        first,
        [
          { direction: second, share: 1.5 },
          { direction: third, share: 0.5 },
        ],
        30,
      );
    const cosine = dot(fused(a1!, a2!, a3!), fused(b1!, b2!, b3!));
    const [c1, c2, c3] = [dot(a1!, b1!), dot(a2!, b2!), dot(a3!, b3!)];
    expect(cosine).toBeCloseTo((c1 + 2.25 * c2 + 0.25 * c3) / 3.5, 6);
  });

  it('leaves the place of a teacher that found no face to itself', () => {
    const [first, third] = [unit(vector(8)), unit(vector(8))];
    const fused = fuse(
      first,
      [
        { direction: undefined, share: 1 },
        { direction: third, share: 1 },
      ],
      24,
    );
    expect([...fused.subarray(8, 16)]).toEqual(new Array(8).fill(0));
    expect(dot(fused.subarray(16), third)).toBeCloseTo(Math.SQRT1_2, 6);
  });

  it('refuses an embedding that is too narrow for all', () => {
    expect(() => fuse(vector(8), [{ direction: vector(8), share: 0.5 }], 15)).toThrow(
      "cannot hold the teachers' 16",
    );
  });
});

describe('centredEmbeddings', () => {
  it('takes the mean direction off, so that strangers no longer look alike', () => {
    const common = unit(vector(16)).map((value) => 3 * value);
    const stored = new Map(
      Array.from({ length: 60 }, (_, i) => [`p${i}`, common.map((value, k) => value + unit(vector(16))[k]!)]),
    );
    const centred = centredEmbeddings(stored);
    const between = (of: (path: string) => Float32Array) =>
      [...stored.keys()].slice(1).reduce((sum, path) => sum + dot(of('p0'), of(path)), 0) / 59;
    expect(between((path) => unit(stored.get(path)!))).toBeGreaterThan(0.7);
    expect(Math.abs(between((path) => centred.of(path)!))).toBeLessThan(0.15);
    expect(centred.of('unknown')).toBeUndefined();
  });
});
