import { describe, expect, it } from 'vitest';
import { createRng, fractal, noise } from './rng.ts';

describe('createRng', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 8 }, createRng(seed).next);
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('draws normals with the wanted mean and deviation, clipped', () => {
    const rng = createRng(1);
    const values = Array.from({ length: 20_000 }, () => rng.normal(3, 2, 2.5));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(3, 1);
    // clipping at 2.5 standard deviations takes 2 % off the spread
    expect(deviation).toBeGreaterThan(1.88);
    expect(deviation).toBeLessThan(2.02);
    expect(Math.max(...values)).toBeLessThanOrEqual(8);
  });

  it('draws keys in proportion to their weights and never one of weight 0', () => {
    const rng = createRng(2);
    const counts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 10_000; i++) counts[rng.weighted({ a: 3, b: 1, c: 0 })]++;
    expect(counts.c).toBe(0);
    expect(counts.a / counts.b).toBeGreaterThan(2.7);
    expect(counts.a / counts.b).toBeLessThan(3.3);
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const a = createRng(9);
    const b = createRng(9);
    a.next();
    expect(a.fork(3).next()).toBe(b.fork(3).next());
    expect(b.fork(3).next()).not.toBe(b.fork(4).next());
  });
});

describe('noise', () => {
  it('is smooth and stays in 0..1', () => {
    for (let i = 0; i < 500; i++) {
      const at = i * 0.37 - 60;
      for (const value of [noise(at, 2, -at), fractal(at, at, 1)]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThan(1);
      }
      expect(Math.abs(noise(at + 1e-4, 0, 0) - noise(at, 0, 0))).toBeLessThan(1e-3);
    }
  });
});
