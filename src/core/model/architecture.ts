import type { Architecture } from './manifest.ts';

/** A convolution and the batch norm behind it; named as torchvision names ResNet-50's. */
export interface ConvUnit {
  readonly conv: string;
  readonly norm: string;
  /** side of the square kernel */
  readonly kernel: number;
  readonly stride: number;
  /** zero padding on each side, pixels */
  readonly pad: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** Bottleneck of He et al. 2015 in its v1.5 form: the stride sits in the 3x3 convolution. */
export interface Bottleneck {
  readonly reduce: ConvUnit;
  readonly spatial: ConvUnit;
  readonly expand: ConvUnit;
  /** present where the shortcut changes shape */
  readonly shortcut?: ConvUnit;
}

export interface NetworkPlan {
  readonly stem: ConvUnit;
  /** 3x3 max pool, stride 2, pad 1, behind the stem */
  readonly pool: boolean;
  readonly blocks: readonly Bottleneck[];
  /** channels that global pooling hands to the embedding layer */
  readonly features: number;
  readonly embeddingSize: number;
}

const EXPANSION = 4;

export const RESNET50: Architecture = {
  kind: 'resnet',
  blocks: [3, 4, 6, 3],
  width: 64,
  stem: 'conv7-pool',
  embeddingSize: 512,
};

function unit(
  conv: string,
  norm: string,
  kernel: number,
  stride: number,
  inputs: number,
  outputs: number,
): ConvUnit {
  return { conv, norm, kernel, stride, pad: (kernel - 1) / 2, inputs, outputs };
}

function bottleneck(prefix: string, inputs: number, width: number, stride: number): Bottleneck {
  const outputs = width * EXPANSION;
  const base = {
    reduce: unit(`${prefix}.conv1`, `${prefix}.bn1`, 1, 1, inputs, width),
    spatial: unit(`${prefix}.conv2`, `${prefix}.bn2`, 3, stride, width, width),
    expand: unit(`${prefix}.conv3`, `${prefix}.bn3`, 1, 1, width, outputs),
  };
  if (stride === 1 && inputs === outputs) return base;
  const shortcut = unit(`${prefix}.downsample.0`, `${prefix}.downsample.1`, 1, stride, inputs, outputs);
  return { ...base, shortcut };
}

function strideOf(stage: number, { blocks, stem, lastStride = 2 }: Architecture): 1 | 2 {
  // Without the stem's pool, the first stage halves the picture in its place.
  if (stage === 0 && stem === 'conv7-pool') return 1;
  return stage === blocks.length - 1 ? lastStride : 2;
}

/**
 * Lists every layer of the network that `architecture` describes.
 *
 * @throws RangeError where `blocks` is empty
 */
export function planNetwork(architecture: Architecture): NetworkPlan {
  const { width, stem } = architecture;
  const kernel = stem === 'conv7-pool' ? 7 : 3;
  const blocks: Bottleneck[] = [];
  let channels = width;
  for (const [stage, count] of architecture.blocks.entries()) {
    const stageWidth = width * 2 ** stage;
    const stageStride = strideOf(stage, architecture);
    for (let index = 0; index < count; index++) {
      blocks.push(
        bottleneck(`layer${stage + 1}.${index}`, channels, stageWidth, index === 0 ? stageStride : 1),
      );
      channels = stageWidth * EXPANSION;
    }
  }
  if (blocks.length === 0) throw new RangeError('A network needs at least one block; `blocks` lists none.');
  return {
    stem: unit('conv1', 'bn1', kernel, 2, 3, width),
    pool: stem === 'conv7-pool',
    blocks,
    features: channels,
    embeddingSize: architecture.embeddingSize,
  };
}

/** Every convolution of the plan, from the picture to the features. */
export function convUnits(plan: NetworkPlan): ConvUnit[] {
  return [
    plan.stem,
    ...plan.blocks.flatMap((block) => [
      block.reduce,
      block.spatial,
      block.expand,
      ...(block.shortcut ? [block.shortcut] : []),
    ]),
  ];
}

/** Name of the fully connected layer from features to embedding, and of the batch norm behind it. */
export const EMBEDDING_LAYER = 'embedding';
export const EMBEDDING_NORM = 'embedding_bn';

/** Added to the variance by every batch norm of the network (torchvision's value). */
export const BATCH_NORM_EPSILON = 1e-5;
