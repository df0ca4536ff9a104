import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PassiveGolden,
  type PassiveManifest,
  passiveManifestSchema,
} from '@rounz/core/liveness/passive/manifest.ts';
import { loadPassiveModel, type PassiveModel } from '@rounz/core/liveness/passive/model.ts';
import type { PassiveViews } from '@rounz/core/liveness/passive/views.ts';
import { packWeights, unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { sha256 } from '../model/model-folder.ts';

/** Largest difference of a golden score between backends: log odds, whose threshold is chosen to two places. */
const GOLDEN_TOLERANCE = 0.02;

const entryOf = (path: string, bytes: Uint8Array) => ({
  path,
  bytes: bytes.length,
  sha256: sha256(bytes),
});

const base64 = (pixels: Uint8ClampedArray): string => Buffer.from(pixels).toString('base64');

/** The weights as they are shipped: in half precision. */
export function asShipped(weights: HostWeights): HostWeights {
  const { bytes, tensors } = packWeights(weights, 'float16');
  return unpackWeights(tensors, bytes.buffer as ArrayBuffer);
}

/** A pair of cut-outs and its score by the shipped weights. */
export interface GoldenCase {
  readonly views: PassiveViews;
  readonly score: number;
}

/** Writes the folder that the kiosk loads. */
export function writePassiveFolder(
  folder: string,
  version: string,
  weights: HostWeights,
  threshold: number,
  golden: readonly GoldenCase[],
): PassiveManifest {
  mkdirSync(folder, { recursive: true });
  const { bytes, tensors } = packWeights(weights, 'float16');
  const cases: PassiveGolden = {
    tolerance: GOLDEN_TOLERANCE,
    cases: golden.map(({ views, score }) => ({
      context: base64(views.context),
      detail: base64(views.detail),
      score,
    })),
  };
  const goldenBytes = Buffer.from(JSON.stringify(cases));
  writeFileSync(join(folder, 'weights.bin'), bytes);
  writeFileSync(join(folder, 'golden.json'), goldenBytes);
  const weightsEntry = entryOf('weights.bin', bytes);
  const manifest: PassiveManifest = {
    format: 1,
    name: 'rounz-passive',
    version,
    modelHash: weightsEntry.sha256,
    weights: weightsEntry,
    golden: entryOf('golden.json', goldenBytes),
    tensors,
    threshold,
  };
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return manifest;
}

/** Loads such a folder onto the current backend. */
export function readPassiveModel(folder: string): PassiveModel {
  const manifest = readManifest(folder);
  return loadPassiveModel(manifest, readBytes(folder, manifest.weights.path));
}

const readManifest = (folder: string): PassiveManifest =>
  passiveManifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));

const readBytes = (folder: string, file: string): ArrayBuffer =>
  Uint8Array.from(readFileSync(join(folder, file))).buffer;

/** Reads the weights and the threshold of such a folder. */
export function readPassiveFolder(folder: string): { weights: HostWeights; threshold: number } {
  const { tensors, threshold, weights } = readManifest(folder);
  return { weights: unpackWeights(tensors, readBytes(folder, weights.path)), threshold };
}
