import type { ScheduleConfig } from '../recipes/schema.ts';

/**
 * Learning rate, as a share of the base rate, after `seen` of `total` images.
 *
 * - warm-up: linear from 0 over `warmupImages`
 * - `cosine`: half a cosine from 1 to `floor` (Loshchilov and Hutter 2017, without restarts)
 * - `step`: times `factor` at each of `milestones` (shares of `total`)
 * - `constant`
 */
export function rateShare(config: ScheduleConfig, seen: number, total: number): number {
  const warm = config.warmupImages > 0 ? Math.min(1, seen / config.warmupImages) : 1;
  return warm * decayShare(config, Math.min(1, seen / total));
}

function decayShare(config: ScheduleConfig, progress: number): number {
  switch (config.kind) {
    case 'constant':
      return 1;
    case 'step':
      return config.factor ** config.milestones.filter((milestone) => progress >= milestone).length;
    case 'cosine':
      return config.floor + (1 - config.floor) * 0.5 * (1 + Math.cos(Math.PI * progress));
  }
}

/** Input side (pixels) after `seen` of `total` images: progressive size, smallest first. */
export function sizeAt(
  stages: readonly { until: number; size: number }[],
  seen: number,
  total: number,
): number {
  const stage = stages.find(({ until }) => seen < until * total);
  return (stage ?? stages[stages.length - 1]!).size;
}
