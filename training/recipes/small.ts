import { RESNET50 } from '@rounz/core/model/architecture.ts';
import type { Architecture, ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { TrainConfig } from './schema.ts';

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

/** A ResNet whose head takes a map of any side, which smaller pictures leave. */
function plainResNet(architecture: Architecture): ResNetArchitecture {
  if (architecture.kind !== 'resnet') return RESNET50;
  const { head: _, strideIn: __, firstStride: ___, ...plain } = architecture;
  return plain;
}

/** A teacher that is asked at each step wants pictures of its own size: its stored embeddings stand in for it. */
function withStoredTeacher({ consistent, ...losses }: TrainConfig['losses']): TrainConfig['losses'] {
  if (!consistent) return losses;
  return { ...losses, distillation: { ...losses.distillation, weight: consistent.weight } };
}

/** The same recipe for a smaller network, smaller pictures and a shorter run. */
export function scaled(config: TrainConfig, scale: Scale): TrainConfig {
  if (scale === 'full') return config;
  const { blocks, width, embeddingSize, size, batch, totalImages } = CUTS[scale];
  const share = totalImages / config.totalImages;
  const { schedule } = config;
  const losses = withStoredTeacher(config.losses);
  const { arcface, cosface } = losses;
  return {
    ...config,
    name: `${config.name}-${scale}`,
    // A network cut down has nobody's weights to tune.
    form: 'norms',
    architecture: { ...plainResNet(config.architecture), blocks: [...blocks], width, embeddingSize },
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
