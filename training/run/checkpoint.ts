import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '@rounz/core/error-message.ts';
import type { TensorEntry } from '@rounz/core/model/file-entries.ts';
import { packWeights, unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { HostTensor } from '@rounz/core/model/weights.ts';
import { z } from 'zod';
import { type TrainConfig, trainConfigSchema } from '../recipes/schema.ts';

/** Named groups of tensors: `weights`, `averaged`, `optimiser`, `centres`. */
export type TensorGroups = Readonly<Record<string, ReadonlyMap<string, HostTensor>>>;

export interface Checkpoint {
  readonly config: TrainConfig;
  readonly imagesSeen: number;
  /** images that the weights had seen before this run started from them; none where absent */
  readonly imagesBefore?: number;
  /** where the first weights came from, where that is to be told (manifest's `training.origin`) */
  readonly origin?: string | undefined;
  readonly steps: number;
  readonly backend: string;
  readonly groups: TensorGroups;
}

const headerSchema = z.object({
  format: z.literal(1),
  config: trainConfigSchema,
  imagesSeen: z.int().nonnegative(),
  imagesBefore: z.int().nonnegative().default(0),
  origin: z.string().optional(),
  steps: z.int().nonnegative(),
  backend: z.string(),
  tensors: z.array(z.custom<TensorEntry>()),
});

const HEADER = 'state.json';
const TENSORS = 'state.bin';

/**
 * Writes into a new folder and then puts it in the old one's place: a cut at any moment leaves a whole checkpoint.
 *
 * @throws Error where it cannot be written, a full disk for one; the checkpoint before it still stands then
 */
export function saveCheckpoint(folder: string, checkpoint: Checkpoint): void {
  try {
    writeCheckpoint(folder, checkpoint);
  } catch (cause) {
    rmSync(`${folder}.new`, { recursive: true, force: true });
    const reason = errorMessage(cause);
    const stands = findCheckpoint(folder)
      ? 'The checkpoint before it stands: make room and give the same command again.'
      : 'There is none before it: make room and start again.';
    throw new Error(`The checkpoint ${folder} could not be written (${reason}). ${stands}`, { cause });
  }
}

function writeCheckpoint(folder: string, checkpoint: Checkpoint): void {
  const flat = new Map<string, HostTensor>();
  for (const [group, tensors] of Object.entries(checkpoint.groups))
    for (const [name, tensor] of tensors) flat.set(`${group}:${name}`, tensor);
  const { bytes, tensors } = packWeights(flat, 'float32');
  const { groups: _, ...rest } = checkpoint;
  const [fresh, old] = [`${folder}.new`, `${folder}.old`];
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  writeFileSync(join(fresh, TENSORS), bytes);
  writeFileSync(join(fresh, HEADER), JSON.stringify({ format: 1, ...rest, tensors }));
  rmSync(old, { recursive: true, force: true });
  if (existsSync(folder)) renameSync(folder, old);
  renameSync(fresh, folder);
  rmSync(old, { recursive: true, force: true });
}

/** Whether `folder`, or the one it was about to replace when a write was cut off, holds a checkpoint. */
export function findCheckpoint(folder: string): string | undefined {
  return [folder, `${folder}.old`].find((path) => existsSync(join(path, HEADER)));
}

/** @throws Error where the checkpoint is missing or damaged */
export function loadCheckpoint(folder: string): Checkpoint {
  const found = findCheckpoint(folder);
  if (!found) throw new Error(`There is no checkpoint in ${folder}.`);
  const header = headerSchema.parse(JSON.parse(readFileSync(join(found, HEADER), 'utf8')));
  const bytes = new Uint8Array(readFileSync(join(found, TENSORS)));
  const groups: Record<string, Map<string, HostTensor>> = {};
  for (const [key, tensor] of unpackWeights(header.tensors, bytes.buffer)) {
    const [group, name] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)];
    groups[group] ??= new Map();
    groups[group].set(name, tensor);
  }
  const { format: _, tensors: __, ...rest } = header;
  return { ...rest, groups };
}
