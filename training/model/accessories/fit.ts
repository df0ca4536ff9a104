import { ACCESSORIES } from '@rounz/core/model/accessories.ts';
import * as tf from '@tensorflow/tfjs';
import { Optimiser } from '../../optim/optimiser.ts';

/** What is known of one view: of each accessory 1 worn, 0 not worn, null unknown. */
export type Labels = readonly (0 | 1 | null)[];

export interface View {
  readonly features: Float32Array;
  readonly labels: Labels;
}

/** Weights on the raw features: probability = sigmoid(features . kernel + bias). */
export interface HeadWeights {
  /** [features, accessories], row-major */
  readonly kernel: Float32Array;
  /** [accessories] */
  readonly bias: Float32Array;
}

/** As Kingma and Ba 2015 give them; the gradient of a mean over views needs no clipping. */
const ADAM = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clipNorm: 1e6 } as const;

export interface FitOptions {
  readonly steps: number;
  readonly rate: number;
  readonly decay: number;
}

/**
 * Logistic regression, one for each accessory (Cox 1958), on features brought to mean 0 and variance 1, with a penalty on
 * the squared weights. Worn and not worn count alike, however many there are of each; unknown labels count for nothing.
 */
export async function fitHead(
  views: readonly View[],
  { steps, rate, decay }: FitOptions,
): Promise<HeadWeights> {
  const width = views[0]!.features.length;
  const { mean, scale } = standardiser(views, width);
  const x = tf.tensor2d(standardised(views, mean, scale), [views.length, width]);
  const { targets, weights } = targetsOf(views);
  const kernel = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R2>([width, ACCESSORIES.length])));
  const bias = tf.tidy(() => tf.variable(tf.zeros<tf.Rank.R1>([ACCESSORIES.length])));
  const variables = new Map<string, tf.Variable>([
    ['kernel', kernel],
    ['bias', bias],
  ]);
  const optimiser = new Optimiser({ ...ADAM, rate });
  for (let step = 0; step < steps; step++) {
    const { grads, value } = tf.variableGrads(() => {
      const logits = tf.add(tf.matMul(x, kernel), bias);
      // log(1 + e^z) - y z, kept finite: max(z, 0) + log(1 + e^-|z|)
      const loss = tf.sub(
        tf.add(tf.relu(logits), tf.log1p(tf.exp(tf.neg(tf.abs(logits))))),
        tf.mul(targets, logits),
      );
      return tf.add(tf.sum(tf.mul(loss, weights)), tf.mul(decay, tf.sum(tf.square(kernel)))) as tf.Scalar;
    }, [kernel, bias]);
    await optimiser.step(variables, grads, () => rate);
    tf.dispose([value, ...Object.values(grads)]);
  }
  const fitted = await Promise.all([kernel.data<'float32'>(), bias.data<'float32'>()]);
  tf.dispose([x, targets, weights, kernel, bias]);
  optimiser.dispose();
  return onRawFeatures(fitted[0].slice(), fitted[1].slice(), mean, scale);
}

function standardiser(views: readonly View[], width: number): { mean: Float64Array; scale: Float64Array } {
  const mean = new Float64Array(width);
  const squares = new Float64Array(width);
  for (const { features } of views)
    for (let i = 0; i < width; i++) {
      mean[i]! += features[i]! / views.length;
      squares[i]! += features[i]! ** 2 / views.length;
    }
  const scale = mean.map((value, i) => Math.sqrt(Math.max(1e-8, squares[i]! - value * value)));
  return { mean, scale };
}

function standardised(views: readonly View[], mean: Float64Array, scale: Float64Array): Float32Array {
  const width = mean.length;
  const values = new Float32Array(views.length * width);
  views.forEach(({ features }, row) => {
    for (let i = 0; i < width; i++) values[row * width + i] = (features[i]! - mean[i]!) / scale[i]!;
  });
  return values;
}

/** Labels, and what each counts: half for all that are worn, half for all that are not, of each accessory. */
function targetsOf(views: readonly View[]): { targets: tf.Tensor2D; weights: tf.Tensor2D } {
  const columns = ACCESSORIES.length;
  const targets = new Float32Array(views.length * columns);
  const weights = new Float32Array(views.length * columns);
  for (let column = 0; column < columns; column++) {
    const counts = [0, 0];
    for (const { labels } of views) {
      const label = labels[column];
      if (label === 0 || label === 1) counts[label]!++;
    }
    views.forEach(({ labels }, row) => {
      const label = labels[column];
      if (label !== 0 && label !== 1) return;
      targets[row * columns + column] = label;
      weights[row * columns + column] = 0.5 / counts[label]!;
    });
  }
  const shape: [number, number] = [views.length, columns];
  return { targets: tf.tensor2d(targets, shape), weights: tf.tensor2d(weights, shape) };
}

function onRawFeatures(
  kernel: Float32Array,
  bias: Float32Array,
  mean: Float64Array,
  scale: Float64Array,
): HeadWeights {
  const columns = bias.length;
  mean.forEach((centre, i) => {
    for (let column = 0; column < columns; column++) {
      const at = i * columns + column;
      kernel[at]! /= scale[i]!;
      bias[column]! -= kernel[at]! * centre;
    }
  });
  return { kernel, bias };
}

/** The probability of each accessory that a view's features give. */
export function probabilities({ kernel, bias }: HeadWeights, features: Float32Array): Float32Array {
  const logits = Float64Array.from(bias);
  features.forEach((value, i) => {
    for (let column = 0; column < logits.length; column++)
      logits[column]! += value * kernel[i * logits.length + column]!;
  });
  return Float32Array.from(logits, (logit) => 1 / (1 + Math.exp(-logit)));
}
