import { createRng } from '@rounz/core/math/random.ts';
import { expect, it } from 'vitest';
import { compareThresholds, type GroupedScore } from './group-thresholds.ts';

/** Impostors of group b score higher by `shift`, and so do its genuine comparisons. */
function scores(shift: number): GroupedScore[] {
  const rng = createRng(1);
  const noise = () => rng.between(-1, 1) + rng.between(-1, 1);
  return Array.from({ length: 24_000 }, (_, i): GroupedScore => {
    const [group, half, genuine] = [i % 2 ? 'b' : 'a', (i >> 1) % 2 ? 1 : 0, i % 8 < 2] as const;
    return { score: noise() + (genuine ? 1.5 : 0) + (group === 'b' ? shift : 0), genuine, group, half };
  });
}

it('thresholds by group find more people if the groups’ scores differ', () => {
  const { common, grouped } = compareThresholds(scores(1), 0.01);
  expect(grouped.tar).toBeGreaterThan(common.tar + 0.1);
  for (const { fmr } of [common, grouped]) expect(fmr).toBeCloseTo(0.01, 2);
});

it('thresholds by group find no more people if the groups’ scores do not differ', () => {
  const { common, grouped } = compareThresholds(scores(0), 0.01);
  expect(Math.abs(grouped.tar - common.tar)).toBeLessThan(0.02);
});
