import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORM_EPSILON,
  type ConvUnit,
  convUnits,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  type NetworkPlan,
  slopeOf,
} from './architecture.ts';
import { sloped } from './conv-unit.ts';
import { IntegerChain, type Link, linksOf } from './integer-chain.ts';
import { lastMap } from './walk.ts';
import type { HostTensor, HostWeights } from './weights.ts';

function get(weights: HostWeights, name: string): HostTensor {
  const tensor = weights.get(name);
  if (!tensor) throw new Error(`Cannot fold: the weight ${name} is missing.`);
  return tensor;
}

function folded(
  weights: HostWeights,
  layer: string,
  norm: string,
  depthwise = false,
): { kernel: HostTensor; bias: HostTensor } {
  const part = (name: string): Float32Array => get(weights, `${norm}.${name}`).data;
  const source = get(weights, `${layer}.kernel`);
  const [gamma, beta] = [part('gamma'), part('beta')];
  const [mean, variance] = [part('mean'), part('variance')];
  const outputs = gamma.length;
  const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + BATCH_NORM_EPSILON));
  // A depthwise kernel ends in its channels as well: [side, side, channels, 1].
  if (depthwise && source.shape[3] !== 1)
    throw new Error(`Cannot fold: ${layer}.kernel is [${source.shape}], which is no depthwise kernel.`);
  return {
    kernel: { shape: source.shape, data: source.data.map((value, i) => value * scale[i % outputs]!) },
    bias: { shape: [outputs], data: beta.map((value, c) => value - mean[c]! * scale[c]!) },
  };
}

/**
 * Folds every batch norm into the layer before it: `<layer>.kernel` and `<layer>.bias` remain, and slopes.
 *
 * @throws Error that names a missing weight
 */
export function foldWeights(plan: NetworkPlan, weights: HostWeights): Map<string, HostTensor> {
  const result = new Map<string, HostTensor>();
  const fold = (layer: string, norm: string, depthwise?: boolean): void => {
    const { kernel, bias } = folded(weights, layer, norm, depthwise);
    result.set(`${layer}.kernel`, kernel);
    result.set(`${layer}.bias`, bias);
  };
  for (const unit of convUnits(plan)) {
    fold(unit.conv, unit.norm, unit.depthwise);
    const slope = slopeOf(unit);
    if (slope) result.set(slope, get(weights, slope));
  }
  fold(EMBEDDING_LAYER, EMBEDDING_NORM);
  return result;
}

/** The network's output before the last layer. */
export interface Features {
  /** [batch, plan.channels]: the mean over the last map, which the accessory head takes */
  readonly means: tf.Tensor2D;
  /** [batch, plan.features]: what the embedding layer takes; the same tensor as `means` where the head is the mean */
  readonly pooled: tf.Tensor2D;
}

export interface InferenceOptions {
  /**
   * Lets `IntegerChain` compute what it can, beside the backend and on one thread: separable blocks whose weights are 8-bit
   * codes. Faster than tfjs' WASM backend on one thread, slower than its threads and than a GPU (default: false).
   */
  readonly integer?: boolean;
}

/** Layers that may be computed as integers: all blocks behind the stem, and the neck. */
function chainsOf({ blocks, head }: NetworkPlan): Record<'blocks' | 'neck', readonly Link[] | null> {
  const plain = blocks.every(({ shortcut }) => shortcut === 'none');
  return {
    blocks: plain ? linksOf(blocks.flatMap(({ layers }) => layers)) : null,
    neck: head.kind === 'weighted' ? linksOf([head.neck]) : null,
  };
}

const namesOf = (links: readonly Link[]): string[] =>
  links.flatMap(({ depthwise, pointwise }) =>
    [depthwise, pointwise].flatMap((unit) =>
      unit ? [`${unit.conv}.kernel`, `${unit.conv}.bias`, ...(slopeOf(unit) ? [slopeOf(unit)!] : [])] : [],
    ),
  );

/** The inference form: weights live on the current backend until `dispose`. */
export class InferenceNetwork {
  private readonly plan: NetworkPlan;
  private readonly tensors = new Map<string, tf.Tensor>();
  private readonly chains: { readonly blocks: IntegerChain | null; readonly neck: IntegerChain | null };

