import { z } from 'zod';
import { accessoryHeadSchema } from './accessories.ts';
import { fileEntrySchema, sha256Schema, tensorEntrySchema } from './file-entries.ts';

/** Threshold on the cosine score for a target FPIR at a gallery size (number of enrolled people). */
const calibrationRow = z.object({
  targetFpir: z.number().gt(0).lt(1),
  gallerySize: z.int().positive(),
  threshold: z.number().min(-1).max(1),
});

/** How scores lie, on Fisher's scale (artanh of the cosine). */
const scoreSpread = z.object({ mean: z.number(), deviation: z.number().positive() });

const weightedHeadSchema = z.object({
  /** channels of the 1x1 layer before pooling */
  neck: z.int().positive(),
  /** side of the map that is pooled */
  side: z.int().positive(),
});

/** values that are made of the neck's whole map; absent: each of the neck's channels is pooled by itself */
const wholeMapOutputs = z.int().positive();

const resNetSchema = z.object({
  kind: z.literal('resnet'),
  /** bottleneck blocks in each stage; [3,4,6,3] is ResNet-50 */
  blocks: z.array(z.int().positive()).length(4),
  /** bottleneck width of the first stage; 64 for ResNet-50 */
  width: z.int().positive(),
  /**
   * `conv7-pool`: 7x7 stride 2 then 3x3 max pool stride 2; `conv3`: 3x3 stride 2 alone; `conv3-deep`: 3x3 and 3x3 of half the width
   * and 1x1, all stride 1
   */
  stem: z.enum(['conv7-pool', 'conv3', 'conv3-deep']),
  /** behind each norm but those of shortcuts; absent: `relu` */
  activation: z.literal('prelu').optional(),
  /** by stage, how many times as wide its bottlenecks are while its maps stay (Zagoruyko and Komodakis 2016, arXiv 1605.07146) */
  widening: z.array(z.int().positive()).length(4).optional(),
  /**
   * by stage, of blocks that keep their map's shape: as it is (absent), or with a weight for each channel ("constant scaling" of He et
   * al. 2016, arXiv 1603.05027, section 3.1, but learned)
   */
  shortcuts: z
    .array(z.enum(['identity', 'scaled']))
    .length(4)
    .optional(),
  /** of the first stage behind a stem without pool; 1 keeps the stem's map. Absent: 2 */
  firstStride: z.literal([1, 2]).optional(),
  /** of the last stage; 1 leaves its map twice as wide and high. Absent: 2, as in He et al. 2015 */
  lastStride: z.literal([1, 2]).optional(),
  /** which layer of a stage's first block halves the map: the first 1x1 (He et al. 2015) or the 3x3 (absent: v1.5) */
  strideIn: z
    .array(z.enum(['reduce', 'spatial']))
    .length(4)
    .optional(),
  /** absent: the mean over the last map */
  head: weightedHeadSchema.extend({ outputs: wholeMapOutputs.optional() }).optional(),
  embeddingSize: z.int().positive(),
});

const mobileFaceNetSchema = z.object({
  kind: z.literal('mobilefacenet'),
  /** channels of the stem */
  width: z.int().positive(),
  /** inverted residual blocks; one that keeps the map's shape adds its input */
  blocks: z
    .array(z.object({ hidden: z.int().positive(), outputs: z.int().positive(), stride: z.literal([1, 2]) }))
    .min(1),
  head: weightedHeadSchema,
  embeddingSize: z.int().positive(),
});

const mobileNetSchema = z.object({
  kind: z.literal('mobilenet'),
  /** channels of the stem */
  width: z.int().positive(),
  /** depthwise separable blocks */
  blocks: z.array(z.object({ outputs: z.int().positive(), stride: z.literal([1, 2]) })).min(1),
  head: weightedHeadSchema.extend({ outputs: wholeMapOutputs }),
  embeddingSize: z.int().positive(),
});

export const architectureSchema = z.discriminatedUnion('kind', [
  resNetSchema,
  mobileFaceNetSchema,
  mobileNetSchema,
]);

/** One value for all channels, or one for each of red, green, blue. */
const perChannel = <T extends z.ZodType>(value: T) => z.union([value, z.tuple([value, value, value])]);

/** Model folders of earlier versions call the look-alikes `alike`. */
function withLookalikes(impostors: unknown): unknown {
  if (typeof impostors !== 'object' || impostors === null || !('alike' in impostors)) return impostors;
  const { alike, ...rest } = impostors;
  return { lookalikes: alike, ...rest };
}

const mirrorSchema = z.union([z.boolean(), z.literal('templates')]);

/** Which embeddings hold a face's mirror image too. */
export type Mirror = z.infer<typeof mirrorSchema>;

export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().min(1),
  version: z.string().min(1),
  /**
   * the identity that templates carry: sha256 over the concatenated weight shards, where faces are embedded without their mirror
   * images followed by `without mirror`. Files are checked by their own hashes
   */
  modelHash: sha256Schema,
  architecture: architectureSchema,
  /**
   * aligned crop: side in pixels; value = (byte - mean) / scale. `networkSize`: side that the crop is shrunk to before the
   * network (progressive training may stop at a smaller size); absent: the crop's own. `mirror`: the mirrored crop is
   * embedded too, and the embedding is the sum of both at unit length; `templates`: of templates alone, while probes are
   * embedded once
   */
  input: z.object({
    size: z.int().positive(),
    mean: perChannel(z.number()),
    scale: perChannel(z.number().positive()),
    networkSize: z.int().positive().optional(),
    mirror: mirrorSchema.optional(),
  }),
  shards: z.array(fileEntrySchema).min(1),
  golden: fileEntrySchema,
  tensors: z.array(tensorEntrySchema).min(1),
  training: z.object({
    data: z.array(z.string()),
    recipe: z.record(z.string(), z.unknown()),
    imagesSeen: z.int().nonnegative(),
    backend: z.string(),
    date: z.string(),
    /** the trained last layer, if it was computed anew afterwards; training continues from it */
    lastLayer: z.object({ file: fileEntrySchema, tensors: z.array(tensorEntrySchema) }).optional(),
    /** where the first weights came from, where that was not a random draw; shown to whoever ships or audits the model */
    origin: z.string().optional(),
    /** how it was computed anew */
    refit: z.record(z.string(), z.unknown()).optional(),
  }),
  /** the accessory head; absent: the model has none */
  accessories: accessoryHeadSchema.optional(),
  /** by evaluation set and then by metric */
  metrics: z.record(z.string(), z.record(z.string(), z.number())),
  calibration: z.array(calibrationRow),
  /**
   * scores between strangers, one bare picture of each: of all whom `calibration` was made between, and of the pairs among them
   * whose pictures look most alike, as before one camera. Absent: thresholds do not follow the kiosk's own gallery
   */
  impostors: z.preprocess(withLookalikes, z.object({ all: scoreSpread, lookalikes: scoreSpread })).optional(),
});

export type ResNetArchitecture = z.infer<typeof resNetSchema>;
export type MobileFaceNetArchitecture = z.infer<typeof mobileFaceNetSchema>;
export type MobileNetArchitecture = z.infer<typeof mobileNetSchema>;
export type Architecture = z.infer<typeof architectureSchema>;
export type Manifest = z.infer<typeof manifestSchema>;
export type ScoreSpread = z.infer<typeof scoreSpread>;
export type ImpostorScores = NonNullable<Manifest['impostors']>;
export type CalibrationRow = z.infer<typeof calibrationRow>;
