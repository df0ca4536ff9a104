import { describe, expect, it } from 'vitest';
import { stanceAt, type Walk } from './motion.ts';

const walk: Walk = { enter: 1, stay: 8, leave: 1, from: 'left', to: 'right' };

describe('stanceAt', () => {
  it('comes from one side, stands in the middle and leaves to the other', () => {
    expect(stanceAt(walk, 0)!.x).toBeLessThan(-0.7);
    expect(Math.abs(stanceAt(walk, 4)!.x)).toBeLessThan(0.02);
    expect(stanceAt(walk, 9.99)!.x).toBeGreaterThan(0.7);
    expect(stanceAt(walk, 0)!.scale).toBeLessThan(stanceAt(walk, 4)!.scale);
  });

  it('is nobody before and after', () => {
    expect(stanceAt(walk, -0.01)).toBeNull();
    expect(stanceAt(walk, 10)).toBeNull();
  });

  it('moves without a jump', () => {
    for (let t = 0; t < 9.9; t += 1 / 30) {
      const a = stanceAt(walk, t)!;
      const b = stanceAt(walk, t + 1 / 30)!;
      expect(Math.abs(a.x - b.x)).toBeLessThan(0.06);
      expect(Math.abs(a.scale - b.scale)).toBeLessThan(0.03);
    }
  });

  it('blinks and turns while standing, and does neither when it is to keep still', () => {
    const frames = (lively: boolean): Set<string> =>
      new Set(Array.from({ length: 240 }, (_, i) => stanceAt(walk, 1 + i / 30, lively)!.frame));
    expect(frames(true)).toEqual(new Set(['rest', 'blink', 'right']));
    expect(frames(false)).toEqual(new Set(['rest']));
  });
});
