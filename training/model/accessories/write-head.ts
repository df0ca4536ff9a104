import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESSORIES, type AccessoryHeadEntry } from '@rounz/core/model/accessories.ts';
import { HEAD_BIAS, HEAD_KERNEL } from '@rounz/core/model/accessory-head.ts';
import { packWeights } from '@rounz/core/model/weight-file.ts';
import { sha256 } from '../model-folder.ts';
import type { HeadWeights } from './fit.ts';

const FILE = 'accessories.bin';

/** Writes the head's weights into a model folder. @returns what the manifest says of them */
export function writeHead(
  model: string,
  { kernel, bias }: HeadWeights,
  thresholds: AccessoryHeadEntry['thresholds'],
): AccessoryHeadEntry {
  const { bytes, tensors } = packWeights(
    new Map([
      [HEAD_KERNEL, { shape: [kernel.length / ACCESSORIES.length, ACCESSORIES.length], data: kernel }],
      [HEAD_BIAS, { shape: [ACCESSORIES.length], data: bias }],
    ]),
    'float32',
  );
  writeFileSync(join(model, FILE), bytes);
  return { file: { path: FILE, bytes: bytes.length, sha256: sha256(bytes) }, tensors, thresholds };
}
