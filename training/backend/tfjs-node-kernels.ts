import * as tf from '@tensorflow/tfjs';
import { convInfo } from './conv-info.ts';

type Shape4D = [number, number, number, number];
type Attributes = Readonly<Record<string, unknown>>;
type Inputs = Readonly<Record<string, tf.Tensor4D>>;
type WindowInfo = Pick<
  ReturnType<typeof tf.backend_util.computeConv2DInfo>,
  | 'padInfo'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'filterHeight'
  | 'filterWidth'
>;

/** An attribute of a TensorFlow operation. */
interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** What is used of tfjs-node's backend. */
export interface TfjsNodeBackend {
  readonly binding: Readonly<
    Record<'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_ATTR_BOOL' | 'TF_ATTR_TYPE' | 'TF_FLOAT', number>
  >;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor;
  applyActivation(
    input: tf.Tensor,
    activation: string,
    prelu?: tf.Tensor,
    leakyreluAlpha?: number,
  ): tf.Tensor;
}

type Kernel = (inputs: Inputs, attributes: Attributes, backend: TfjsNodeBackend) => tf.Tensor;

const poolInfo = (shape: number[], attributes: Attributes) =>
  tf.backend_util.computePool2DInfo(
    shape as Shape4D,
    attributes['filterSize'] as number,
    attributes['strides'] as number,
    1,
    attributes['pad'] as number,
    attributes['dimRoundingMode'] as undefined,
  );

/** Strides and paddings as TensorFlow's C interface takes them. */
function windowAttributes({ binding }: TfjsNodeBackend, info: WindowInfo): OpAttribute[] {
  const { top, bottom, left, right } = info.padInfo;
  const padded = top + bottom + left + right > 0;
  const paddings = [0, 0, top, bottom, left, right, 0, 0];
  return [
    { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: 'strides', type: binding.TF_ATTR_INT, value: [1, info.strideHeight, info.strideWidth, 1] },
    { name: 'padding', type: binding.TF_ATTR_STRING, value: padded ? 'EXPLICIT' : 'VALID' },
    ...(padded ? [{ name: 'explicit_paddings', type: binding.TF_ATTR_INT, value: paddings }] : []),
    { name: 'data_format', type: binding.TF_ATTR_STRING, value: 'NHWC' },
  ];
}

const convAttributes = (backend: TfjsNodeBackend, info: WindowInfo): OpAttribute[] => [
  ...windowAttributes(backend, info),
  { name: 'use_cudnn_on_gpu', type: backend.binding.TF_ATTR_BOOL, value: true },
  {
    name: 'dilations',
    type: backend.binding.TF_ATTR_INT,
    value: [1, info.dilationHeight, info.dilationWidth, 1],
  },
];

const poolAttributes = (backend: TfjsNodeBackend, info: WindowInfo): OpAttribute[] => [
  ...windowAttributes(backend, info),
  { name: 'ksize', type: backend.binding.TF_ATTR_INT, value: [1, info.filterHeight, info.filterWidth, 1] },
];

const conv2d: Kernel = ({ x, filter }, attributes, backend) =>
  backend.executeSingleOutput(
    'Conv2D',
    convAttributes(backend, convInfo(x!.shape, filter!.shape, attributes)),
    [x!, filter!],
  );

const KERNELS: Readonly<Record<string, Kernel>> = {
  Conv2D: conv2d,
  FusedConv2D: (inputs, attributes, backend) => {
    const y = conv2d(inputs, attributes, backend);
    const shifted = inputs['bias'] ? tf.add(y, inputs['bias']) : y;
    const { activation, leakyreluAlpha } = attributes;
    return backend.applyActivation(
      shifted,
      (activation as string | undefined) ?? 'linear',
      inputs['preluActivationWeights'],
      leakyreluAlpha as number,
    );
  },
  Conv2DBackpropInput: ({ dy, filter }, attributes, backend) => {
    const shape = attributes['inputShape'] as number[];
    const info = convInfo(shape, filter!.shape, attributes);
    const inputs = [tf.tensor1d(shape, 'int32'), filter!, dy!];
    return backend.executeSingleOutput('Conv2DBackpropInput', convAttributes(backend, info), inputs);
  },
  Conv2DBackpropFilter: ({ x, dy }, attributes, backend) => {
    const shape = attributes['filterShape'] as number[];
    const info = convInfo(x!.shape, shape, attributes);
    const inputs = [x!, tf.tensor1d(shape, 'int32'), dy!];
    return backend.executeSingleOutput('Conv2DBackpropFilter', convAttributes(backend, info), inputs);
  },
  MaxPool: ({ x }, attributes, backend) =>
    backend.executeSingleOutput('MaxPool', poolAttributes(backend, poolInfo(x!.shape, attributes)), [x!]),
  MaxPoolGrad: ({ dy, input, output }, attributes, backend) =>
    backend.executeSingleOutput('MaxPoolGrad', poolAttributes(backend, poolInfo(input!.shape, attributes)), [
      input!,
      output!,
      dy!,
    ]),
};

/** Puts convolutions and poolings that take any padding over tfjs-node's own, which know `valid` and `same` alone. */
export function registerTfjsNodeKernels(backendName: string): void {
  for (const [kernelName, kernel] of Object.entries(KERNELS)) {
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      kernelName,
      backendName,
      // tfjs hands its kernels whole tensors, though their type promises less.
      kernelFunc: ({ inputs, attrs, backend }) =>
        tf.tidy(() =>
          kernel(
            inputs as unknown as Inputs,
            (attrs ?? {}) as Attributes,
            backend as unknown as TfjsNodeBackend,
          ),
        ),
    });
  }
}
