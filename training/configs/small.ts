import type { TrainConfig } from '../config.ts';

/** Sizes that a run may be cut down to. */
export const SCALES = ['full', 'small', 'tiny'] as const;
export type Scale = (typeof SCALES)[number];

interface Cut {
  /** bottlenecks of each stage, channels of the first, values of the embedding */
  readonly blocks: readonly number[];
  readonly width: number;
  readonly embeddingSize: number;
  /** side of the pictures, pixels */
  readonly size: number;
  readonly batch: number;
  readonly totalImages: number;
}

const CUTS: Readonly<Record<Exclude<Scale, 'full'>, Cut>> = {
  /** some minutes on two cores: the recipes can be told apart */
  small: { blocks: [1, 1, 1, 1], width: 16, embeddingSize: 128, size: 64, batch: 32, totalImages: 24_000 },
  /** a minute on any machine: everything holds together */
  tiny: { blocks: [1, 1, 1, 1], width: 8, embeddingSize: 128, size: 48, batch: 16, totalImages: 3_200 },
};

/** Warm-ups are cut with the run. */
const shorter = (images: number, share: number): number => Math.round(images * share);

/** The same recipe for a smaller network, smaller pictures and a shorter run. */
export function scaled(config: TrainConfig, scale: Scale): TrainConfig {
  if (scale === 'full') return config;
  const { blocks, width, embeddingSize, size, batch, totalImages } = CUTS[scale];
  const share = totalImages / config.totalImages;
  const { schedule, losses } = config;
  const { arcface, cosface } = losses;
  return {
    ...config,
    name: `${config.name}-${scale}`,
    architecture: {
      ...config.architecture,
      blocks: [...blocks] as [number, number, number, number],
      width,
      embeddingSize,
    },
    batch,
    totalImages,
    sizes: [{ until: 1, size }],
    schedule: { ...schedule, warmupImages: shorter(schedule.warmupImages, share) },
    losses: {
      ...losses,
      arcface: { ...arcface, marginWarmupImages: shorter(arcface.marginWarmupImages, share) },
      ...(cosface
        ? { cosface: { ...cosface, marginWarmupImages: shorter(cosface.marginWarmupImages, share) } }
        : {}),
    },
  };
}
