import type * as tf from '@tensorflow/tfjs';
import { type ConvInfo, convInfo } from './conv-info.ts';
import type { ActivationType, NativeBackend } from './native-backend.ts';
import { floats, type Kernel } from './native-kernel.ts';

/** What the addon's convolutions and pools take of a window: sides, strides, paddings. */
export const convGeometry = (info: ConvInfo): number[] => [
  info.batchSize,
  info.inHeight,
  info.inWidth,
  info.inChannels,
  info.filterHeight,
  info.filterWidth,
  info.outChannels,
  info.strideHeight,
  info.strideWidth,
  info.padInfo.top,
  info.padInfo.left,
  info.outHeight,
  info.outWidth,
];

export const conv2d: Kernel = ({ x, filter }, attributes, backend) => {
  const info = convInfo(x!.shape, filter!.shape, attributes);
  const type = backend.activations;
  const source = backend.as(x!, type);
  const y = backend.allocate(info.outShape, type);
  backend.kernels.conv2d(source.values, floats(backend, filter!), y.values, ...convGeometry(info));
  source.release();
  return y.info;
};

/** What an activation clips to; one that is not here goes to tfjs' own kernel. */
const CLIPS: Readonly<Record<string, Clip>> = {
  linear: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
  relu: [0, Number.POSITIVE_INFINITY],
  relu6: [0, 6],
};

