import { BATCH_NORM_GRADIENT_KERNEL, BATCH_NORM_KERNEL } from '@rounz/core/model/batch-norm.ts';
import {
  CONV_UNIT_GRADIENT_KERNEL,
  CONV_UNIT_KERNEL,
  PRELU_GRADIENT_KERNEL,
} from '@rounz/core/model/conv-unit.ts';
import { AVERAGE_GRADIENT_KERNEL } from '@rounz/core/model/global-average.ts';
import * as tf from '@tensorflow/tfjs';
import { MARGIN_SOFTMAX_KERNEL } from '../loss/arcface.ts';
import { UNIT_ROWS_GRADIENT_KERNEL, UNIT_ROWS_KERNEL } from '../loss/unit-rows.ts';
import type { ConvInfo } from './conv-info.ts';
import type { ActivationType, NativeBackend } from './native-backend.ts';
import {
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  convGeometry,
  convUnit,
  convUnitGradient,
  depthwiseConv2d,
  depthwiseFilterGradient,
  depthwiseInputGradient,
  fused,
  prelu,
  preluGradient,
  relu,
} from './native-convolution.ts';
import { type Attributes, floats, type Inputs, type Kernel } from './native-kernel.ts';

function poolGeometry(shape: number[], attributes: Attributes): { geometry: number[]; out: number[] } {
  const info = tf.backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    attributes['filterSize'] as number,
    attributes['strides'] as number,
    1,
    attributes['pad'] as number,
    attributes['dimRoundingMode'] as undefined,
  );
  return {
    geometry: convGeometry({ ...info, outChannels: info.inChannels } as ConvInfo),
    out: info.outShape,
  };
}

const maxPool: Kernel = ({ x }, attributes, backend) => {
  const { geometry, out } = poolGeometry(x!.shape, attributes);
  const source = backend.stored(x!);
  const y = backend.allocate(out, source instanceof Float32Array ? 'float32' : 'bfloat16');
  backend.kernels.maxPool(source, y.values, ...geometry);
  return y.info;
};

const maxPoolGradient: Kernel = ({ dy, input }, attributes, backend) => {
  const { geometry } = poolGeometry(input!.shape, attributes);
  const source = backend.stored(input!);
  const type: ActivationType = source instanceof Float32Array ? 'float32' : 'bfloat16';
  const gradient = backend.as(dy!, type);
  const dx = backend.allocate(input!.shape, type);
  backend.kernels.maxPoolGradient(source, gradient.values, dx.values, ...geometry);
  gradient.release();
  return dx.info;
};

const batchNorm: Kernel = ({ x, gamma, beta, residual }, attributes, backend) => {
  const channels = gamma!.shape[0]!;
  const type: ActivationType = backend.stored(x!) instanceof Float32Array ? 'float32' : 'bfloat16';
  const shortcut = residual ? backend.as(residual, type) : undefined;
  const y = backend.allocate(x!.shape, type);
  const mean = backend.allocate([channels], 'float32');
  const variance = backend.allocate([channels], 'float32');
  backend.kernels.batchNorm(
    backend.stored(x!),
    shortcut?.values,
    floats(backend, gamma!),
    floats(backend, beta!),
    y.values,
    mean.values as Float32Array,
    variance.values as Float32Array,
    tf.util.sizeFromShape(x!.shape) / channels,
    channels,
    attributes['epsilon'] as number,
    Number(attributes['relu']),
  );
  shortcut?.release();
  return [y.info, mean.info, variance.info];
};

