import * as tf from '@tensorflow/tfjs';
import { NativeBackend } from '../backend/native-backend.ts';

export interface AdamFactors {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /** 1 - beta1^t */
  readonly correction1: number;
  /** 1 - beta2^t */
  readonly correction2: number;
  readonly epsilon: number;
  /** decoupled weight decay; multiplied by the rate */
  readonly decay: number;
  /** multiplies the gradient first */
  readonly gain: number;
}

export interface MomentumFactors {
  readonly rate: number;
  readonly momentum: number;
  /** added to the gradient */
  readonly decay: number;
  readonly nesterov: boolean;
  /** multiplies the gradient first */
  readonly gain: number;
}

/** Updates of variables in place: natively where the backend can, else composed of tfjs operations. */
export interface ParameterOps {
  /** AdamW, Loshchilov and Hutter 2019 (decay 0: Adam, Kingma and Ba 2015) */
  adam(
    weights: tf.Variable,
    gradient: tf.Tensor,
    first: tf.Variable,
    second: tf.Variable,
    factors: AdamFactors,
  ): void;
  /** SGD with momentum (Nesterov's in Sutskever et al. 2013's form) */
  momentum(weights: tf.Variable, gradient: tf.Tensor, velocity: tf.Variable, factors: MomentumFactors): void;
  /** mean = keep * mean + (1 - keep) * value */
  average(mean: tf.Variable, value: tf.Tensor, keep: number): void;
  /** each one's sum of squares; one reading for all of them, for a GPU is asked seldom */
  squareSums(values: readonly tf.Tensor[]): Promise<number[]>;
}

const composed: ParameterOps = {
  adam: (weights, gradient, first, second, f) =>
    tf.tidy(() => {
      const scaled = tf.mul(gradient, f.gain);
      first.assign(tf.add(tf.mul(first, f.beta1), tf.mul(scaled, 1 - f.beta1)));
      second.assign(tf.add(tf.mul(second, f.beta2), tf.mul(tf.square(scaled), 1 - f.beta2)));
      const direction = tf.div(
        tf.div(first, f.correction1),
        tf.add(tf.sqrt(tf.div(second, f.correction2)), f.epsilon),
      );
      weights.assign(tf.sub(weights, tf.mul(tf.add(direction, tf.mul(weights, f.decay)), f.rate)));
    }),
  momentum: (weights, gradient, velocity, f) =>
    tf.tidy(() => {
      const decayed = tf.add(tf.mul(gradient, f.gain), tf.mul(weights, f.decay));
      velocity.assign(tf.add(tf.mul(velocity, f.momentum), decayed));
      const direction = f.nesterov ? tf.add(decayed, tf.mul(velocity, f.momentum)) : velocity;
      weights.assign(tf.sub(weights, tf.mul(direction, f.rate)));
    }),
  average: (mean, value, keep) =>
    tf.tidy(() => mean.assign(tf.add(tf.mul(mean, keep), tf.mul(value, 1 - keep)))),
  squareSums: async (values) => {
    if (values.length === 0) return [];
    const sums = tf.tidy(() => tf.stack(values.map((one) => tf.sum(tf.square(one)))));
    const read = await sums.data();
    sums.dispose();
    return [...read];
  },
};

function native(backend: NativeBackend): ParameterOps {
  const { kernels } = backend;
  const floats = (tensor: tf.Tensor): Float32Array => backend.as(tensor, 'float32').values as Float32Array;
  return {
    adam: (weights, gradient, first, second, f) =>
      kernels.adam(
        floats(weights),
        floats(gradient),
        floats(first),
        floats(second),
        f.rate,
        f.beta1,
        f.beta2,
        f.correction1,
        f.correction2,
        f.epsilon,
        f.decay,
        f.gain,
      ),
    momentum: (weights, gradient, velocity, f) =>
      kernels.momentum(
        floats(weights),
        floats(gradient),
        floats(velocity),
        f.rate,
        f.momentum,
        f.decay,
        Number(f.nesterov),
        f.gain,
      ),
    average: (mean, value, keep) => kernels.average(floats(mean), floats(value), keep),
    squareSums: async (values) =>
      values.map((one) => {
        const sum = new Float32Array(1);
        kernels.squareSum(floats(one), sum);
        return sum[0]!;
      }),
  };
}

/** The operations of the current backend. */
export function parameterOps(): ParameterOps {
  const backend = tf.backend();
  return backend instanceof NativeBackend ? native(backend) : composed;
}
