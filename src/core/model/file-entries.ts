import { z } from 'zod';

export const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** A file of a model folder. */
export const fileEntrySchema = z.object({
  path: z.string().min(1),
  bytes: z.int().positive(),
  sha256: sha256Schema,
});

/** One tensor's place in its file (weights: the concatenated shards). */
export const tensorEntrySchema = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().positive()),
  /** `int8-grouped`: int8 codes, then one float16 scale for each 32 rows of each output channel */
  dtype: z.enum(['float32', 'float16', 'int8', 'int8-grouped']),
  /** bytes from the file's start */
  offset: z.int().nonnegative(),
  bytes: z.int().positive(),
  /** int8 only: one scale for each output channel (the last axis); value = int8 * scale */
  scales: z.array(z.number()).optional(),
});

export type TensorEntry = z.infer<typeof tensorEntrySchema>;
