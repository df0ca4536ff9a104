import * as tf from '@tensorflow/tfjs-core';
import {
  ACCESSORIES,
  type Accessory,
  type AccessoryHeadEntry,
  type AccessoryProbabilities,
} from './accessories.ts';
import { unpackWeights } from './weight-file.ts';

/** Names of the head's tensors: [features, accessories] and [accessories]. */
export const HEAD_KERNEL = 'accessories.kernel';
export const HEAD_BIAS = 'accessories.bias';

/** Logistic regression on what the embedding layer takes; its tensors live on the current backend until `dispose`. */
export class AccessoryHead {
  private readonly kernel: tf.Tensor2D;
  private readonly bias: tf.Tensor1D;
  private readonly thresholds: AccessoryProbabilities;

  /**
   * @param bytes of the head's file, already checked against the manifest's hash
   * @throws Error where they do not fit the manifest
   */
  constructor({ tensors, thresholds }: AccessoryHeadEntry, bytes: ArrayBuffer) {
    this.thresholds = thresholds;
    const weights = unpackWeights(tensors, bytes);
    const [kernel, bias] = [weights.get(HEAD_KERNEL), weights.get(HEAD_BIAS)];
    if (!kernel || kernel.shape[1] !== ACCESSORIES.length || bias?.data.length !== ACCESSORIES.length)
      throw new Error('The accessory head does not fit its manifest; copy the model folder again.');
    this.kernel = tf.tensor2d(kernel.data, kernel.shape as [number, number]);
    this.bias = tf.tensor1d(bias.data);
  }

  /**
   * @param features [batch, features]
   * @returns [batch, accessories], probabilities
   */
  forward(features: tf.Tensor2D): tf.Tensor2D {
    return tf.tidy(() => tf.sigmoid(tf.add(tf.matMul(features, this.kernel), this.bias)) as tf.Tensor2D);
  }

  /** Which accessories a row of `forward`'s values shows. */
  wornIn(probabilities: Float32Array, row: number): Accessory[] {
    return ACCESSORIES.filter(
      (accessory, column) => probabilities[row * ACCESSORIES.length + column]! >= this.thresholds[accessory],
    );
  }

  dispose(): void {
    tf.dispose([this.kernel, this.bias]);
  }
}
