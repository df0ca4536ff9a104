import { describe, expect, it } from 'vitest';
import { createLabelledRng } from './labelled-rng.ts';

describe('createLabelledRng', () => {
  it('gives the same stream for the same seed and another for another', () => {
    const draw = (seed: number): number[] => Array.from({ length: 8 }, createLabelledRng(seed).next);
    expect(draw(5)).toEqual(draw(5));
    expect(draw(5)).not.toEqual(draw(6));
  });

  it('draws normals with the wanted mean and deviation, clipped', () => {
    const rng = createLabelledRng(1);
    const values = Array.from({ length: 20_000 }, () => rng.normal(3, 2, 2.5));
    const mean = values.reduce((a, b) => a + b) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    expect(mean).toBeCloseTo(3, 1);
    // clipping at 2.5 standard deviations takes 2 % off the spread
    expect(deviation).toBeGreaterThan(1.88);
    expect(deviation).toBeLessThan(2.02);
    expect(Math.max(...values)).toBeLessThanOrEqual(8);
  });

  it('forks streams that do not depend on what was drawn before', () => {
    const a = createLabelledRng(9);
    const b = createLabelledRng(9);
    a.next();
    expect(a.fork(3).next()).toBe(b.fork(3).next());
    expect(b.fork(3).next()).not.toBe(b.fork(4).next());
  });
});
