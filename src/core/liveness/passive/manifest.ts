import { z } from 'zod';
import { fileEntrySchema, sha256Schema, tensorEntrySchema } from '../../model/file-entries.ts';

/** `manifest.json` of the passive check's folder. */
export const passiveManifestSchema = z.object({
  format: z.literal(1),
  name: z.literal('rounz-passive'),
  version: z.string().min(1),
  /** sha256 of the weights */
  modelHash: sha256Schema,
  weights: fileEntrySchema,
  golden: fileEntrySchema,
  tensors: z.array(tensorEntrySchema).min(1),
  /** mean score of a visit's frames from which on it counts as a picture: log odds */
  threshold: z.number(),
});
export type PassiveManifest = z.infer<typeof passiveManifestSchema>;

/** `golden.json`: cut-outs and the scores that the trainer computed. */
export const passiveGoldenSchema = z.object({
  /** largest difference of a score that is allowed */
  tolerance: z.number().positive(),
  cases: z
    .array(
      z.object({
        /** RGB, base64 */
        context: z.string(),
        detail: z.string(),
        score: z.number(),
      }),
    )
    .min(1),
});
export type PassiveGolden = z.infer<typeof passiveGoldenSchema>;
