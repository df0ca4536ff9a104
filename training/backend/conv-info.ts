import * as tf from '@tensorflow/tfjs';

type Shape4D = [number, number, number, number];

export type ConvInfo = ReturnType<typeof tf.backend_util.computeConv2DInfo>;

/**
 * A convolution's geometry by the attributes that tfjs hands to its kernels.
 *
 * @param depthwise the filter is [height, width, channels, multiplier]
 * @throws Error where channels do not come last
 */
export function convInfo(
  xShape: readonly number[],
  filterShape: readonly number[],
  attributes: Readonly<Record<string, unknown>>,
  depthwise = false,
): ConvInfo {
  const { dataFormat, strides, dilations = 1, pad, dimRoundingMode } = attributes;
  if (dataFormat && dataFormat !== 'NHWC')
    throw new Error(`The trainer's kernels take NHWC, not ${dataFormat}.`);
  return tf.backend_util.computeConv2DInfo(
    xShape as Shape4D,
    filterShape as Shape4D,
    strides as number,
    dilations as number,
    pad as number,
    dimRoundingMode as undefined,
    depthwise,
  );
}
