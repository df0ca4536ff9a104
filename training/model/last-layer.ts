import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EMBEDDING_LAYER } from '@rounz/core/model/architecture.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { packWeights, unpackWeights, type WeightType } from '@rounz/core/model/weight-file.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { sha256 } from './model-folder.ts';

const FILE = 'last-layer.bin';
const NAMES = [`${EMBEDDING_LAYER}.kernel`, `${EMBEDDING_LAYER}.bias`];

type LastLayer = NonNullable<Manifest['training']['lastLayer']>;

/** The weights with another last layer: kernel [features, width] row-major, bias [width]. */
export function withLastLayer(
  weights: HostWeights,
  { kernel, bias }: { readonly kernel: Float32Array; readonly bias: Float32Array },
): Map<string, HostTensor> {
  const [kernelName, biasName] = NAMES as [string, string];
  return new Map([
    ...weights,
    [kernelName, { shape: weights.get(kernelName)!.shape, data: kernel }],
    [biasName, { shape: [bias.length], data: bias }],
  ]);
}

/** Packs the last layer of `weights` as a file of its own. */
export function packLastLayer(
  weights: HostWeights,
  dtype: WeightType,
): { entry: LastLayer; files: Map<string, Uint8Array> } {
  const own = new Map(NAMES.map((name): [string, HostTensor] => [name, weights.get(name)!]));
  const { bytes, tensors } = packWeights(own, dtype);
  const entry = { file: { path: FILE, bytes: bytes.length, sha256: sha256(bytes) }, tensors };
  return { entry, files: new Map([[FILE, bytes]]) };
}

/**
 * The model's weights with the last layer as training left it, where it was computed anew afterwards.
 *
 * @throws Error where its file does not hash to the manifest
 */
export function withTrainedLastLayer(folder: string, manifest: Manifest, weights: HostWeights): HostWeights {
  const { lastLayer } = manifest.training;
  if (!lastLayer) return weights;
  const bytes = new Uint8Array(readFileSync(join(folder, lastLayer.file.path)));
  if (sha256(bytes) !== lastLayer.file.sha256) {
    throw new Error(
      `${join(folder, lastLayer.file.path)} does not hash to its manifest; fetch the model again.`,
    );
  }
  return new Map([...weights, ...unpackWeights(lastLayer.tensors, bytes.buffer)]);
}
