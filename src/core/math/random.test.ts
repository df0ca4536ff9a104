import { describe, expect, it } from 'vitest';
import { createRng, normalTable, pickWeighted } from './random.ts';

const draw = (seed: number, count: number) => {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => rng.next());
};

describe('createRng', () => {
  it('repeats its stream for a seed and differs for the next', () => {
    expect(draw(7, 50)).toEqual(draw(7, 50));
    expect(draw(7, 50)).not.toEqual(draw(8, 50));
  });

  it('tells seeds apart that agree in their low 32 bits', () => {
    expect(draw(5, 4)).not.toEqual(draw(5 + 2 ** 32, 4));
  });

  it('is uniform: mean and variance of 100,000 draws within five standard errors', () => {
    const values = draw(3, 100_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / values.length));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(0.002);
  });

  it('first draws of consecutive seeds are uncorrelated', () => {
    const firsts = Array.from({ length: 20_000 }, (_, seed) => draw(seed, 1)[0]! - 0.5);
    const lag = firsts.slice(1).reduce((sum, value, i) => sum + value * firsts[i]!, 0) / firsts.length;
    expect(Math.abs(lag * 12)).toBeLessThan(5 / Math.sqrt(firsts.length));
  });

  it('draws nothing for certain and impossible events', () => {
    const rng = createRng(1);
    expect([rng.chance(1), rng.chance(0)]).toEqual([true, false]);
    expect(rng.next()).toBe(createRng(1).next());
  });

  it('gives forks of their own', () => {
    const rng = createRng(1);
    expect(rng.fork().next()).not.toBe(rng.fork().next());
  });

  it('refuses to pick from nothing', () => {
    expect(() => createRng(1).pick([])).toThrow('empty');
    expect(() => pickWeighted(createRng(1), { a: 0 })).toThrow('weight');
  });
});

describe('pickWeighted', () => {
  it('follows the weights', () => {
    const rng = createRng(11);
    const counts = { a: 0, b: 0, c: 0 };
    for (let i = 0; i < 10_000; i++) counts[pickWeighted(rng, { a: 1, b: 3, c: 0 })]++;
    expect(counts.c).toBe(0);
    expect(counts.b / counts.a).toBeGreaterThan(2.7);
    expect(counts.b / counts.a).toBeLessThan(3.3);
  });
});

describe('normalTable', () => {
  it('has mean 0 and variance 1', () => {
    const table = normalTable(50_000, 1);
    const mean = table.reduce((sum, value) => sum + value, 0) / table.length;
    const variance = table.reduce((sum, value) => sum + value * value, 0) / table.length;
    expect(Math.abs(mean)).toBeLessThan(0.025);
    expect(Math.abs(variance - 1)).toBeLessThan(0.05);
  });
});
