import type {
  Architecture,
  MobileFaceNetArchitecture,
  MobileNetArchitecture,
  ResNetArchitecture,
} from './manifest.ts';

/** The activation after a layer's norm; `prelu` has a slope for the negative values of each channel (He et al. 2015). */
export type Activation = 'linear' | 'relu' | 'relu6' | 'prelu';

/** A convolution, the batch norm behind it and the activation behind that; ResNet's are named as torchvision names them. */
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
  /** each channel by itself: kernel [side, side, channels, 1] instead of [side, side, inputs, outputs] */
  readonly depthwise: boolean;
  readonly activation: Activation;
}

/** Layers in sequence; the shortcut is added before the activation of the last one. */
export interface Block {
  readonly layers: readonly ConvUnit[];
  /** the block's input, directly or through a layer; none: no shortcut */
  readonly shortcut: 'identity' | ConvUnit | 'none';
}

/** How the last map is pooled for the embedding layer. */
export type PoolingHead =
  /** the mean over the map */
  | { readonly kind: 'mean' }
  /**
   * a 1x1 layer, then one whose kernel is as large as the map: of each channel by itself (MobileFaceNet's global depthwise layer), or
   * of all of them
   */
  | { readonly kind: 'weighted'; readonly neck: ConvUnit; readonly pool: ConvUnit };

export interface NetworkPlan {
  readonly stem: readonly ConvUnit[];
  /** 3x3 max pool, stride 2, pad 1, behind the stem */
  readonly pool: boolean;
  readonly blocks: readonly Block[];
  readonly head: PoolingHead;
  /** channels of the last map; the accessory head takes their means */
  readonly channels: number;
  /** values that the embedding layer takes */
  readonly features: number;
  readonly embeddingSize: number;
}

const EXPANSION = 4;

export const RESNET50: ResNetArchitecture = {
  kind: 'resnet',
  blocks: [3, 4, 6, 3],
  width: 64,
  stem: 'conv7-pool',
  embeddingSize: 512,
};

/** Side of the last map that a crop of 112 pixels leaves after four halvings, and channels of the neck before it is pooled. */
export const WEIGHTED_HEAD = { neck: 512, side: 7 } as const;

/**
 * ResNet-50's 16 bottleneck blocks as a transplanted MobileFaceNet needs them: one at the stem's 56x56, five at 28x28, seven
 * at 14x14, three at 7x7 (why: docs/decisions/018-blocks-by-stage.md).
 */
export const TRANSPLANT_RESNET50: ResNetArchitecture = {
  ...RESNET50,
  blocks: [1, 5, 7, 3],
  stem: 'conv3',
  firstStride: 1,
  head: WEIGHTED_HEAD,
};

/**
 * ResNet-50's 16 bottleneck blocks as a transplanted SFace needs them: a stem at the picture's own size, PReLU, and a third stage of
 * bottlenecks twice as wide whose shortcuts have a weight for each channel (why: docs/decisions/039-sface-whole.md).
 */
export const SFACE_RESNET50: ResNetArchitecture = {
  ...RESNET50,
  stem: 'conv3-deep',
  activation: 'prelu',
  widening: [1, 1, 2, 1],
  shortcuts: ['identity', 'identity', 'scaled', 'identity'],
  head: { neck: 512, side: WEIGHTED_HEAD.side, outputs: 128 },
};

/** MobileFaceNet (Chen et al. 2018) with the widths of facesdk 0.0.8; 1.0 M weights with an embedding of 128. */
export const MOBILEFACENET: MobileFaceNetArchitecture = {
  kind: 'mobilefacenet',
  width: 64,
  blocks: [
    { hidden: 128, outputs: 64, stride: 2 },
    ...Array.from({ length: 4 }, () => ({ hidden: 128, outputs: 64, stride: 1 as const })),
    { hidden: 256, outputs: 128, stride: 2 },
    ...Array.from({ length: 6 }, () => ({ hidden: 256, outputs: 128, stride: 1 as const })),
    { hidden: 512, outputs: 128, stride: 2 },
    ...Array.from({ length: 2 }, () => ({ hidden: 256, outputs: 128, stride: 1 as const })),
  ],
  head: WEIGHTED_HEAD,
  embeddingSize: 512,
};

/**
 * MobileNet (Howard et al. 2017) with the widths of SFace, on whose 112x112 the first halving comes after two layers. SFace's own last
 * layer takes all 7x7x1024 values and has two thirds of its 9.7 M weights; here a neck of 224 channels comes before it (4.9 M in all).
 */
export const MOBILENET: MobileNetArchitecture = {
  kind: 'mobilenet',
  width: 32,
  blocks: [
    { outputs: 64, stride: 1 },
    { outputs: 128, stride: 2 },
    { outputs: 128, stride: 1 },
    { outputs: 256, stride: 2 },
    { outputs: 256, stride: 1 },
    { outputs: 512, stride: 2 },
    ...Array.from({ length: 5 }, () => ({ outputs: 512, stride: 1 as const })),
    { outputs: 1024, stride: 2 },
    { outputs: 1024, stride: 1 },
  ],
  head: { neck: 224, side: 7, outputs: 128 },
  embeddingSize: 512,
};

