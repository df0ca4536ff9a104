import * as tf from '@tensorflow/tfjs-core';
import { PASSIVE_VIEWS, type PassiveViewName } from './config.ts';

/** A 3x3 convolution with bias and ReLU. */
interface Layer {
  readonly outputs: number;
  readonly stride: number;
}

/** One tower of convolutions for each cut-out; the wide one keeps where something lies, the narrow one only what. */
const TOWERS = {
  context: [
    { outputs: 8, stride: 2 },
    { outputs: 16, stride: 2 },
    { outputs: 24, stride: 2 },
    { outputs: 24, stride: 2 },
  ],
  detail: [
    { outputs: 12, stride: 2 },
    { outputs: 16, stride: 2 },
    { outputs: 24, stride: 2 },
    { outputs: 24, stride: 2 },
  ],
} as const satisfies Readonly<Record<PassiveViewName, readonly Layer[]>>;
const TOWER_NAMES = Object.keys(TOWERS) as PassiveViewName[];

/** Outputs of the layer between the towers and the score. */
const HIDDEN = 24;
/** Pixels are brought to about -1..1. */
const PIXEL = { mean: 127.5, scale: 1 / 63.75 } as const;

/** Weights on a backend by name. */
export type PassiveWeights = Readonly<Record<string, tf.Tensor>>;

const kernelOf = (tower: PassiveViewName, index: number): string => `${tower}.${index}.kernel`;
const biasOf = (tower: PassiveViewName, index: number): string => `${tower}.${index}.bias`;

/** Every tensor of the network by name. */
export function passiveShapes(): ReadonlyMap<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  for (const tower of TOWER_NAMES) {
    let inputs = 3;
    TOWERS[tower].forEach(({ outputs }, index) => {
      shapes.set(kernelOf(tower, index), [3, 3, inputs, outputs]);
      shapes.set(biasOf(tower, index), [outputs]);
      inputs = outputs;
    });
  }
  shapes.set('place.kernel', [contextFeatures(), HIDDEN]);
  shapes.set('place.bias', [HIDDEN]);
  shapes.set('detail.kernel', [TOWERS.detail.at(-1)!.outputs, HIDDEN]);
  shapes.set('score.kernel', [HIDDEN, 1]);
  shapes.set('score.bias', [1]);
  return shapes;
}

function contextFeatures(): number {
  const side = TOWERS.context.reduce<number>(
    (size, { stride }) => Math.ceil(size / stride),
    PASSIVE_VIEWS.context.size,
  );
  return side * side * TOWERS.context.at(-1)!.outputs;
}

/** Adds a value to each channel. */
export type AddBias = (x: tf.Tensor4D, bias: tf.Tensor1D) => tf.Tensor4D;

/**
 * @param views pixels 0..255: context [batch, 80, 80, 3], detail [batch, 64, 64, 3]
 * @param addBias of the convolutions; a trainer may have one with a faster gradient
 * @returns [batch], log odds that the face is a picture of one
 */
export function passiveScores(
  weights: PassiveWeights,
  views: Readonly<Record<PassiveViewName, tf.Tensor4D>>,
  addBias: AddBias = tf.add,
): tf.Tensor1D {
  return tf.tidy(() => {
    const context = tower(weights, 'context', views.context, addBias);
    const detail = tower(weights, 'detail', views.detail, addBias);
    const place = tf.matMul(
      tf.reshape(context, [-1, contextFeatures()]) as tf.Tensor2D,
      weights['place.kernel'] as tf.Tensor2D,
    );
    const [batch, height, width, channels] = detail.shape;
    const means = tf.mean(tf.reshape(detail, [batch, height * width, channels]), 1) as tf.Tensor2D;
    const texture = tf.matMul(means, weights['detail.kernel'] as tf.Tensor2D);
    const hidden = tf.relu(tf.add(tf.add(place, texture), weights['place.bias']!)) as tf.Tensor2D;
    const score = tf.add(tf.matMul(hidden, weights['score.kernel'] as tf.Tensor2D), weights['score.bias']!);
    return tf.reshape(score, [batch]) as tf.Tensor1D;
  });
}

function tower(
  weights: PassiveWeights,
  name: PassiveViewName,
  pixels: tf.Tensor4D,
  addBias: AddBias,
): tf.Tensor4D {
  let x = tf.mul(tf.sub(pixels, PIXEL.mean), PIXEL.scale) as tf.Tensor4D;
  TOWERS[name].forEach(({ stride }, index) => {
    const convolved = tf.conv2d(x, weights[kernelOf(name, index)] as tf.Tensor4D, stride, 'same');
    x = tf.relu(addBias(convolved, weights[biasOf(name, index)] as tf.Tensor1D)) as tf.Tensor4D;
  });
  return x;
}