/** A convolution with bias and activation behind it, in place. */
export const fused =
  (convolution: Kernel) =>
  (fallback: tf.KernelFunc): Kernel =>
  (inputs, attributes, backend) => {
    const { x, filter, bias, preluActivationWeights } = inputs;
    const clip = CLIPS[(attributes['activation'] as string | undefined) ?? 'linear'];
    const slopes = preluActivationWeights?.shape.length === 1 ? preluActivationWeights : undefined;
    if (!slopes && (preluActivationWeights || !clip)) {
      return fallback({ inputs: inputs as never, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const y = convolution({ x: x!, filter: filter! }, attributes, backend) as tf.TensorInfo;
    addAndClip(backend, y, bias, undefined, slopes ? CLIPS['linear']! : clip!);
    if (slopes) {
      const values = backend.stored(y);
      const channels = slopes.shape[0]!;
      backend.kernels.slopes(values, floats(backend, slopes), values, values.length / channels, channels);
    }
    return y;
  };

type Clip = readonly [low: number, high: number];

function addAndClip(
  backend: NativeBackend,
  y: tf.TensorInfo,
  bias: tf.TensorInfo | undefined,
  added: tf.TensorInfo | undefined,
  clip: Clip,
): void {
  const channels = y.shape.at(-1)!;
  const values = backend.stored(y);
  const more = added && backend.as(added, values instanceof Float32Array ? 'float32' : 'bfloat16');
  const rows = values.length / channels;
  const shift = bias && floats(backend, bias);
  backend.kernels.addAndClip(values, shift, more?.values, rows, channels, ...clip);
  more?.release();
}

/** A convolution with bias, addition and activation, as training takes it (core/model/conv-unit.ts). */
export const convUnit =
  (depthwise: Kernel): Kernel =>
  ({ x, filter, bias, added }, attributes, backend) => {
    const convolution = attributes['depthwise'] ? depthwise : conv2d;
    const y = convolution({ x: x!, filter: filter! }, attributes, backend) as tf.TensorInfo;
    addAndClip(backend, y, bias, added, CLIPS[attributes['activation'] as string]!);
    return y;
  };

export const convUnitGradient: Kernel = ({ dy, y }, attributes, backend) => {
  const channels = y!.shape.at(-1)!;
  const output = backend.stored(y!);
  const type: ActivationType = output instanceof Float32Array ? 'float32' : 'bfloat16';
  const gradient = backend.as(dy!, type);
  const through = backend.allocate(y!.shape, type);
  const dbias = backend.allocate([channels], 'float32');
  backend.kernels.clipGradient(
    gradient.values,
    output,
    through.values,
    dbias.values as Float32Array,
    output.length / channels,
    channels,
    ...CLIPS[attributes['activation'] as string]!,
  );
  gradient.release();
  return [through.info, dbias.info];
};

export const depthwiseInputGradient =
  (fallback: tf.KernelFunc): Kernel =>
  ({ dy, filter }, attributes, backend) => {
    const info = convInfo(attributes['inputShape'] as number[], filter!.shape, attributes, true);
    if (!isPlainDepthwise(info, filter!.shape)) {
      const inputs = { dy: dy!, filter: filter! };
      return fallback({ inputs, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const type = backend.activations;
    const source = backend.as(dy!, type);
    const dx = backend.allocate(info.inShape, type);
    backend.kernels.depthwiseInputGradient(
      source.values,
      floats(backend, filter!),
      dx.values,
      ...convGeometry(info),
    );
    source.release();
    return dx.info;
  };

export const depthwiseFilterGradient =
  (fallback: tf.KernelFunc): Kernel =>
  ({ x, dy }, attributes, backend) => {
    const filterShape = attributes['filterShape'] as number[];
    const info = convInfo(x!.shape, filterShape, attributes, true);
    if (!isPlainDepthwise(info, filterShape)) {
      const inputs = { x: x!, dy: dy! };
      return fallback({ inputs, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const type = backend.activations;
    const [source, gradient] = [backend.as(x!, type), backend.as(dy!, type)];
    const dw = backend.allocate(filterShape, 'float32');
    backend.kernels.depthwiseFilterGradient(
      source.values,
      gradient.values,
      dw.values as Float32Array,
      ...convGeometry(info),
    );
    source.release();
    gradient.release();
    return dw.info;
  };

/** One filter for each channel; several for each, and dilated ones, go to tfjs' own kernel. */
const isPlainDepthwise = (info: ConvInfo, filterShape: readonly number[]): boolean =>
  filterShape[3] === 1 && info.dilationHeight === 1 && info.dilationWidth === 1;

export const depthwiseConv2d =
  (fallback: tf.KernelFunc): Kernel =>
  ({ x, filter }, attributes, backend) => {
    const info = convInfo(x!.shape, filter!.shape, attributes, true);
    if (!isPlainDepthwise(info, filter!.shape)) {
      const inputs = { x: x!, filter: filter! };
      return fallback({ inputs, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const type = backend.activations;
    const source = backend.as(x!, type);
    const y = backend.allocate(info.outShape, type);
    backend.kernels.depthwiseConv2d(source.values, floats(backend, filter!), y.values, ...convGeometry(info));
    source.release();
    return y.info;
  };

export const relu =
  (fallback: tf.KernelFunc): Kernel =>
  ({ x }, attributes, backend) => {
    if (x!.dtype !== 'float32') {
      return fallback({ inputs: { x: x! }, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const source = backend.stored(x!);
    const y = backend.allocate(x!.shape, source instanceof Float32Array ? 'float32' : 'bfloat16');
    backend.kernels.relu(source, y.values);
    return y.info;
  };

export const conv2dInputGradient: Kernel = ({ dy, filter }, attributes, backend) => {
  const info = convInfo(attributes['inputShape'] as number[], filter!.shape, attributes);
  const type = backend.activations;
  const source = backend.as(dy!, type);
  const dx = backend.allocate(info.inShape, type);
  backend.kernels.conv2dInputGradient(
    source.values,
    floats(backend, filter!),
    dx.values,
    ...convGeometry(info),
  );
  source.release();
  return dx.info;
};

export const conv2dFilterGradient: Kernel = ({ x, dy }, attributes, backend) => {
  const info = convInfo(x!.shape, attributes['filterShape'] as number[], attributes);
  const type = backend.activations;
  const [source, gradient] = [backend.as(x!, type), backend.as(dy!, type)];
  const dw = backend.allocate(info.filterShape, 'float32');
  backend.kernels.conv2dFilterGradient(
    source.values,
    gradient.values,
    dw.values as Float32Array,
    ...convGeometry(info),
  );
  source.release();
  gradient.release();
  return dw.info;
};

/** PReLU with a slope for each channel; slopes of another shape go to tfjs' own kernel. */
export const prelu =
  (fallback: tf.KernelFunc): Kernel =>
  ({ x, alpha }, attributes, backend) => {
    const channels = x!.shape.at(-1);
    if (alpha!.shape.length !== 1 || alpha!.shape[0] !== channels) {
      return fallback({
        inputs: { x: x!, alpha: alpha! },
        attrs: attributes as never,
        backend,
      }) as tf.TensorInfo;
    }
    const source = backend.stored(x!);
    const y = backend.allocate(x!.shape, source instanceof Float32Array ? 'float32' : 'bfloat16');
    const rows = source.length / alpha!.shape[0]!;
    backend.kernels.slopes(source, floats(backend, alpha!), y.values, rows, alpha!.shape[0]!);
    return y.info;
  };

/** PReLU's gradients in what it takes and in its slopes (core/model/conv-unit.ts). */
export const preluGradient: Kernel = ({ dy, x, slope }, _, backend) => {
  const channels = slope!.shape[0]!;
  const source = backend.stored(x!);
  const type: ActivationType = source instanceof Float32Array ? 'float32' : 'bfloat16';
  const gradient = backend.as(dy!, type);
  const dx = backend.allocate(x!.shape, type);
  const dslope = backend.allocate([channels], 'float32');
  backend.kernels.slopesGradient(
    gradient.values,
    source,
    floats(backend, slope!),
    dx.values,
    dslope.values as Float32Array,
    source.length / channels,
    channels,
  );
  gradient.release();
  return [dx.info, dslope.info];
};
