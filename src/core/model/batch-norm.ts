import * as tf from '@tensorflow/tfjs-core';

/**
 * Kernels that a backend may offer for training-time batch norm fused with the shortcut's addition and ReLU. A backend
 * without them gets the composition below; both are tested against each other.
 */
export const BATCH_NORM_KERNEL = 'TrainingBatchNorm';
export const BATCH_NORM_GRADIENT_KERNEL = 'TrainingBatchNormGradient';

export interface BatchNormOptions {
  readonly epsilon: number;
  readonly relu: boolean;
  /** added before ReLU; same shape as x */
  readonly residual?: tf.Tensor;
  /** gets the batch's mean and (biased) variance, [channels]; both are disposed afterwards */
  readonly onStatistics?: (mean: tf.Tensor, variance: tf.Tensor) => void;
}

interface Forward {
  readonly y: tf.Tensor;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

interface Gradients {
  readonly x: tf.Tensor;
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
  readonly residual: tf.Tensor;
}

/** x, y, gamma, mean, variance */
type Saved = readonly [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];

type KernelInputs = Parameters<ReturnType<typeof tf.engine>['runKernel']>[1];
type KernelAttributes = Exclude<Parameters<ReturnType<typeof tf.engine>['runKernel']>[2], undefined>;

const hasKernel = (name: string): boolean => tf.getKernel(name, tf.getBackend()) !== undefined;

function forward(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  residual: tf.Tensor | undefined,
  options: BatchNormOptions,
): Forward {
  const { epsilon, relu } = options;
  if (hasKernel(BATCH_NORM_KERNEL)) {
    const inputs = residual ? { x, gamma, beta, residual } : { x, gamma, beta };
    const attributes = { epsilon, relu } as unknown as KernelAttributes;
    const outputs = tf
      .engine()
      .runKernel(BATCH_NORM_KERNEL, inputs as unknown as KernelInputs, attributes) as unknown as tf.Tensor[];
    return { y: outputs[0]!, mean: outputs[1]!, variance: outputs[2]! };
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const mean = tf.mean(x, axes);
  const variance = tf.mean(tf.squaredDifference(x, mean), axes);
  const scale = tf.mul(gamma, tf.rsqrt(tf.add(variance, epsilon)));
  let y = tf.add(tf.mul(x, scale), tf.sub(beta, tf.mul(mean, scale)));
  if (residual) y = tf.add(y, residual);
  if (relu) y = tf.relu(y);
  return { y, mean, variance };
}

function backward(dy: tf.Tensor, [x, y, gamma, mean, variance]: Saved, options: BatchNormOptions): Gradients {
  const { epsilon, relu } = options;
  if (hasKernel(BATCH_NORM_GRADIENT_KERNEL)) {
    const inputs = { dy, x, y, gamma, mean, variance } as unknown as KernelInputs;
    const attributes = { epsilon, relu, residual: options.residual !== undefined };
    const outputs = tf
      .engine()
      .runKernel(
        BATCH_NORM_GRADIENT_KERNEL,
        inputs,
        attributes as unknown as KernelAttributes,
      ) as unknown as tf.Tensor[];
    return { x: outputs[0]!, gamma: outputs[1]!, beta: outputs[2]!, residual: outputs[3] ?? dy };
  }
  const axes = x.shape.slice(0, -1).map((_, axis) => axis);
  const count = x.size / gamma.size;
  const through = relu ? tf.mul(dy, tf.step(y)) : dy;
  const inverse = tf.rsqrt(tf.add(variance, epsilon));
  const centred = tf.sub(x, mean);
  const betaGradient = tf.sum(through, axes);
  const gammaGradient = tf.mul(tf.sum(tf.mul(through, centred), axes), inverse);
  // dx = gamma / sigma * (dy - mean(dy) - xhat * mean(dy * xhat)), Ioffe and Szegedy 2015, section 3
  const scale = tf.mul(gamma, inverse);
  const slope = tf.div(tf.mul(tf.mul(scale, inverse), gammaGradient), count);
  const offset = tf.div(tf.mul(scale, betaGradient), count);
  const xGradient = tf.sub(tf.sub(tf.mul(through, scale), offset), tf.mul(centred, slope));
  return { x: xGradient, gamma: gammaGradient, beta: betaGradient, residual: through };
}

/**
 * Training-time batch norm over all axes but the last (Ioffe and Szegedy 2015), then the residual's addition, then ReLU, as
 * one differentiable step whose gradient keeps x and y alone.
 *
 * @param x [..., channels]
 * @param gamma [channels]
 * @param beta [channels]
 * @returns same shape as x
 */
export function trainingBatchNorm<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  options: BatchNormOptions,
): T {
  const inputs: tf.Tensor[] = options.residual ? [x, gamma, beta, options.residual] : [x, gamma, beta];
  const step = tf.customGrad((...values) => {
    const save = values[values.length - 1] as unknown as tf.GradSaveFunc;
    const [input, scale, shift, residual] = values.slice(0, -1) as tf.Tensor[];
    const { y, mean, variance } = forward(input!, scale!, shift!, residual, options);
    options.onStatistics?.(mean, variance);
    save([input!, y, scale!, mean, variance]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const gradients = backward(dy, saved as unknown as Saved, options);
      const list = [gradients.x, gradients.gamma, gradients.beta];
      return options.residual ? [...list, gradients.residual] : list;
    };
    return { value: y, gradFunc };
  });
  return step(...inputs) as T;
}