function unit(
  conv: string,
  norm: string,
  kernel: number,
  stride: number,
  inputs: number,
  outputs: number,
  activation: Activation,
): ConvUnit {
  const pad = (kernel - 1) / 2;
  return { conv, norm, kernel, stride, pad, inputs, outputs, depthwise: false, activation };
}

const depthwise = (
  conv: string,
  norm: string,
  kernel: number,
  stride: number,
  channels: number,
  activation: Activation,
): ConvUnit => ({ ...unit(conv, norm, kernel, stride, channels, channels, activation), depthwise: true });

interface BottleneckOptions {
  readonly strideIn: 'reduce' | 'spatial';
  readonly activation: Activation;
  /** of a block that keeps its map's shape */
  readonly shortcut: 'identity' | 'scaled';
}

function bottleneck(
  prefix: string,
  inputs: number,
  width: number,
  outputs: number,
  stride: number,
  { strideIn, activation, shortcut }: BottleneckOptions,
): Block {
  const [first, second] = strideIn === 'reduce' ? [stride, 1] : [1, stride];
  const layers = [
    unit(`${prefix}.conv1`, `${prefix}.bn1`, 1, first, inputs, width, activation),
    unit(`${prefix}.conv2`, `${prefix}.bn2`, 3, second, width, width, activation),
    unit(`${prefix}.conv3`, `${prefix}.bn3`, 1, 1, width, outputs, activation),
  ];
  const names = [`${prefix}.downsample.0`, `${prefix}.downsample.1`] as const;
  if (stride !== 1 || inputs !== outputs)
    return { layers, shortcut: unit(...names, 1, stride, inputs, outputs, 'linear') };
  if (shortcut === 'identity') return { layers, shortcut };
  return { layers, shortcut: depthwise(...names, 1, 1, outputs, 'linear') };
}

function strideOf(
  stage: number,
  { blocks, stem, firstStride = 2, lastStride = 2 }: ResNetArchitecture,
): 1 | 2 {
  // Without the stem's pool, the first stage halves the picture in its place, unless told otherwise.
  if (stage === 0) return stem === 'conv7-pool' ? 1 : firstStride;
  return stage === blocks.length - 1 ? lastStride : 2;
}

function weightedHead(
  { neck, side }: { neck: number; side: number },
  channels: number,
  names: { neck: [string, string]; pool: [string, string] },
  activation: Activation,
): PoolingHead {
  return {
    kind: 'weighted',
    neck: unit(...names.neck, 1, 1, channels, neck, activation),
    pool: { ...depthwise(...names.pool, side, 1, neck, 'linear'), pad: 0 },
  };
}

/** A head that makes `outputs` values of the whole map behind a linear neck. */
function wholeHead(
  { neck, side, outputs }: { neck: number; side: number; outputs: number },
  channels: number,
): PoolingHead {
  return {
    kind: 'weighted',
    neck: unit('neck', 'neck_bn', 1, 1, channels, neck, 'linear'),
    pool: { ...unit('whole', 'whole_bn', side, 1, neck, outputs, 'linear'), pad: 0 },
  };
}

function resNetStem({ stem, width }: ResNetArchitecture, activation: Activation): ConvUnit[] {
  if (stem !== 'conv3-deep')
    return [unit('conv1', 'bn1', stem === 'conv7-pool' ? 7 : 3, 2, 3, width, activation)];
  const half = width / 2;
  return [
    unit('stem.0', 'stem_bn.0', 3, 1, 3, half, activation),
    unit('stem.1', 'stem_bn.1', 3, 1, half, half, activation),
    unit('stem.2', 'stem_bn.2', 1, 1, half, width, activation),
  ];
}

function resNetHead({ head }: ResNetArchitecture, channels: number, activation: Activation): PoolingHead {
  if (!head) return { kind: 'mean' };
  const { outputs } = head;
  if (outputs !== undefined) return wholeHead({ ...head, outputs }, channels);
  const names = {
    neck: ['neck', 'neck_bn'] as [string, string],
    pool: ['weighted_pool', 'weighted_pool_bn'] as [string, string],
  };
  return weightedHead(head, channels, names, activation);
}

