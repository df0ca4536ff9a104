import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const fileEntry = z.object({ path: z.string().min(1), bytes: z.int().positive(), sha256 });

/** One tensor's place in the concatenated weight shards. */
const tensorEntry = z.object({
  name: z.string().min(1),
  shape: z.array(z.int().positive()),
  dtype: z.enum(['float32', 'float16', 'int8']),
  /** bytes from the start of the concatenated shards */
  offset: z.int().nonnegative(),
  bytes: z.int().positive(),
  /** int8 only: one scale for each output channel (the last axis); value = int8 * scale */
  scales: z.array(z.number()).optional(),
});

/** Threshold on the cosine score for a target FPIR at a gallery size (number of enrolled people). */
const calibrationRow = z.object({
  targetFpir: z.number().gt(0).lt(1),
  gallerySize: z.int().positive(),
  threshold: z.number().min(-1).max(1),
});

export const architectureSchema = z.object({
  kind: z.literal('resnet'),
  /** bottleneck blocks in each stage; [3,4,6,3] is ResNet-50 */
  blocks: z.array(z.int().positive()).length(4),
  /** bottleneck width of the first stage; 64 for ResNet-50 */
  width: z.int().positive(),
  /** `conv7-pool`: 7x7 stride 2 then 3x3 max pool stride 2; `conv3`: 3x3 stride 2 alone */
  stem: z.enum(['conv7-pool', 'conv3']),
  embeddingSize: z.int().positive(),
});

export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  /** sha256 over the concatenated weight shards: the identity that templates carry */
  modelHash: sha256,
  architecture: architectureSchema,
  /**
   * aligned crop: side in pixels; value = (byte - mean) / scale. `networkSize`: side that the crop is shrunk to before the
   * network (progressive training may stop at a smaller size); absent: the crop's own. `mirror`: the mirrored crop is
   * embedded too, and the embedding is the sum of both at unit length
   */
  input: z.object({
    size: z.int().positive(),
    mean: z.number(),
    scale: z.number().positive(),
    networkSize: z.int().positive().optional(),
    mirror: z.boolean().optional(),
  }),
  shards: z.array(fileEntry).min(1),
  golden: fileEntry,
  tensors: z.array(tensorEntry).min(1),
  training: z.object({
    data: z.array(z.string()),
    recipe: z.record(z.string(), z.unknown()),
    imagesSeen: z.int().nonnegative(),
    backend: z.string(),
    date: z.string(),
    /** the last layer as training left it, where it was computed anew afterwards: training goes on from it */
    lastLayer: z.object({ file: fileEntry, tensors: z.array(tensorEntry) }).optional(),
    /** how it was computed anew */
    refit: z.record(z.string(), z.unknown()).optional(),
  }),
  /** by evaluation set and then by metric */
  metrics: z.record(z.string(), z.record(z.string(), z.number())),
  calibration: z.array(calibrationRow),
});

export type Architecture = z.infer<typeof architectureSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type TensorEntry = z.infer<typeof tensorEntry>;
export type CalibrationRow = z.infer<typeof calibrationRow>;
