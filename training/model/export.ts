import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { isMirrored, loadEmbedder } from '@rounz/core/model/embedder.ts';
import type { Golden } from '@rounz/core/model/golden.ts';
import { foldWeights } from '@rounz/core/model/inference-form.ts';
import { type Manifest, type Mirror, manifestSchema } from '@rounz/core/model/manifest.ts';
import { packWeights, unpackWeights, type WeightType } from '@rounz/core/model/weight-file.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import { type Checkpoint, loadCheckpoint } from '../run/checkpoint.ts';
import { MODEL_INPUTS } from '../samples/images.ts';
import { GOLDEN_TOLERANCE, patternCrop } from './golden.ts';
import { readModelFolder, sha256 } from './model-folder.ts';

/** Largest shard, bytes: git hosts and browsers' caches handle it well. */
const SHARD_BYTES = 4_000_000;

export const WEIGHT_TYPES: readonly WeightType[] = ['float32', 'float16', 'int8', 'int8-grouped'];

/** @throws Error where it is none of the number formats */
export function parseWeightType(text: string, option = '--dtype'): WeightType {
  const type = WEIGHT_TYPES.find((one) => one === text);
  if (!type) throw new Error(`${option} takes ${WEIGHT_TYPES.join(', ')}, not ${text}.`);
  return type;
}

/** The number formats of a list with commas, each once. @throws Error where one of them is none */
export const parseWeightTypes = (list: string): WeightType[] => [
  ...new Set(list.split(',').map((name) => parseWeightType(name.trim(), '--dtypes'))),
];

export interface ExportOptions {
  readonly name: string;
  readonly version: string;
  readonly dtype: WeightType;
  /** whether faces are embedded with their mirror images; undefined: not from a checkpoint, and as a model folder does */
  readonly mirror?: Mirror | undefined;
}

interface Files {
  readonly manifest: Manifest;
  readonly shards: readonly { path: string; bytes: Uint8Array }[];
  readonly golden: Uint8Array;
}

async function goldenOf(manifest: Manifest, weights: Uint8Array): Promise<Golden> {
  const embedder = loadEmbedder(manifest, weights.buffer as ArrayBuffer);
  const crops = [1, 2, 3].map((seed) => patternCrop(seed, manifest.input.size));
  const embeddings = await embedder.embed(crops);
  embedder.dispose();
  return {
    format: 1,
    tolerance: GOLDEN_TOLERANCE,
    cases: crops.map((crop, i) => ({
      crop: Buffer.from(crop.data).toString('base64'),
      size: crop.size,
      embedding: Array.from(embeddings[i]!, (value) => Number(value.toFixed(6))),
    })),
  };
}

/** Crops are of one size for every model; the network gets the size that training ended with. */
export function inputOf({ sizes, input }: Checkpoint['config']): Manifest['input'] {
  const own = MODEL_INPUTS[input];
  const networkSize = sizes.at(-1)!.size;
  return networkSize === own.size ? own : { ...own, networkSize };
}

/** A checkpoint's averaged weights, folded. */
export function foldedOf({ config, groups }: Checkpoint): HostWeights {
  const averaged = groups['averaged'];
  if (!averaged) throw new Error('The checkpoint holds no averaged weights; it is not one of `train`.');
  return config.form === 'folded' ? averaged : foldWeights(planNetwork(config.architecture), averaged);
}

/** What the manifest says beside what follows from the weights. */
type Description = Pick<Manifest, 'name' | 'version' | 'architecture' | 'input' | 'training' | 'accessories'>;

/** What the option `--mirror` takes. */
const MIRRORED = 'templates';

/** @throws Error where it is nothing that `--mirror` takes */
export function parseMirror(text: string): Mirror {
  if (text !== MIRRORED) throw new Error(`--mirror takes ${MIRRORED} or nothing, not ${text}.`);
  return text;
}

/** `input` with a mirrored pass or without one. @param mirror undefined: as it is */
export function withMirror(input: Manifest['input'], mirror: Mirror | undefined): Manifest['input'] {
  const { mirror: own = false, ...others } = input;
  const wanted = mirror ?? own;
  return wanted ? { ...others, mirror: wanted } : others;
}