function planResNet(architecture: ResNetArchitecture): NetworkPlan {
  const { width, stem, head, strideIn, widening, shortcuts, activation = 'relu' } = architecture;
  const blocks: Block[] = [];
  let channels = width;
  for (const [stage, count] of architecture.blocks.entries()) {
    const stageWidth = width * 2 ** stage;
    const stageStride = strideOf(stage, architecture);
    for (let index = 0; index < count; index++) {
      const stride = index === 0 ? stageStride : 1;
      const name = `layer${stage + 1}.${index}`;
      const options: BottleneckOptions = {
        strideIn: strideIn?.[stage] ?? 'spatial',
        activation,
        shortcut: shortcuts?.[stage] ?? 'identity',
      };
      const outputs = stageWidth * EXPANSION;
      const inner = stageWidth * (widening?.[stage] ?? 1);
      blocks.push(bottleneck(name, channels, inner, outputs, stride, options));
      channels = outputs;
    }
  }
  return {
    stem: resNetStem(architecture, activation),
    pool: stem === 'conv7-pool',
    blocks,
    head: resNetHead(architecture, channels, activation),
    channels,
    features: head ? (head.outputs ?? head.neck) : channels,
    embeddingSize: architecture.embeddingSize,
  };
}

function planMobileFaceNet({ width, blocks, head, embeddingSize }: MobileFaceNetArchitecture): NetworkPlan {
  let channels = width;
  const planned = blocks.map(({ hidden, outputs, stride }, index): Block => {
    const name = `features.${index}.conv`;
    const layers = [
      unit(`${name}.0.0`, `${name}.0.1`, 1, 1, channels, hidden, 'relu6'),
      depthwise(`${name}.1.0`, `${name}.1.1`, 3, stride, hidden, 'relu6'),
      unit(`${name}.2`, `${name}.3`, 1, 1, hidden, outputs, 'linear'),
    ];
    const keeps = stride === 1 && channels === outputs;
    channels = outputs;
    return { layers, shortcut: keeps ? 'identity' : 'none' };
  });
  const names = {
    neck: ['conv2.0', 'conv2.1'] as [string, string],
    pool: ['gdconv.depthwise', 'gdconv.bn'] as [string, string],
  };
  return {
    stem: [
      unit('conv1.0', 'conv1.1', 3, 2, 3, width, 'relu6'),
      depthwise('dw_conv.depthwise', 'dw_conv.bn1', 3, 1, width, 'relu'),
      unit('dw_conv.pointwise', 'dw_conv.bn2', 1, 1, width, width, 'relu'),
    ],
    pool: false,
    blocks: planned,
    head: weightedHead(head, channels, names, 'relu6'),
    channels,
    features: head.neck,
    embeddingSize,
  };
}

function planMobileNet({ width, blocks, head, embeddingSize }: MobileNetArchitecture): NetworkPlan {
  let channels = width;
  const planned = blocks.map(({ outputs, stride }, index): Block => {
    const name = `blocks.${index}`;
    const layers = [
      depthwise(`${name}.depthwise`, `${name}.depthwise_bn`, 3, stride, channels, 'prelu'),
      unit(`${name}.pointwise`, `${name}.pointwise_bn`, 1, 1, channels, outputs, 'prelu'),
    ];
    channels = outputs;
    return { layers, shortcut: 'none' };
  });
  return {
    stem: [unit('stem', 'stem_bn', 3, 1, 3, width, 'prelu')],
    pool: false,
    blocks: planned,
    head: wholeHead(head, channels),
    channels,
    features: head.outputs,
    embeddingSize,
  };
}

/**
 * Lists every layer of the network that `architecture` describes.
 *
 * @throws RangeError where `blocks` is empty
 */
export function planNetwork(architecture: Architecture): NetworkPlan {
  if (architecture.blocks.length === 0)
    throw new RangeError('A network needs at least one block; `blocks` lists none.');
  switch (architecture.kind) {
    case 'resnet':
      return planResNet(architecture);
    case 'mobilefacenet':
      return planMobileFaceNet(architecture);
    case 'mobilenet':
      return planMobileNet(architecture);
  }
}

/** The layers of a block, its shortcut's last. */
export const unitsOf = ({ layers, shortcut }: Block): ConvUnit[] =>
  typeof shortcut === 'string' ? [...layers] : [...layers, shortcut];

/** Every convolution of the plan, from the picture to what the embedding layer takes. */
export function convUnits({ stem, blocks, head }: NetworkPlan): ConvUnit[] {
  const pooling = head.kind === 'weighted' ? [head.neck, head.pool] : [];
  return [...stem, ...blocks.flatMap(unitsOf), ...pooling];
}

/** Shape of a unit's kernel: height, width, channels in, channels out (of each channel 1 where it is depthwise). */
export const kernelShape = ({ kernel, inputs, outputs, depthwise: own }: ConvUnit): number[] => [
  kernel,
  kernel,
  inputs,
  own ? 1 : outputs,
];

/** Name of a unit's slopes for negative values, [outputs]; null where its activation has none. */
export const slopeOf = ({ conv, activation }: ConvUnit): string | null =>
  activation === 'prelu' ? `${conv}.slope` : null;

/** Name of the fully connected layer from features to embedding, and of the batch norm behind it. */
export const EMBEDDING_LAYER = 'embedding';
export const EMBEDDING_NORM = 'embedding_bn';

/** Added to the variance by every batch norm of the network (torchvision's value). */
export const BATCH_NORM_EPSILON = 1e-5;
