import * as tf from '@tensorflow/tfjs-core';
import {
  BATCH_NORM_EPSILON,
  type ConvUnit,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  type NetworkPlan,
  slopeOf,
} from './architecture.ts';
import { trainingBatchNorm } from './batch-norm.ts';
import { sloped } from './conv-unit.ts';
import { globalAverage } from './global-average.ts';
import { checkMap } from './inference-form.ts';
import { lastMap } from './walk.ts';
import type { TrainingVariables } from './weights.ts';

export type ForwardMode =
  /** the batch's own statistics, and dropout (0..1) */
  | {
      readonly kind: 'train';
      readonly dropout: number;
      readonly seed: number;
      /** gets each norm's batch statistics under its variable's name, for the moving averages; keep nothing of `value` */
      readonly onStatistic: (name: string, value: tf.Tensor) => void;
    }
  /** moving statistics, no dropout */
  | { readonly kind: 'evaluate' }
  /** norms only add `biases` (of the folded form, by norm), and the statistics before them are reported */
  | {
      readonly kind: 'measure';
      readonly biases: ReadonlyMap<string, tf.Tensor>;
      readonly onStatistic: (name: string, value: tf.Tensor) => void;
    };

class TrainingNetwork {
  readonly plan: NetworkPlan;
  readonly variables: TrainingVariables;
  readonly mode: ForwardMode;

  constructor(plan: NetworkPlan, variables: TrainingVariables, mode: ForwardMode) {
    this.plan = plan;
    this.variables = variables;
    this.mode = mode;
  }

  forward(images: tf.Tensor4D): tf.Tensor2D {
    const apply = (x: tf.Tensor4D, unit: ConvUnit, added?: tf.Tensor4D) => this.unit(x, unit, added);
    let features: tf.Tensor = this.pooled(lastMap(this.plan, images, { apply }));
    if (this.mode.kind === 'train' && this.mode.dropout > 0) {
      features = tf.dropout(features, this.mode.dropout, undefined, this.mode.seed);
    }
    const projected = tf.matMul(
      features as tf.Tensor2D,
      this.get(`${EMBEDDING_LAYER}.kernel`) as tf.Tensor2D,
    );
    return this.normed(projected, EMBEDDING_NORM, false) as tf.Tensor2D;
  }

  private pooled(map: tf.Tensor4D): tf.Tensor2D {
    const { head, features } = this.plan;
    if (head.kind === 'mean') return globalAverage(map);
    checkMap(head.pool, map);
    return tf.reshape(this.unit(this.unit(map, head.neck), head.pool), [map.shape[0], features]);
  }

  private get(name: string): tf.Variable {
    const variable = this.variables.get(name);
    if (!variable)
      throw new Error(`The network's weight ${name} is missing; the variables are of another plan.`);
    return variable;
  }

  private unit(x: tf.Tensor4D, unit: ConvUnit, added?: tf.Tensor4D): tf.Tensor4D {
    const { conv, norm, stride, pad, depthwise, activation } = unit;
    const kernel = this.get(`${conv}.kernel`) as tf.Tensor as tf.Tensor4D;
    const y = depthwise ? tf.depthwiseConv2d(x, kernel, stride, pad) : tf.conv2d(x, kernel, stride, pad);
    const slope = slopeOf(unit);
    // The fused norm only has ReLU: slopes come after it, and values above 6 are clipped.
    const normed = this.normed(y, norm, activation === 'relu' || activation === 'relu6', added);
    if (slope) return sloped(normed as tf.Tensor4D, this.get(slope));
    return (activation === 'relu6' ? tf.minimum(normed, 6) : normed) as tf.Tensor4D;
  }

  private normed(x: tf.Tensor, name: string, relu: boolean, residual?: tf.Tensor): tf.Tensor {
    const gamma = this.get(`${name}.gamma`);
    const beta = this.get(`${name}.beta`);
    if (this.mode.kind === 'measure') return this.measure(x, name, relu, residual, this.mode);
    if (this.mode.kind === 'evaluate') {
      const scale = tf.mul(gamma, tf.rsqrt(tf.add(this.get(`${name}.variance`), BATCH_NORM_EPSILON)));
      let y = tf.add(tf.mul(tf.sub(x, this.get(`${name}.mean`)), scale), beta);
      if (residual) y = tf.add(y, residual);
      return relu ? tf.relu(y) : y;
    }
    const { onStatistic } = this.mode;
    return trainingBatchNorm(x, gamma, beta, {
      epsilon: BATCH_NORM_EPSILON,
      relu,
      ...(residual ? { residual } : {}),
      onStatistics: (mean, variance) => {
        onStatistic(`${name}.mean`, mean);
        onStatistic(`${name}.variance`, variance);
      },
    });
  }

  private measure(
    x: tf.Tensor,
    name: string,
    relu: boolean,
    residual: tf.Tensor | undefined,
    mode: Extract<ForwardMode, { kind: 'measure' }>,
  ): tf.Tensor {
    const channels = x.shape[x.shape.length - 1]!;
    const epsilon = BATCH_NORM_EPSILON;
    const plain = { epsilon, relu, ...(residual ? { residual } : {}) };
    const kept: tf.Tensor[] = [];
    // Runs the fused norm, which backends do fast: once for the statistics, once to undo it.
    trainingBatchNorm(x, tf.ones([channels]), tf.zeros([channels]), {
      epsilon,
      relu: false,
      onStatistics: (...statistics) => kept.push(...statistics.map((one) => tf.keep(tf.clone(one)))),
    });
    // Kept outside of the norm's scope, so that the caller decides when they are disposed.
    const [mean, variance] = kept.map((one) => tf.clone(one)) as [tf.Tensor, tf.Tensor];
    tf.dispose(kept);
    mode.onStatistic(`${name}.mean`, mean);
    mode.onStatistic(`${name}.variance`, variance);
    const gamma = tf.sqrt(tf.add(variance, epsilon));
    const y = trainingBatchNorm(x, gamma, tf.add(mean, mode.biases.get(name)!), plain);
    return y;
  }
}

/**
 * The training form: convolution and batch norm apart, differentiable in `variables`.
 *
 * @param images [batch, side, side, 3], normalised
 * @returns [batch, embeddingSize], not yet of unit length
 */
export function forwardTraining(
  plan: NetworkPlan,
  variables: TrainingVariables,
  images: tf.Tensor4D,
  mode: ForwardMode,
): tf.Tensor2D {
  return new TrainingNetwork(plan, variables, mode).forward(images);
}
