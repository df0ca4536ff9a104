import type { Manifest } from './manifest.ts';

/** The one normalisation: (byte - mean) / scale of each channel, written into `target` from `offset`. */
export function normaliseCrop(
  crop: ArrayLike<number>,
  input: Pick<Manifest['input'], 'mean' | 'scale'>,
  target: Float32Array,
  offset: number,
): void {
  const mean = threeOf(input.mean);
  const gain = threeOf(input.scale).map((scale) => 1 / scale);
  for (let i = 0; i < crop.length; i++) target[offset + i] = (crop[i]! - mean[i % 3]!) * gain[i % 3]!;
}

const threeOf = (value: number | readonly number[]): readonly number[] =>
  typeof value === 'number' ? [value, value, value] : value;
