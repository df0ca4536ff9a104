import * as tf from '@tensorflow/tfjs-core';
import type { Activation } from './architecture.ts';

/**
 * Kernels that a backend may offer for a convolution with its bias, what is added, and the activation in one step. A
 * backend without them gets the composition below; both are tested against each other.
 */
export const CONV_UNIT_KERNEL = 'TrainingConvUnit';
export const CONV_UNIT_GRADIENT_KERNEL = 'TrainingConvUnitGradient';
/** One that a backend may offer for both gradients of PReLU; tfjs' own takes eight steps. */
export const PRELU_GRADIENT_KERNEL = 'PreluGradient';

export interface ConvUnitOptions {
  readonly stride: number;
  readonly pad: number;
  readonly depthwise: boolean;
  readonly activation: Activation;
}

type Engine = ReturnType<typeof tf.engine>;
type KernelInputs = Parameters<Engine['runKernel']>[1];
type KernelAttributes = Exclude<Parameters<Engine['runKernel']>[2], undefined>;

const run = (kernel: string, inputs: Record<string, tf.Tensor>, attributes: Record<string, unknown>) =>
  tf.engine().runKernel(kernel, inputs as unknown as KernelInputs, attributes as unknown as KernelAttributes);

/**
 * PReLU (He et al. 2015): a channel's negative values times its slope.
 *
 * @param slope [channels]
 */
export function sloped(x: tf.Tensor4D, slope: tf.Tensor): tf.Tensor4D {
  if (!tf.getKernel(PRELU_GRADIENT_KERNEL, tf.getBackend()))
    return tf.prelu(x as tf.Tensor, slope) as tf.Tensor4D;
  const step = tf.customGrad((...values) => {
    const save = values[values.length - 1] as unknown as tf.GradSaveFunc;
    const [input, alpha] = values as [tf.Tensor, tf.Tensor];
    save([input, alpha]);
    return {
      value: tf.prelu(input, alpha),
      gradFunc: (dy: tf.Tensor, [savedX, savedSlope]: tf.Tensor[]) =>
        run(PRELU_GRADIENT_KERNEL, { dy, x: savedX!, slope: savedSlope! }, {}) as unknown as tf.Tensor[],
    };
  });
  return step(x, slope) as tf.Tensor4D;
}

function activated(x: tf.Tensor4D, activation: Activation): tf.Tensor4D {
  if (activation === 'relu') return tf.relu(x);
  return activation === 'relu6' ? tf.relu6(x) : x;
}

function composed(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  added: tf.Tensor4D | undefined,
  { stride, pad, depthwise, activation }: ConvUnitOptions,
): tf.Tensor4D {
  const convolved = depthwise
    ? tf.depthwiseConv2d(x, kernel, stride, pad)
    : tf.conv2d(x, kernel, stride, pad);
  const shifted = tf.add<tf.Tensor4D>(convolved, bias);
  return activated(added ? tf.add<tf.Tensor4D>(shifted, added) : shifted, activation);
}

/**
 * activation(convolution(x) + bias + added), differentiable in all of its inputs; its gradient keeps x and the result alone.
 *
 * @param x [batch, height, width, inputs]
 * @param kernel [side, side, inputs, outputs], or [side, side, inputs, 1] where it is depthwise
 * @param bias [outputs]
 * @param added of the result's shape
 * @param slope [outputs], of `prelu`
 */
export function convUnit(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  bias: tf.Tensor1D,
  added: tf.Tensor4D | undefined,
  options: ConvUnitOptions,
  slope?: tf.Tensor1D,
): tf.Tensor4D {
  if (slope) return sloped(convUnit(x, kernel, bias, added, { ...options, activation: 'linear' }), slope);
  if (!tf.getKernel(CONV_UNIT_KERNEL, tf.getBackend())) return composed(x, kernel, bias, added, options);
  const { stride, pad, depthwise, activation } = options;
  const geometry = { strides: stride, pad, dataFormat: 'NHWC', dilations: 1 };
  const step = tf.customGrad((...values) => {
    const save = values[values.length - 1] as unknown as tf.GradSaveFunc;
    const inputs = values.slice(0, -1) as tf.Tensor[];
    const [input, filter, shift, residual] = inputs as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor?];
    const named = { x: input, filter, bias: shift, ...(residual ? { added: residual } : {}) };
    const y = run(CONV_UNIT_KERNEL, named, { ...geometry, depthwise, activation }) as tf.Tensor;
    save([input, filter, y]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [savedX, savedKernel, savedY] = saved as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      const [through, biasGradient] = run(
        CONV_UNIT_GRADIENT_KERNEL,
        { dy, y: savedY },
        { activation },
      ) as unknown as [tf.Tensor4D, tf.Tensor1D];
      const gradients = convolutionGradients(savedX, savedKernel, through, geometry, depthwise);
      return residual ? [...gradients, biasGradient, through] : [...gradients, biasGradient];
    };
    return { value: y, gradFunc };
  });
  return (added ? step(x, kernel, bias, added) : step(x, kernel, bias)) as tf.Tensor4D;
}

/** Gradients in the convolution's input and in its kernel. */
function convolutionGradients(
  x: tf.Tensor4D,
  filter: tf.Tensor4D,
  dy: tf.Tensor4D,
  geometry: Record<string, unknown>,
  depthwise: boolean,
): [tf.Tensor, tf.Tensor] {
  const kind = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const suffix = (of: 'Input' | 'Filter') => `${kind}Backprop${of}`;
  const dx = run(suffix('Input'), { dy, filter }, { ...geometry, inputShape: x.shape }) as tf.Tensor;
  const dw = run(suffix('Filter'), { x, dy }, { ...geometry, filterShape: filter.shape }) as tf.Tensor;
  return [dx, dw];
}
