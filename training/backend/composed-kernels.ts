import * as tf from '@tensorflow/tfjs';
import {
  depthwiseFilterGradient,
  depthwiseInputGradient,
  filterGradient,
  inputGradient,
  type TransposedProduct,
} from './composed-convolution.ts';
import { maxPoolGradient } from './composed-pool.ts';
import { type ConvInfo, convInfo } from './conv-info.ts';

type Shape4D = [number, number, number, number];
type Inputs = Record<string, tf.Tensor4D>;
type Attributes = Record<string, unknown>;
type Composition = (inputs: Inputs, attributes: Attributes) => tf.Tensor;

/** The compositions have no gradient for a filter with gaps, and one filter for each channel where it is depthwise. */
function composedInfo(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: Attributes,
  depthwise = false,
): ConvInfo {
  const info = convInfo(xShape, filterShape, attributes, depthwise);
  if (info.dilationHeight !== 1 || info.dilationWidth !== 1)
    throw new Error('The composed gradients take no dilations.');
  if (depthwise && filterShape[3] !== 1)
    throw new Error(`The composed gradients take one filter for each channel, not ${filterShape[3]}.`);
  return info;
}

const poolInfo = (shape: number[], attributes: Attributes): ConvInfo =>
  tf.backend_util.computePool2DInfo(
    shape as Shape4D,
    attributes['filterSize'] as number,
    attributes['strides'] as number,
    1,
    attributes['pad'] as number,
    attributes['dimRoundingMode'] as undefined,
  ) as ConvInfo;

/** A row for each index, `onValue` at it and `offValue` elsewhere; an index outside gives a row of `offValue`. */
function oneHot(indices: tf.Tensor, attributes: Attributes): tf.Tensor {
  const { dtype, depth, onValue, offValue } = attributes as unknown as tf.OneHotAttrs;
  const isHere = tf.equal(tf.expandDims(indices, -1), tf.range(0, depth, 1, 'int32'));
  const values = tf.add(tf.mul(tf.cast(isHere, 'float32'), onValue - offValue), offValue);
  return tf.cast(values, dtype);
}

const compositions = (product: TransposedProduct) => ({
  Conv2DBackpropFilter: (({ x, dy }, attributes) =>
    filterGradient(
      x!,
      dy!,
      composedInfo(x!.shape, attributes['filterShape'] as number[], attributes),
      product,
    )) as Composition,
  Conv2DBackpropInput: (({ dy, filter }, attributes) =>
    inputGradient(
      dy!,
      filter!,
      composedInfo(attributes['inputShape'] as number[], filter!.shape, attributes),
    )) as Composition,
  DepthwiseConv2dNativeBackpropFilter: (({ x, dy }, attributes) =>
    depthwiseFilterGradient(
      x!,
      dy!,
      composedInfo(x!.shape, attributes['filterShape'] as number[], attributes, true),
    )) as Composition,
  DepthwiseConv2dNativeBackpropInput: (({ dy, filter }, attributes) =>
    depthwiseInputGradient(
      dy!,
      filter!,
      composedInfo(attributes['inputShape'] as number[], filter!.shape, attributes, true),
    )) as Composition,
  MaxPoolGrad: (({ dy, input, output }, attributes) =>
    maxPoolGradient(dy!, input!, output!, poolInfo(input!.shape, attributes))) as Composition,
  OneHot: (({ indices }, attributes) => oneHot(indices!, attributes)) as Composition,
});

export type ComposedKernel = keyof ReturnType<typeof compositions>;

/** All that WASM lacks or has wrong. */
export const COMPOSED_KERNELS: readonly ComposedKernel[] = [
  'Conv2DBackpropFilter',
  'Conv2DBackpropInput',
  'DepthwiseConv2dNativeBackpropFilter',
  'DepthwiseConv2dNativeBackpropInput',
  'MaxPoolGrad',
  'OneHot',
];

/** Puts gradients composed of other operations over a backend's own, or where it has none. Doing it again changes nothing. */
export function registerComposed(
  backendName: string,
  kernels: readonly ComposedKernel[],
  product: TransposedProduct,
): void {
  const all = compositions(product);
  for (const kernelName of kernels) {
    if (tf.getKernel(kernelName, backendName)) tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      kernelName,
      backendName,
      // tfjs hands its kernels whole tensors, though their type promises less.
      kernelFunc: ({ inputs, attrs }) =>
        tf.tidy(() => all[kernelName](inputs as unknown as Inputs, (attrs ?? {}) as Attributes)),
    });
  }
}
