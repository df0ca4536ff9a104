import { architectureSchema } from '@rounz/core/model/manifest.ts';
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** the whole gradient is shortened to this length */
const clipNorm = z.number().positive();

const optimiserSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('adamw'),
    rate: z.number().positive(),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
    weightDecay: z.number().min(0),
    clipNorm,
    /**
     * With it, `rate` is a share of each kernel's own root mean square (Shazeer and Stern 2018, section 8), so that large
     * and small kernels turn alike; vectors (norms, biases) get `vectorRate` as it is.
     */
    relative: z.object({ vectorRate: z.number().positive() }).optional(),
  }),
  z.object({
    kind: z.literal('sgd'),
    rate: z.number().positive(),
    momentum: share,
    nesterov: z.boolean(),
    weightDecay: z.number().min(0),
    clipNorm,
  }),
]);

/** Lengths in images seen; milestones in shares of the whole run. */
const scheduleSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('constant'), warmupImages: z.int().min(0) }),
  z.object({ kind: z.literal('cosine'), warmupImages: z.int().min(0), floor: share }),
  z.object({
    kind: z.literal('step'),
    warmupImages: z.int().min(0),
    factor: share,
    milestones: z.array(share),
  }),
]);

/** Everything that decides a run; validated, printed and stored with it. */
export const trainConfigSchema = z.object({
  name: z.string().min(1),
  seed: z.int(),
  architecture: architectureSchema,
  data: z.object({
    sets: z.array(z.string()).min(1),
    /** share of the labelled people kept for validation; they are never trained on */
    validationPeople: share,
    /** images of a person taken for validation, at most */
    validationImages: z.int().positive(),
  }),
  augmentation: z.enum(['none', 'light', 'full']),
  /** share of the pictures that get `light` instead: galleries are bare, and a bare face teaches who it is sooner */
  lightShare: share.default(0),
  batch: z.int().positive(),
  totalImages: z.int().positive(),
  /** input side until that share of the run is seen, smallest first */
  sizes: z.array(z.object({ until: share, size: z.int().min(32).max(112) })).min(1),
  dropout: share,
  optimiser: optimiserSchema,
  schedule: scheduleSchema,
  /** moving averages: of batch norm's statistics, and of the weights (0: none); share of the old value at each step */
  averages: z.object({ statistics: share, weights: share }),
  losses: z.object({
    /** 1 - cosine to the teacher's embedding of the bare face */
    distillation: z.object({
      weight: z.number().min(0),
      /** of the squared distance to the same embedding */
      distanceWeight: z.number().min(0).default(0),
      /** share of the person's mean embedding in the target; the rest is the picture's own */
      personShare: share,
      /** share of the teacher's mean embedding taken off before the cosine: its strangers otherwise score 0.84 on average */
      centring: share,
    }),
    /** penalty on pictures that are blown up at the cost of the rest of their batch (loss/norm-spread.ts) */
    spread: z.object({ weight: z.number().min(0) }).default({ weight: 0 }),
    /** Deng et al. 2019 */
    arcface: z.object({
      weight: z.number().min(0),
      scale: z.number().positive(),
      margin: z.number().min(0),
      /** images over which the margin grows from 0 */
      marginWarmupImages: z.int().min(0),
      /** people with fewer pictures are not classes */
      minImages: z.int().positive(),
    }),
  }),
});

export type TrainConfig = z.infer<typeof trainConfigSchema>;
export type OptimiserConfig = z.infer<typeof optimiserSchema>;
export type ScheduleConfig = z.infer<typeof scheduleSchema>;