  /** @param weights folded weights by name, as `foldWeights` returns them; each is put on the backend before the next is read */
  constructor(
    plan: NetworkPlan,
    weights: Iterable<readonly [string, HostTensor]>,
    { integer = false }: InferenceOptions = {},
  ) {
    this.plan = plan;
    const { blocks, neck } = integer ? chainsOf(plan) : { blocks: null, neck: null };
    const held = new Map<string, HostTensor>();
    const chained = new Set([...namesOf(blocks ?? []), ...namesOf(neck ?? [])]);
    try {
      for (const [name, tensor] of weights)
        if (chained.has(name)) held.set(name, tensor);
        else this.put(name, tensor);
      this.chains = { blocks: this.chain(blocks, held), neck: this.chain(neck, held) };
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  private put(name: string, { shape, data }: HostTensor): void {
    this.tensors.set(name, tf.tensor(data, [...shape], 'float32'));
  }

  /** Where there can be no chain, its weights go to the backend. */
  private chain(links: readonly Link[] | null, held: HostWeights): IntegerChain | null {
    const chain = links && IntegerChain.of(links, held);
    if (links && !chain)
      for (const name of namesOf(links)) {
        const tensor = held.get(name);
        if (tensor) this.put(name, tensor);
      }
    return chain;
  }

  /**
   * @param images [batch, side, side, 3], normalised
   * @returns [batch, embeddingSize], unit length
   */
  forward(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => this.embed(this.features(images).pooled));
  }

  /**
   * The last layer.
   *
   * @param pooled [batch, features], as `features` gives them
   * @returns [batch, embeddingSize], unit length
   */
  embed(pooled: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => normaliseRows(this.project(pooled)));
  }

  /** As `embed`, before its rows are brought to unit length. */
  project(pooled: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const kernel = this.get(`${EMBEDDING_LAYER}.kernel`) as tf.Tensor2D;
      return tf.add(tf.matMul(pooled, kernel), this.get(`${EMBEDDING_LAYER}.bias`));
    });
  }

  /** @param images [batch, side, side, 3], normalised */
  features(images: tf.Tensor4D): Features {
    return tf.tidy((): { means: tf.Tensor2D; pooled: tf.Tensor2D } => {
      const map = this.map(images);
      const means = tf.mean(map, [1, 2]) as tf.Tensor2D;
      return { means, pooled: this.plan.head.kind === 'mean' ? means : this.pool(this.neck(map)) };
    });
  }

  /** [batch, height, width, channels]: the last map. */
  map(images: tf.Tensor4D): tf.Tensor4D {
    const { blocks } = this.chains;
    const plan = blocks ? { ...this.plan, blocks: [] } : this.plan;
    return tf.tidy(() => {
      const map = lastMap(plan, images, {
        apply: (x, unit, added) => this.unit(x, unit, added),
        discard: (map) => map.dispose(),
      });
      return blocks ? blocks.apply(map) : map;
    });
  }

  /**
   * The map that the weighted head pools.
   *
   * @throws Error where the head is the mean
   */
  neck(map: tf.Tensor4D): tf.Tensor4D {
    const { head } = this.plan;
    if (head.kind === 'mean') throw new Error('This network pools its last map by the mean: it has no neck.');
    return this.chains.neck?.apply(map) ?? this.unit(map, head.neck);
  }

  /** What the weighted head makes of the neck's map: [batch, features]. */
  pool(neck: tf.Tensor4D): tf.Tensor2D {
    const { head } = this.plan;
    if (head.kind === 'mean') throw new Error('This network pools its last map by the mean: it has no neck.');
    checkMap(head.pool, neck);
    return tf.tidy(() => {
      const pooled = this.unit(neck, head.pool);
      return tf.reshape(pooled, [neck.shape[0], this.plan.features]) as tf.Tensor2D;
    });
  }

  dispose(): void {
    for (const tensor of this.tensors.values()) tensor.dispose();
  }

  private get(name: string): tf.Tensor {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`The model lacks ${name}; its manifest describes another architecture.`);
    return tensor;
  }

  private unit(x: tf.Tensor4D, unit: ConvUnit, added?: tf.Tensor4D): tf.Tensor4D {
    const { conv, stride, pad, depthwise, activation } = unit;
    const slope = slopeOf(unit);
    const options = {
      x,
      filter: this.get(`${conv}.kernel`) as tf.Tensor4D,
      bias: this.get(`${conv}.bias`) as tf.Tensor1D,
      strides: stride,
      pad,
      activation: added ? ('linear' as const) : activation,
      ...(slope && !added ? { preluActivationWeights: this.get(slope) } : {}),
    };
    const y = depthwise ? tf.fused.depthwiseConv2d(options) : tf.fused.conv2d(options);
    if (!added) return y;
    return tf.tidy(() => {
      const sum = tf.add<tf.Tensor4D>(y, added);
      y.dispose();
      if (activation === 'linear') return sum;
      if (slope) return sloped(sum, this.get(slope));
      return activation === 'relu' ? tf.relu(sum) : tf.relu6(sum);
    });
  }
}

/**
 * A weighted head has a weight for each position of one size of map.
 *
 * @throws RangeError where pictures of another size left another map
 */
export function checkMap({ kernel }: ConvUnit, map: tf.Tensor4D): void {
  const [, height, width] = map.shape;
  if (height !== kernel || width !== kernel)
    throw new RangeError(
      `This network pools a map of ${kernel}x${kernel}; these pictures leave one of ${height}x${width}. Give pictures of the size that its manifest names.`,
    );
}

/** Scales each row to unit length; a zero row stays zero. */
export function normaliseRows(x: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => tf.div(x, tf.maximum(tf.norm(x, 'euclidean', 1, true), 1e-12)) as tf.Tensor2D);
}
