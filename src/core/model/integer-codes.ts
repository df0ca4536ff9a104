import type { HostTensor } from './weights.ts';

/** The largest code of a channel, as `weight-file.ts` writes 8 bits. */
const LARGEST = 127;
/** How far a weight may lie from its code's value, in codes: what rounding to float32 leaves. */
const ROUNDING = 1e-3;

/** A kernel whose weights are small integers times a scale for each output. */
export interface Codes {
  /** -127..127, [inputs, outputs] */
  readonly values: Int16Array;
  /** [outputs] */
  readonly scales: Float32Array;
}

/**
 * Finds the 8-bit codes that a kernel was unpacked from.
 *
 * @param kernel [.., outputs]
 * @returns null where it does not come from 8 bits with one scale for each output: nothing is rounded here
 */
export function codesOf({ data, shape }: HostTensor): Codes | null {
  const outputs = shape[shape.length - 1]!;
  const scales = new Float32Array(outputs);
  // Three million weights at a start: an iterator of pairs takes five times as long.
  for (let i = 0; i < data.length; i++)
    scales[i % outputs] = Math.max(scales[i % outputs]!, Math.abs(data[i]!));
  for (let o = 0; o < outputs; o++) scales[o]! /= LARGEST;
  const values = new Int16Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const exact = data[i]! / (scales[i % outputs]! || 1);
    const code = Math.round(exact);
    // Written so that NaN is refused, too.
    if (!(Math.abs(exact - code) < ROUNDING)) return null;
    values[i] = code;
  }
  return { values, scales };
}

/**
 * The largest integer that inputs may be rounded to: no sum of products with these codes then leaves 32 bits.
 *
 * @returns 1..32767
 */
export function rangeOf({ values, scales: { length: outputs } }: Codes): number {
  const sums = new Float64Array(outputs);
  for (let i = 0; i < values.length; i++) sums[i % outputs]! += Math.abs(values[i]!);
  const largest = sums.reduce((a, b) => Math.max(a, b), 1);
  return Math.min(32_767, Math.floor((2 ** 31 - 1) / largest));
}
