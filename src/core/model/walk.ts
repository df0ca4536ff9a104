import * as tf from '@tensorflow/tfjs-core';
import type { ConvUnit, NetworkPlan } from './architecture.ts';

/** Computes one layer: convolution, norm or bias, what is added, activation. */
export type ApplyUnit = (x: tf.Tensor4D, unit: ConvUnit, added?: tf.Tensor4D) => tf.Tensor4D;

/** How a form of the network computes its parts. */
export interface Layers {
  readonly apply: ApplyUnit;
  /** gets every map that nothing reads any more; absent: they live on, as gradients want them */
  readonly discard?: (map: tf.Tensor4D) => void;
}

/**
 * Computes the network from the picture to the last map, in every form.
 *
 * @param images [batch, side, side, 3], normalised
 * @param from index of the first block to compute; `images` is then what that block takes
 * @returns [batch, height, width, channels]
 */
export function lastMap(
  plan: NetworkPlan,
  images: tf.Tensor4D,
  { apply, discard }: Layers,
  from?: number,
): tf.Tensor4D {
  let x = images;
  const replace = (next: tf.Tensor4D): void => {
    if (x !== images) discard?.(x);
    x = next;
  };
  if (from === undefined) {
    for (const unit of plan.stem) replace(apply(x, unit));
    if (plan.pool) replace(tf.maxPool(x, 3, 2, 1));
  }
  for (const { layers, shortcut } of plan.blocks.slice(from ?? 0)) {
    const added = shortcut === 'none' ? undefined : shortcut === 'identity' ? x : apply(x, shortcut);
    let inner = x;
    for (const [index, unit] of layers.entries()) {
      const next = apply(inner, unit, index === layers.length - 1 ? added : undefined);
      if (inner !== x) discard?.(inner);
      inner = next;
    }
    if (added && added !== x) discard?.(added);
    replace(inner);
  }
  return x;
}
