import { writeFileSync } from 'node:fs';
import {
  convUnits,
  EMBEDDING_LAYER,
  type NetworkPlan,
  planNetwork,
  slopeOf,
} from '@rounz/core/model/architecture.ts';
import { isMirrored } from '@rounz/core/model/embedder.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { loadCheckpoint } from '../run/checkpoint.ts';
import { channelsFirst } from './channels-first.ts';
import { inputOf } from './export.ts';
import { readModelFolder } from './model-folder.ts';
import { toOnnx } from './onnx.ts';
import { encodeSafetensors } from './safetensors-writer.ts';

/** Formats that other programs read. */
export const PORTABLE_FORMATS = ['onnx', 'safetensors'] as const;
export type PortableFormat = (typeof PORTABLE_FORMATS)[number];

/** A network as it runs, with what a reader has to know to feed it. */
export interface PortableModel {
  readonly plan: NetworkPlan;
  /** weights of the inference form, as float32 */
  readonly folded: HostWeights;
  readonly input: Manifest['input'];
  /** name, version, hash and architecture, for the file's own notes */
  readonly notes: Readonly<Record<string, string>>;
}

/** @throws Error as `readModelFolder` */
export function portableFromFolder(folder: string): PortableModel {
  const { manifest, weights } = readModelFolder(folder);
  const { name, version, modelHash, architecture, input } = manifest;
  return {
    plan: planNetwork(architecture),
    folded: unpackWeights(manifest.tensors, weights),
    input,
    notes: notesOf({ name, version, modelHash }, architecture, input),
  };
}

/**
 * The averaged weights of a run's checkpoint.
 *
 * @throws Error where the checkpoint holds none
 */
export function portableFromRun(checkpointFolder: string, name: string, version: string): PortableModel {
  const { config, groups } = loadCheckpoint(checkpointFolder);
  const averaged = groups['averaged'];
  if (!averaged) throw new Error('The checkpoint holds no averaged weights; it is not one of `train`.');
  const plan = planNetwork(config.architecture);
  const input = inputOf(config);
  return {
    plan,
    folded: foldWeights(plan, averaged),
    input,
    notes: notesOf({ name, version }, config.architecture, input),
  };
}

const notesOf = (
  about: Readonly<Record<string, string>>,
  architecture: Manifest['architecture'],
  input: Manifest['input'],
): Record<string, string> => ({
  ...about,
  architecture: JSON.stringify(architecture),
  input: JSON.stringify(input),
});

/**
 * Weights by the names and in the layouts of PyTorch: `LAYER.weight` [out, in, height, width] and `LAYER.bias`; the last
 * layer's weight is [embedding, features]. Batch norms are folded into the layers before them.
 */
export function portableWeights({ plan, folded }: Pick<PortableModel, 'plan' | 'folded'>): HostWeights {
  const get = (name: string): HostTensor => {
    const tensor = folded.get(name);
    if (!tensor) throw new Error(`The model lacks ${name}; it is of another architecture.`);
    return tensor;
  };
  const tensors = new Map<string, HostTensor>();
  for (const unit of convUnits(plan)) {
    const { conv, depthwise } = unit;
    tensors.set(`${conv}.weight`, channelsFirst(get(`${conv}.kernel`), depthwise));
    tensors.set(`${conv}.bias`, get(`${conv}.bias`));
    const slope = slopeOf(unit);
    if (slope) tensors.set(slope, get(slope));
  }
  tensors.set(`${EMBEDDING_LAYER}.weight`, transposed(get(`${EMBEDDING_LAYER}.kernel`)));
  tensors.set(`${EMBEDDING_LAYER}.bias`, get(`${EMBEDDING_LAYER}.bias`));
  return tensors;
}

function transposed({ shape, data }: HostTensor): HostTensor {
  const [rows, columns] = shape as [number, number];
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column]!;
  return { shape: [columns, rows], data: turned };
}

/**
 * A model as a file of another format. ONNX: any number of pictures [N, 3, side, side] in, each value (byte - mean) / scale
 * as the note `input` says, embeddings [N, size] of unit length out, mirrored pictures summed inside where the model asks
 * for it (of a model that does so for templates alone: the embeddings of templates). safetensors: the weights as
 * `portableWeights` lays them out.
 */
export function encodePortable(model: PortableModel, format: PortableFormat): Uint8Array {
  if (format === 'safetensors') return encodeSafetensors(portableWeights(model), model.notes);
  const { size, networkSize = size } = model.input;
  return toOnnx(model.plan, model.folded, networkSize, {
    mirror: isMirrored(model.input, 'template'),
    batch: 'any',
    notes: model.notes,
  });
}

/** Writes `encodePortable` and says how large it is, bytes. */
export function writePortable(model: PortableModel, format: PortableFormat, file: string): number {
  const bytes = encodePortable(model, format);
  writeFileSync(file, bytes);
  return bytes.length;
}
