import {
  convUnits,
  EMBEDDING_LAYER,
  EMBEDDING_NORM,
  kernelShape,
  MOBILEFACENET,
  planNetwork,
} from '@rounz/core/model/architecture.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import type { MobileFaceNetArchitecture } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { toHwio } from '../model/torchvision.ts';

/** Layer and norm of the package's last step, from 512 pooled values to the embedding. */
const LAST = { conv: 'conv3', norm: 'bn' } as const;

/** MobileFaceNet as the package has it: an embedding of 128. */
export const PACKAGE_MOBILEFACENET: MobileFaceNetArchitecture = { ...MOBILEFACENET, embeddingSize: 128 };

/** What must be said of every model that descends from these weights (NOTICE has it at length). */
export const PACKAGE_ORIGIN =
  'These weights descend from the MobileFaceNet of the PyPI package facesdk 0.0.8 (MIT). Its author trained it on MS-Celeb-1M, photographs of celebrities that the publisher has withdrawn. A model without this origin: train --recipe scratch, or any start of its own.';

/** Parts of a batch norm, ours by torch's. */
const NORM = { gamma: 'weight', beta: 'bias', mean: 'running_mean', variance: 'running_var' } as const;

/**
 * The package's weights in this project's training form.
 *
 * @param weights by their names in the package's state dict, filters as torch has them: out, in, height, width
 * @throws Error that names a missing weight
 */
export function trainingWeightsOf(weights: HostWeights): Map<string, HostTensor> {
  const get = (name: string): HostTensor => {
    const tensor = weights.get(name);
    if (!tensor) throw new Error(`The teacher's weights lack ${name}; they are of another network.`);
    return tensor;
  };
  const result = new Map<string, HostTensor>();
  const norm = (ours: string, theirs: string): void => {
    for (const [part, name] of Object.entries(NORM)) result.set(`${ours}.${part}`, get(`${theirs}.${name}`));
  };
  for (const unit of convUnits(planNetwork(PACKAGE_MOBILEFACENET))) {
    const { data } = toHwio(get(`${unit.conv}.weight`));
    result.set(`${unit.conv}.kernel`, { shape: kernelShape(unit), data });
    norm(unit.norm, unit.norm);
  }
  const { data, shape } = toHwio(get(`${LAST.conv}.weight`));
  result.set(`${EMBEDDING_LAYER}.kernel`, { shape: shape.slice(2), data });
  norm(EMBEDDING_NORM, LAST.norm);
  // torch's last layer has a bias of its own before its norm.
  const [mean, bias] = [get(`${LAST.norm}.running_mean`), get(`${LAST.conv}.bias`)];
  const shifted = mean.data.map((value, i) => value - bias.data[i]!);
  result.set(`${EMBEDDING_NORM}.mean`, { shape: mean.shape, data: shifted });
  return result;
}

/** The same with every norm folded into its layer. */
export const foldedMobileFaceNet = (weights: HostWeights): Map<string, HostTensor> =>
  foldWeights(planNetwork(PACKAGE_MOBILEFACENET), trainingWeightsOf(weights));
