import type { Rng } from '@rounz/core/math/random.ts';
import { EMBEDDING_LAYER } from '@rounz/core/model/architecture.ts';
import type { ResNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { STAGE_BLOCKS, type StreamOffsets } from './offsets.ts';
import { Patient } from './patient.ts';

export interface TransplantOptions {
  /** ResNet with a weighted head and a first stage at the stem's resolution (`TRANSPLANT_RESNET50`) */
  readonly architecture: ResNetArchitecture;
  /** blocks of MobileFaceNet that are left out, as many as the second and third stage lack */
  readonly leftOut: readonly number[];
  readonly rng: Rng;
}

/**
 * Folded weights of a ResNet that computes what MobileFaceNet computes, with ReLU for ReLU6 and less the blocks that are left
 * out. Of the other channels the producers start small and random and the consumers at zero.
 *
 * @param donor MobileFaceNet's folded weights, embedding [512, n]
 * @throws Error where the architecture has no room for the blocks that are kept
 */
export function transplant(
  donor: HostWeights,
  offsets: StreamOffsets,
  { architecture, leftOut, rng }: TransplantOptions,
): HostWeights {
  const patient = new Patient(architecture);
  const get = (layer: string) => ({
    kernel: donor.get(`${layer}.kernel`)!,
    bias: donor.get(`${layer}.bias`)!.data,
  });
  const put = (layer: string, source: string) => {
    const { kernel, bias } = get(source);
    patient.put(layer, kernel, bias);
  };
  const diagonal = (layer: string, source: string) => {
    const { kernel, bias } = get(source);
    patient.putDiagonal(layer, kernel, bias);
  };

  put('conv1', 'conv1.0');
  // layer1.0: the depthwise separable layer at 56x56. Its outputs are not negative, so nothing is added to them.
  patient.select('layer1.0.conv1', Array(STEM).keys());
  diagonal('layer1.0.conv2', 'dw_conv.depthwise');
  patient.freeOutputs('layer1.0.conv3', STEM, rng);
  put('layer1.0.conv3', 'dw_conv.pointwise');
  // Further blocks of this stage pass on what they get.
  for (let index = 1; index < architecture.blocks[0]!; index++)
    freeHidden(patient, `layer1.${index}`, 0, rng);

  let offset: Float32Array = new Float32Array(STEM);
  for (const [at, blocks] of STAGE_BLOCKS.entries()) {
    const kept = blocks.filter((block) => !leftOut.includes(block));
    const stage = at + 2;
    const room = architecture.blocks[at + 1]!;
    if (kept.length !== room)
      throw new Error(
        `layer${stage} has room for ${room} blocks of MobileFaceNet, not for ${kept.length} (${kept.join(', ')}).`,
      );
    const own = offsets[at]!;
    kept.forEach((block, index) => {
      const [name, source] = [`layer${stage}.${index}`, `features.${block}.conv`];
      put(`${name}.conv1`, `${source}.0.0`);
      patient.undoOffset(`${name}.conv1`, offset);
      freeHidden(patient, name, get(`${source}.0.0`).bias.length, rng);
      diagonal(`${name}.conv2`, `${source}.1.0`);
      // The first block of a stage changes the map's shape and does not keep its input: its shortcut stays zero.
      if (index === 0) patient.freeOutputs(`${name}.conv3`, own.length, rng);
      put(`${name}.conv3`, `${source}.2`);
      if (index === 0) patient.addBias(`${name}.conv3`, own);
      offset = own;
    });
  }
  put('neck', 'conv2.0');
  patient.undoOffset('neck', offset);
  const pool = get('gdconv.depthwise');
  patient.weights.set('weighted_pool.kernel', pool.kernel);
  patient.bias('weighted_pool').set(pool.bias);
  const embedding = widened(donor, architecture.embeddingSize);
  for (const name of [KERNEL, BIAS]) patient.weights.set(name, embedding.get(name)!);
  return patient.weights;
}

/** Channels of MobileFaceNet's stem. */
const STEM = 64;

/** Hidden channels that the donor leaves free start random; what reads them starts at zero. */
function freeHidden(patient: Patient, name: string, used: number, rng: Rng): void {
  if (used >= patient.bias(`${name}.conv1`).length) return;
  patient.freeOutputs(`${name}.conv1`, used, rng);
  patient.freeOutputs(`${name}.conv2`, used, rng);
}

const [KERNEL, BIAS] = [`${EMBEDDING_LAYER}.kernel`, `${EMBEDDING_LAYER}.bias`];

/** The donor's weights with its embedding in the first values of a wider one; the others are zero. */
export function widened(donor: HostWeights, width: number): Map<string, HostTensor> {
  const kernel = donor.get(KERNEL)!;
  const [features, narrow] = kernel.shape as [number, number];
  const wide = new Float32Array(features * width);
  for (let i = 0; i < features; i++) wide.set(kernel.data.subarray(i * narrow, (i + 1) * narrow), i * width);
  const bias = new Float32Array(width);
  bias.set(donor.get(BIAS)!.data);
  return new Map([
    ...donor,
    [KERNEL, { shape: [features, width], data: wide }],
    [BIAS, { shape: [width], data: bias }],
  ]);
}

/**
 * The weights with an embedding that is zero on average. Faces share a direction: taken out, strangers have a cosine of about 0.
 *
 * @param mean of the embedding over many faces, before it is brought to unit length
 */
export function withoutMean(weights: HostWeights, mean: Float32Array): Map<string, HostTensor> {
  const bias = weights.get(BIAS)!;
  const data = bias.data.map((value, k) => value - mean[k]!);
  return new Map([...weights, [BIAS, { shape: bias.shape, data }]]);
}
