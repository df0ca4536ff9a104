import { describe, expect, it } from 'vitest';
import { Rate } from './progress.ts';

describe('the rate of progress', () => {
  it('is unknown before any time has gone by', () => {
    expect(new Rate(1000, 0).update(1000, 5)).toBeNull();
  });

  it('counts the pieces since the beginning, not those that were done before', () => {
    expect(new Rate(0, 500).update(2000, 520)).toBe(10);
  });

  it('follows a change within about a minute', () => {
    const rate = new Rate(0, 0);
    let [second, done] = [0, 0];
    /** The rate after so many seconds more at so many pieces a second. */
    const after = (seconds: number, pieces: number): number => {
      let last = 0;
      for (const end = second + seconds; second < end; ) {
        second++;
        done += pieces;
        last = rate.update(second * 1000, done)!;
      }
      return last;
    };
    expect(after(300, 10)).toBe(10);
    const between = after(30, 2);
    expect(between).toBeGreaterThan(2);
    expect(between).toBeLessThan(10);
    expect(after(35, 2)).toBe(2);
  });

  it('is taken over a longer time where pieces come more seldom', () => {
    const rate = new Rate(0, 0);
    rate.update(200_000, 1);
    expect(rate.update(400_000, 2)).toBeCloseTo(0.005, 6);
  });
});