/** The same weights give other templates with a mirrored pass than without one, so templates tell them apart. */
const identityOf = (weights: Uint8Array, input: Manifest['input']): string =>
  sha256(isMirrored(input, 'template') ? weights : Buffer.concat([weights, Buffer.from('without mirror')]));

/** Rounds and cuts folded weights; golden embeddings come from the rounded weights. */
async function filesOf(folded: HostWeights, about: Description, dtype: WeightType): Promise<Files> {
  const { bytes, tensors } = packWeights(folded, dtype);
  const shards = [];
  for (let start = 0, i = 0; start < bytes.length; start += SHARD_BYTES, i++) {
    shards.push({
      path: `weights-${String(i).padStart(2, '0')}.bin`,
      bytes: bytes.slice(start, start + SHARD_BYTES),
    });
  }
  const manifest: Manifest = {
    format: 1,
    ...about,
    modelHash: identityOf(bytes, about.input),
    shards: shards.map(({ path, bytes: part }) => ({ path, bytes: part.length, sha256: sha256(part) })),
    golden: { path: 'golden.json', bytes: 1, sha256: '0'.repeat(64) },
    tensors,
    metrics: {},
    calibration: [],
  };
  const golden = new TextEncoder().encode(JSON.stringify(await goldenOf(manifest, bytes)));
  const entry = { path: 'golden.json', bytes: golden.length, sha256: sha256(golden) };
  return { manifest: manifestSchema.parse({ ...manifest, golden: entry }), shards, golden };
}

/**
 * Writes a model folder; an older one of that name is replaced whole or not at all.
 *
 * @param folded weights of the inference form
 * @param more further files, by name
 */
export async function writeModel(
  out: string,
  folded: HostWeights,
  about: Description,
  dtype: WeightType,
  more: ReadonlyMap<string, Uint8Array> = new Map(),
): Promise<Manifest> {
  const { manifest, shards, golden } = await filesOf(folded, about, dtype);
  const fresh = `${out}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const { path, bytes } of shards) writeFileSync(join(fresh, path), bytes);
  for (const [path, bytes] of more) writeFileSync(join(fresh, path), bytes);
  writeFileSync(join(fresh, 'golden.json'), golden);
  writeManifest(fresh, manifest);
  rmSync(out, { recursive: true, force: true });
  renameSync(fresh, out);
  return manifest;
}

/** Folds a checkpoint's averaged weights and writes them as a model folder. */
export async function exportModel(
  checkpointFolder: string,
  out: string,
  options: ExportOptions,
): Promise<Manifest> {
  const checkpoint = loadCheckpoint(checkpointFolder);
  const { config } = checkpoint;
  const about: Description = {
    name: options.name,
    version: options.version,
    architecture: config.architecture,
    input: withMirror(inputOf(config), options.mirror),
    training: {
      data: config.data.sets,
      recipe: config,
      imagesSeen: checkpoint.imagesSeen + (checkpoint.imagesBefore ?? 0),
      ...(checkpoint.origin ? { origin: checkpoint.origin } : {}),
      backend: checkpoint.backend,
      date: new Date().toISOString().slice(0, 10),
    },
  };
  return writeModel(out, foldedOf(checkpoint), about, options.dtype);
}

/**
 * Writes a model folder anew, with another name, number format or mirrored pass. Thresholds and metrics are left out: they belong
 * to the embeddings that the model had.
 */
export function reexportModel(
  folder: string,
  out: string,
  options: Partial<ExportOptions>,
): Promise<Manifest> {
  const { manifest, weights } = readModelFolder(folder);
  const { accessories, training } = manifest;
  const further = [accessories?.file, training.lastLayer?.file].filter((file) => file !== undefined);
  const about: Description = {
    name: options.name ?? manifest.name,
    version: options.version ?? manifest.version,
    architecture: manifest.architecture,
    input: withMirror(manifest.input, options.mirror),
    training,
    ...(accessories ? { accessories } : {}),
  };
  return writeModel(
    out,
    unpackWeights(manifest.tensors, weights),
    about,
    options.dtype ?? manifest.tensors[0]!.dtype,
    new Map(further.map(({ path }) => [path, readFileSync(join(folder, path))])),
  );
}

export function writeManifest(folder: string, manifest: Manifest): void {
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
}