const batchNormGradient: Kernel = ({ dy, x, y, gamma, mean, variance }, attributes, backend) => {
  const channels = gamma!.shape[0]!;
  const type: ActivationType = backend.stored(x!) instanceof Float32Array ? 'float32' : 'bfloat16';
  const [gradient, output] = [backend.as(dy!, type), backend.as(y!, type)];
  const dx = backend.allocate(x!.shape, type);
  const residual = attributes['residual'] ? backend.allocate(x!.shape, type) : undefined;
  const dgamma = backend.allocate([channels], 'float32');
  const dbeta = backend.allocate([channels], 'float32');
  backend.kernels.batchNormGradient(
    gradient.values,
    backend.stored(x!),
    output.values,
    floats(backend, gamma!),
    floats(backend, mean!),
    floats(backend, variance!),
    dx.values,
    residual?.values,
    dgamma.values as Float32Array,
    dbeta.values as Float32Array,
    tf.util.sizeFromShape(x!.shape) / channels,
    channels,
    attributes['epsilon'] as number,
    Number(attributes['relu']),
  );
  gradient.release();
  output.release();
  return [dx.info, dgamma.info, dbeta.info, ...(residual ? [residual.info] : [])];
};

/** Matrix products of two matrices (leading sides of 1 allowed) in float32; others go to tfjs' own kernel. */
const matMul =
  (fallback: tf.KernelFunc): Kernel =>
  ({ a, b }, attributes, backend) => {
    const flat = (tensor: tf.TensorInfo): boolean => tensor.shape.slice(0, -2).every((side) => side === 1);
    if (!flat(a!) || !flat(b!)) {
      return fallback({ inputs: { a: a!, b: b! }, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const [transposeA, transposeB] = [attributes['transposeA'] === true, attributes['transposeB'] === true];
    const [m, k] = a!.shape.slice(-2) as [number, number];
    const [kb, n] = b!.shape.slice(-2) as [number, number];
    const [rows, inner] = transposeA ? [k, m] : [m, k];
    const columns = transposeB ? kb : n;
    const c = backend.allocate([...a!.shape.slice(0, -2), rows, columns], 'float32');
    backend.kernels.matMul(
      floats(backend, a!),
      floats(backend, b!),
      c.values as Float32Array,
      rows,
      columns,
      inner,
      Number(transposeA),
      Number(transposeB),
    );
    return c.info;
  };

const sameShape = (a: tf.TensorInfo, b: tf.TensorInfo): boolean => a.shape.join() === b.shape.join();

const add =
  (fallback: tf.KernelFunc): Kernel =>
  ({ a, b }, attributes, backend) => {
    if (a!.dtype !== 'float32' || b!.dtype !== 'float32' || !sameShape(a!, b!)) {
      return fallback({ inputs: { a: a!, b: b! }, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const half = backend.stored(a!) instanceof Uint16Array || backend.stored(b!) instanceof Uint16Array;
    const type: ActivationType = half ? 'bfloat16' : 'float32';
    const [left, right] = [backend.as(a!, type), backend.as(b!, type)];
    const sum = backend.allocate(a!.shape, type);
    backend.kernels.add(left.values, right.values, sum.values);
    left.release();
    right.release();
    return sum.info;
  };

/** Global average pooling; every other mean goes to tfjs' own kernel. */
const mean =
  (fallback: tf.KernelFunc): Kernel =>
  ({ x }, attributes, backend) => {
    const axes = tf.util.parseAxisParam(attributes['axis'] as number[], x!.shape);
    if (x!.shape.length !== 4 || axes.join() !== '1,2' || attributes['keepDims'] === true) {
      return fallback({ inputs: { x: x! }, attrs: attributes as never, backend }) as tf.TensorInfo;
    }
    const [batch, height, width, channels] = x!.shape as [number, number, number, number];
    const y = backend.allocate([batch, channels], 'float32');
    backend.kernels.spatialMean(
      backend.stored(x!),
      y.values as Float32Array,
      batch,
      height * width,
      channels,
    );
    return y.info;
  };

const averageGradient: Kernel = ({ dy }, attributes, backend) => {
  const shape = attributes['shape'] as [number, number, number, number];
  const [batch, height, width, channels] = shape;
  const dx = backend.allocate(shape, backend.activations);
  backend.kernels.spatialMeanGradient(floats(backend, dy!), dx.values, batch, height * width, channels);
  return dx.info;
};

const unitRows: Kernel = ({ x }, _, backend) => {
  const [rows, columns] = x!.shape as [number, number];
  const y = backend.allocate([rows, columns], 'float32');
  const lengths = backend.allocate([rows], 'float32');
  backend.kernels.unitRows(
    floats(backend, x!),
    y.values as Float32Array,
    lengths.values as Float32Array,
    rows,
    columns,
  );
  return [y.info, lengths.info];
};

const unitRowsGradient: Kernel = ({ dy, y, lengths }, _, backend) => {
  const [rows, columns] = y!.shape as [number, number];
  const dx = backend.allocate([rows, columns], 'float32');
  backend.kernels.unitRowsGradient(
    floats(backend, dy!),
    floats(backend, y!),
    floats(backend, lengths!),
    dx.values as Float32Array,
    rows,
    columns,
  );
  return dx.info;
};

const marginSoftmax: Kernel = ({ cosines, labels }, attributes, backend) => {
  const [rows, classes] = cosines!.shape as [number, number];
  const losses = backend.allocate([rows], 'float32');
  const gradient = backend.allocate([rows, classes], 'float32');
  backend.kernels.marginSoftmax(
    floats(backend, cosines!),
    floats(backend, labels!),
    losses.values as Float32Array,
    gradient.values as Float32Array,
    rows,
    classes,
    attributes['scale'] as number,
    attributes['margin'] as number,
  );
  return [losses.info, gradient.info];
};

/** Copies the CPU backend's kernels to `name` and puts the native ones over them. */
export function registerNativeKernels(name: string): void {
  tf.copyRegisteredKernels('cpu', name);
  const replace = (kernelName: string, build: (fallback: tf.KernelFunc) => Kernel): void => {
    const fallback = tf.getKernel(kernelName, name)?.kernelFunc;
    if (tf.getKernel(kernelName, name)) tf.unregisterKernel(kernelName, name);
    const kernel = build(fallback as tf.KernelFunc);
    tf.registerKernel({
      kernelName,
      backendName: name,
      kernelFunc: ({ inputs, attrs, backend }) =>
        kernel(inputs as Inputs, (attrs ?? {}) as Attributes, backend as NativeBackend),
    });
  };
  replace('Conv2D', () => conv2d);
  replace('FusedConv2D', fused(conv2d));
  const plain = tf.getKernel('DepthwiseConv2dNative', name)!.kernelFunc;
  replace('DepthwiseConv2dNative', depthwiseConv2d);
  replace('FusedDepthwiseConv2D', fused(depthwiseConv2d(plain)));
  replace('DepthwiseConv2dNativeBackpropInput', depthwiseInputGradient);
  replace('DepthwiseConv2dNativeBackpropFilter', depthwiseFilterGradient);
  replace(CONV_UNIT_KERNEL, () => convUnit(depthwiseConv2d(plain)));
  replace(CONV_UNIT_GRADIENT_KERNEL, () => convUnitGradient);
  replace('Relu', relu);
  replace('Prelu', prelu);
  replace(PRELU_GRADIENT_KERNEL, () => preluGradient);
  replace('Conv2DBackpropInput', () => conv2dInputGradient);
  replace('Conv2DBackpropFilter', () => conv2dFilterGradient);
  replace('MaxPool', () => maxPool);
  replace('MaxPoolGrad', () => maxPoolGradient);
  replace(BATCH_NORM_KERNEL, () => batchNorm);
  replace(BATCH_NORM_GRADIENT_KERNEL, () => batchNormGradient);
  replace('BatchMatMul', matMul);
  replace('Add', add);
  replace('Mean', mean);
  replace(UNIT_ROWS_KERNEL, () => unitRows);
  replace(UNIT_ROWS_GRADIENT_KERNEL, () => unitRowsGradient);
  replace(MARGIN_SOFTMAX_KERNEL, () => marginSoftmax);
  replace(AVERAGE_GRADIENT_KERNEL, () => averageGradient);
}
