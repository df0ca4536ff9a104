import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FaceModel, loadEmbedder } from '@rounz/core/model/embedder.ts';
import { type Manifest, manifestSchema } from '@rounz/core/model/manifest.ts';

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

class DamagedFile extends Error {
  constructor(file: string) {
    super(`${file} does not hash to its manifest; export or fetch the model again.`);
    this.name = 'DamagedFile';
  }
}

export interface ModelFolder {
  readonly manifest: Manifest;
  /** the concatenated shards */
  readonly weights: ArrayBuffer;
  /** of the accessory head, where the model has one */
  readonly accessoryHead?: ArrayBuffer;
}

/**
 * Reads an exported model.
 *
 * @throws Error where a file is missing, does not hash to its manifest, or the manifest is not valid
 */
export function readModelFolder(folder: string): ModelFolder {
  const manifest = manifestSchema.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const total = manifest.shards.reduce((sum, { bytes }) => sum + bytes, 0);
  const weights = new Uint8Array(total);
  let offset = 0;
  for (const { path, sha256: wanted } of manifest.shards) {
    const bytes = readFileSync(join(folder, path));
    if (sha256(bytes) !== wanted) throw new DamagedFile(join(folder, path));
    weights.set(bytes, offset);
    offset += bytes.length;
  }
  const head = manifest.accessories?.file;
  if (!head) return { manifest, weights: weights.buffer };
  const accessoryHead = new Uint8Array(readFileSync(join(folder, head.path)));
  if (sha256(accessoryHead) !== head.sha256) throw new DamagedFile(join(folder, head.path));
  return { manifest, weights: weights.buffer, accessoryHead: accessoryHead.buffer };
}

/** Puts an exported model on the current backend. */
export function openEmbedder(folder: string): { manifest: Manifest; embedder: FaceModel } {
  const { manifest, weights, accessoryHead } = readModelFolder(folder);
  return { manifest, embedder: loadEmbedder(manifest, weights, accessoryHead) };
}
