import * as tf from '@tensorflow/tfjs';
import type { ConvInfo } from './conv-info.ts';

/** a^T b, [rows, m] and [rows, n] to [m, n], in the way that is fast on a backend. */
export type TransposedProduct = (a: tf.Tensor2D, b: tf.Tensor2D) => tf.Tensor2D;

/** Fewer input channels than this make matrices too thin for one product each: their patches are laid side by side. */
const THIN = 16;

/**
 * Puts `stride - 1` zeros between neighbours: the adjoint of taking every `stride`-th one.
 *
 * @param x [batch, height, width, channels]
 * @returns [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels]
 */
export function dilate(x: tf.Tensor4D, [strideHeight, strideWidth]: readonly [number, number]): tf.Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return x;
  const [batch, height, width, channels] = x.shape;
  const rows = tf.reshape(x, [batch * height, 1, width, channels]);
  const spread = tf.pad(rows, [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, (strideWidth - 1) * channels],
  ]);
  const whole: [number, number, number, number] = [
    batch,
    height * strideHeight,
    width * strideWidth,
    channels,
  ];
  const size = [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1, channels] as const;
  return tf.slice(tf.reshape(spread, whole) as tf.Tensor4D, [0, 0, 0, 0], [...size]);
}

/**
 * What the window's place (row, column) sees over all positions of the output.
 *
 * @param padded [batch, >= (outHeight - 1) * strideHeight + row + 1, ..., channels]
 * @returns [batch, outHeight, outWidth, channels]
 */
export function seenFrom(
  padded: tf.Tensor4D,
  [row, column]: readonly [number, number],
  {
    outHeight,
    outWidth,
    strideHeight,
    strideWidth,
  }: Pick<ConvInfo, 'outHeight' | 'outWidth' | 'strideHeight' | 'strideWidth'>,
): tf.Tensor4D {
  const [batch, , , channels] = padded.shape;
  const size = [batch, (outHeight - 1) * strideHeight + 1, (outWidth - 1) * strideWidth + 1, channels];
  const begin = [0, row, column, 0];
  if (strideHeight === 1 && strideWidth === 1) {
    return tf.slice(padded, begin as [number, number, number, number], size as typeof padded.shape);
  }
  const end = begin.map((start, axis) => start + size[axis]!);
  return tf.stridedSlice(padded, begin, end, [1, strideHeight, strideWidth, 1]) as tf.Tensor4D;
}

/** Pads so that every window lies inside; rows and columns that no window reaches stay. */
export function padForWindows(
  x: tf.Tensor4D,
  info: Pick<
    ConvInfo,
    'outHeight' | 'outWidth' | 'strideHeight' | 'strideWidth' | 'filterHeight' | 'filterWidth' | 'padInfo'
  >,
  value = 0,
): tf.Tensor4D {
  const { top, left } = info.padInfo;
  const [, height, width] = x.shape;
  const bottom = Math.max(0, (info.outHeight - 1) * info.strideHeight + info.filterHeight - height - top);
  const right = Math.max(0, (info.outWidth - 1) * info.strideWidth + info.filterWidth - width - left);
  if (top + left + bottom + right === 0) return x;
  return tf.pad(
    x,
    [
      [0, 0],
      [top, bottom],
      [left, right],
      [0, 0],
    ],
    value,
  );
}

/**
 * A convolution's gradient in its filter, as one matrix product for each place of the window.
 *
 * @param x [batch, inHeight, inWidth, inChannels]
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @returns [filterHeight, filterWidth, inChannels, outChannels]
 */
export function filterGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  info: ConvInfo,
  product: TransposedProduct,
): tf.Tensor4D {
  const { filterHeight, filterWidth, inChannels, outChannels } = info;
  const positions = dy.size / outChannels;
  const slopes = tf.reshape(dy, [positions, outChannels]) as tf.Tensor2D;
  const padded = padForWindows(x, info);
  const places = Array.from(
    { length: filterHeight * filterWidth },
    (_, i) => [Math.floor(i / filterWidth), i % filterWidth] as const,
  );
  const patch = (place: readonly [number, number]): tf.Tensor2D =>
    tf.reshape(seenFrom(padded, place, info), [positions, inChannels]);
  const gradient =
    inChannels < THIN
      ? product(tf.concat(places.map(patch), 1) as tf.Tensor2D, slopes)
      : tf.concat(
          places.map((place) => tf.tidy(() => product(patch(place), slopes))),
          0,
        );
  return tf.reshape(gradient, info.filterShape) as tf.Tensor4D;
}

/**
 * A convolution's gradient in its input: the convolution of the dilated `dy` with the filter turned by half a turn.
 *
 * @param dy [batch, outHeight, outWidth, outChannels]
 * @param filter [filterHeight, filterWidth, inChannels, outChannels]
 * @returns [batch, inHeight, inWidth, inChannels]
 * @throws Error where more is padded than a window is wide
 */
export function inputGradient(dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  return tf.conv2d(padForInput(dy, info), tf.transpose(turned(filter), [0, 1, 3, 2]), 1, 'valid');
}

/** A filter turned by half a turn. */
const turned = (filter: tf.Tensor4D): tf.Tensor4D =>
  filter.shape[0] * filter.shape[1] === 1 ? filter : tf.reverse(filter, [0, 1]);

/** The dilated `dy` with so much around it that the turned filter gives the input's height and width. */
function padForInput(dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { filterHeight, filterWidth, padInfo, inHeight, inWidth, strideHeight, strideWidth } = info;
  const wide = dilate(dy, [strideHeight, strideWidth]);
  const top = filterHeight - 1 - padInfo.top;
  const left = filterWidth - 1 - padInfo.left;
  const bottom = inHeight + filterHeight - 1 - wide.shape[1] - top;
  const right = inWidth + filterWidth - 1 - wide.shape[2] - left;
  if (Math.min(top, left, bottom, right) < 0) {
    throw new Error(
      `No gradient for a convolution that pads more than its window of ${filterHeight}x${filterWidth}.`,
    );
  }
  return tf.pad(wide, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
}

/**
 * A depthwise convolution's gradient in its filter: for each place of the window, what it sees times `dy`, summed.
 *
 * @param x [batch, inHeight, inWidth, channels]
 * @param dy [batch, outHeight, outWidth, channels]
 * @returns [filterHeight, filterWidth, channels, 1]
 */
export function depthwiseFilterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, info: ConvInfo): tf.Tensor4D {
  const { filterHeight, filterWidth, inChannels } = info;
  const padded = padForWindows(x, info);
  const places = Array.from({ length: filterHeight * filterWidth }, (_, i) =>
    tf.tidy(() =>
      tf.sum(tf.mul(seenFrom(padded, [Math.floor(i / filterWidth), i % filterWidth], info), dy), [0, 1, 2]),
    ),
  );
  return tf.reshape(tf.stack(places), [filterHeight, filterWidth, inChannels, 1]);
}

/**
 * A depthwise convolution's gradient in its input, as `inputGradient`.
 *
 * @param filter [filterHeight, filterWidth, channels, 1]
 */
export const depthwiseInputGradient = (dy: tf.Tensor4D, filter: tf.Tensor4D, info: ConvInfo): tf.Tensor4D =>
  tf.depthwiseConv2d(padForInput(dy, info), turned(filter), 1, 'valid');
