import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';

/** torch's `BatchNorm2d`, as it is without being told otherwise. */
const EPSILON = 1e-5;

type Activation = 'linear' | 'relu' | 'relu6';

/** One convolution with the batch norm behind it. */
interface Unit {
  readonly conv: string;
  readonly norm: string;
  readonly depthwise?: boolean;
  readonly stride?: number;
  readonly pad: number;
  readonly activation: Activation;
}

const STEM: readonly Unit[] = [
  { conv: 'conv1.0', norm: 'conv1.1', stride: 2, pad: 1, activation: 'relu6' },
  { conv: 'dw_conv.depthwise', norm: 'dw_conv.bn1', depthwise: true, pad: 1, activation: 'relu' },
  { conv: 'dw_conv.pointwise', norm: 'dw_conv.bn2', pad: 0, activation: 'relu' },
];

const HEAD: readonly Unit[] = [
  { conv: 'conv2.0', norm: 'conv2.1', pad: 0, activation: 'relu6' },
  { conv: 'gdconv.depthwise', norm: 'gdconv.bn', depthwise: true, pad: 0, activation: 'linear' },
  { conv: 'conv3', norm: 'bn', pad: 0, activation: 'linear' },
];

/** Strides of the blocks' middle convolutions; a block that keeps the picture's size adds its input. */
const STRIDES = [2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 1, 1, 2, 1, 1] as const;

/** An inverted residual block (Sandler et al. 2018): wider, each channel by itself, narrow again. */
const BLOCKS = STRIDES.map((stride, i): { readonly residual: boolean; readonly units: readonly Unit[] } => {
  const name = `features.${i}.conv`;
  return {
    residual: stride === 1,
    units: [
      { conv: `${name}.0.0`, norm: `${name}.0.1`, pad: 0, activation: 'relu6' },
      { conv: `${name}.1.0`, norm: `${name}.1.1`, depthwise: true, stride, pad: 1, activation: 'relu6' },
      { conv: `${name}.2`, norm: `${name}.3`, pad: 0, activation: 'linear' },
    ],
  };
});

const UNITS = [...STEM, ...BLOCKS.flatMap(({ units }) => units), ...HEAD];

interface Layer {
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
}

/**
 * MobileFaceNet (Chen et al. 2018) with the blocks of facesdk 0.0.8, on the current backend. How wide it is follows from the
 * weights. Each batch norm is folded into its convolution.
 */
export class MobileFaceNet {
  private readonly layers: ReadonlyMap<Unit, Layer>;

  /** @param weights by their names in the package's state dict, filters as torch has them: out, in, height, width */
  constructor(weights: HostWeights) {
    this.layers = new Map(UNITS.map((unit) => [unit, foldedLayer(weights, unit)]));
  }

  /**
   * @param images 112 x 112, RGB, with ImageNet's mean taken off and divided by its spread
   * @returns a row for each, of no particular length
   */
  forward(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      let x = this.chain(images, STEM);
      for (const { residual, units } of BLOCKS) {
        const inner = this.chain(x, units);
        const before = x;
        x = residual ? tf.add(before, inner) : inner;
        // Pictures of the first blocks are large: they go as soon as they are used, not with the tidy.
        if (residual) inner.dispose();
        before.dispose();
      }
      return this.chain(x, HEAD).reshape([images.shape[0], -1]);
    });
  }

  dispose(): void {
    for (const { filter, bias } of this.layers.values()) tf.dispose([filter, bias]);
  }

  /** The units' result; what lies between is disposed of, `images` is not. */
  private chain(images: tf.Tensor4D, units: readonly Unit[]): tf.Tensor4D {
    return units.reduce((x, unit) => {
      const y = convolve(x, unit, this.layers.get(unit)!);
      if (x !== images) x.dispose();
      return y;
    }, images);
  }
}

function convolve(
  x: tf.Tensor4D,
  { depthwise, stride = 1, pad, activation }: Unit,
  layer: Layer,
): tf.Tensor4D {
  const options = { x, ...layer, strides: stride, pad, activation };
  return depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
}

function foldedLayer(weights: HostWeights, { conv, norm, depthwise }: Unit): Layer {
  const get = (name: string): HostTensor => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`The teacher's weights lack ${name}; they are of another network.`);
    return tensor;
  };
  const vector = (part: string) => tf.tensor1d(get(`${norm}.${part}`).data);
  return tf.tidy(() => {
    const { shape, data } = get(`${conv}.weight`);
    const scale = tf.div(vector('weight'), tf.sqrt(tf.add(vector('running_var'), EPSILON)));
    const kernel = tf.tensor4d(data, shape as [number, number, number, number]);
    // height, width, in, out; height, width, channels, 1 of each
    const filter = tf.transpose(kernel, depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0]);
    const scales = depthwise ? scale.reshape([-1, 1]) : scale;
    return {
      filter: tf.keep(tf.mul(filter, scales)) as tf.Tensor4D,
      bias: tf.keep(tf.sub(vector('bias'), tf.mul(vector('running_mean'), scale))) as tf.Tensor1D,
    };
  });
}
