import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORM_EPSILON,
  type Bottleneck,
  type ConvUnit,
  convUnits,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  type NetworkPlan,
} from './architecture.ts';
import type { HostTensor, HostWeights } from './weights.ts';

function folded(weights: HostWeights, layer: string, norm: string): { kernel: HostTensor; bias: HostTensor } {
  const get = (name: string): HostTensor => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`Cannot fold: the weight ${name} is missing.`);
    return tensor;
  };
  const source = get(`${layer}.kernel`);
  const [gamma, beta] = [get(`${norm}.gamma`).data, get(`${norm}.beta`).data];
  const [mean, variance] = [get(`${norm}.mean`).data, get(`${norm}.variance`).data];
  const outputs = gamma.length;
  const scale = gamma.map((value, c) => value / Math.sqrt(variance[c]! + BATCH_NORM_EPSILON));
  return {
    kernel: { shape: source.shape, data: source.data.map((value, i) => value * scale[i % outputs]!) },
    bias: { shape: [outputs], data: beta.map((value, c) => value - mean[c]! * scale[c]!) },
  };
}

/**
 * Folds every batch norm into the layer before it: `<layer>.kernel` and `<layer>.bias` remain.
 *
 * @throws Error that names a missing weight
 */
export function foldWeights(plan: NetworkPlan, weights: HostWeights): Map<string, HostTensor> {
  const layers = convUnits(plan).map((unit): [string, string] => [unit.conv, unit.norm]);
  layers.push([EMBEDDING_LAYER, EMBEDDING_NORM]);
  const result = new Map<string, HostTensor>();
  for (const [layer, norm] of layers) {
    const { kernel, bias } = folded(weights, layer, norm);
    result.set(`${layer}.kernel`, kernel);
    result.set(`${layer}.bias`, bias);
  }
  return result;
}

/** The inference form: weights live on the current backend until `dispose`. */
export class InferenceNetwork {
  private readonly plan: NetworkPlan;
  private readonly tensors: ReadonlyMap<string, tf.Tensor>;

  /** @param weights folded weights, as `foldWeights` returns them */
  constructor(plan: NetworkPlan, weights: HostWeights) {
    this.plan = plan;
    this.tensors = new Map(
      [...weights].map(([name, { shape, data }]) => [name, tf.tensor(data, [...shape], 'float32')]),
    );
  }

  /**
   * @param images [batch, side, side, 3], normalised
   * @returns [batch, embeddingSize], unit length
   */
  forward(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => this.embed(this.features(images)));
  }

  /**
   * The last layer.
   *
   * @param features [batch, features], as `features` gives them
   * @returns [batch, embeddingSize], unit length
   */
  embed(features: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => {
      const kernel = this.get(`${EMBEDDING_LAYER}.kernel`) as tf.Tensor2D;
      return normaliseRows(tf.add(tf.matMul(features, kernel), this.get(`${EMBEDDING_LAYER}.bias`)));
    });
  }

  /**
   * @param images [batch, side, side, 3], normalised
   * @returns what the last layer takes: [batch, features], not negative (ReLU, then the mean over the picture)
   */
  features(images: tf.Tensor4D): tf.Tensor2D {
    return tf.tidy(() => {
      let x = this.conv(images, this.plan.stem, true);
      if (this.plan.pool) x = tf.maxPool(x, 3, 2, 1);
      for (const block of this.plan.blocks) x = this.bottleneck(x, block);
      return tf.mean(x, [1, 2]) as tf.Tensor2D;
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

  private bottleneck(x: tf.Tensor4D, block: Bottleneck): tf.Tensor4D {
    const shortcut = block.shortcut ? this.conv(x, block.shortcut, false) : x;
    const inner = this.conv(this.conv(x, block.reduce, true), block.spatial, true);
    return tf.relu(tf.add(this.conv(inner, block.expand, false), shortcut));
  }

  private conv(x: tf.Tensor4D, unit: ConvUnit, relu: boolean): tf.Tensor4D {
    return tf.fused.conv2d({
      x,
      filter: this.get(`${unit.conv}.kernel`) as tf.Tensor4D,
      bias: this.get(`${unit.conv}.bias`) as tf.Tensor1D,
      strides: unit.stride,
      pad: unit.pad,
      activation: relu ? 'relu' : 'linear',
    });
  }
}

/** Scales each row to unit length; a zero row stays zero. */
export function normaliseRows(x: tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => tf.div(x, tf.maximum(tf.norm(x, 'euclidean', 1, true), 1e-12)) as tf.Tensor2D);
}
