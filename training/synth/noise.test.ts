import { describe, expect, it } from 'vitest';
import { fractal, noise } from './noise.ts';

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
