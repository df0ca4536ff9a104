import { createRng } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { centredEmbeddings, fuse, unit } from './fused.ts';

const rng = createRng(5);
const vector = (size: number) => Float32Array.from({ length: size }, () => rng.between(-1, 1));

describe('fuse', () => {
  it('gives the weighted mean of both teachers’ cosines', () => {
    const [a1, b1, a2, b2] = [vector(8), vector(8), vector(6), vector(6)].map(unit);
    const cosine = dot(fuse(a1!, a2, 0.5, 20), fuse(b1!, b2, 0.5, 20));
    expect(cosine).toBeCloseTo((dot(a1!, b1!) + 0.25 * dot(a2!, b2!)) / 1.25, 6);
  });

  it('refuses an embedding that is too narrow for both', () => {
    expect(() => fuse(vector(8), vector(6), 0.5, 13)).toThrow(
      'cannot hold the teachers’ 14'.replace('’', "'"),
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
