import { describe, expect, it } from 'vitest';
import type { ScheduleConfig } from '../recipes/schema.ts';
import { rateShare, sizeAt } from './schedule.ts';

const TOTAL = 1000;

describe('StepLR', () => {
  const config: ScheduleConfig = { kind: 'step', warmupImages: 0, factor: 0.1, milestones: [0.3, 0.6, 0.9] };

  it('is multiplied at each milestone and nowhere else', () => {
    // By hand, as a learner of the rate would keep it: one variable that is multiplied when a milestone is passed.
    let rate = 1;
    for (let seen = 0; seen <= TOTAL; seen++) {
      if (seen === 300 || seen === 600 || seen === 900) rate *= 0.1;
      expect(rateShare(config, seen, TOTAL)).toBeCloseTo(rate, 12);
    }
  });
});

describe('CosineAnnealingLR', () => {
  const floor = 0.02;
  const config = { kind: 'cosine', warmupImages: 0, floor } as const;

  it('follows the recurrence of its closed form', () => {
    // eta(t+1) = floor + (eta(t) - floor) * (1 + cos(pi (t+1)/T)) / (1 + cos(pi t/T)): the chained form.
    let rate = 1;
    for (let seen = 0; seen < TOTAL - 1; seen++) {
      expect(rateShare(config, seen, TOTAL)).toBeCloseTo(rate, 9);
      const ratio = (1 + Math.cos((Math.PI * (seen + 1)) / TOTAL)) / (1 + Math.cos((Math.PI * seen) / TOTAL));
      rate = floor + (rate - floor) * ratio;
    }
  });

  it('starts at 1, is half way at half time, and ends at its floor and stays there', () => {
    expect(rateShare(config, 0, TOTAL)).toBe(1);
    expect(rateShare(config, 500, TOTAL)).toBeCloseTo((1 + floor) / 2, 12);
    expect(rateShare(config, TOTAL, TOTAL)).toBeCloseTo(floor, 12);
    expect(rateShare(config, 2 * TOTAL, TOTAL)).toBeCloseTo(floor, 12);
  });
});

describe('warm-up', () => {
  it('is linear and multiplies what comes after', () => {
    const plain = { kind: 'cosine', warmupImages: 0, floor: 0 } as const;
    const warm = { ...plain, warmupImages: 200 };
    for (const seen of [0, 50, 100, 199])
      expect(rateShare(warm, seen, TOTAL)).toBeCloseTo((seen / 200) * rateShare(plain, seen, TOTAL), 12);
    expect(rateShare(warm, 200, TOTAL)).toBe(rateShare(plain, 200, TOTAL));
  });

  it('of a constant rate ends at the rate itself', () => {
    const config = { kind: 'constant', warmupImages: 10 } as const;
    expect([0, 5, 10, 999].map((seen) => rateShare(config, seen, TOTAL))).toEqual([0, 0.5, 1, 1]);
  });
});

describe('progressive size', () => {
  const stages = [
    { until: 0.5, size: 64 },
    { until: 0.8, size: 96 },
    { until: 1, size: 112 },
  ];

  it('changes at its shares of the run, and keeps the last size beyond', () => {
    expect([0, 499, 500, 799, 800, 1000, 1500].map((seen) => sizeAt(stages, seen, TOTAL))).toEqual([
      64, 64, 96, 96, 112, 112, 112,
    ]);
  });
});
