import { architectureSchema } from '@rounz/core/model/manifest.ts';
import { z } from 'zod';

const share = z.number().min(0).max(1);

/** of a loss in the sum */
const weight = z.number().positive();

/** the whole gradient is shortened to this length */
const clipNorm = z.number().positive();

const optimiserSchema = z.discriminatedUnion('kind', [
  /** Kingma and Ba 2015 */
  z.object({
    kind: z.literal('adam'),
    rate: z.number().positive(),
    beta1: share,
    beta2: share,
    epsilon: z.number().positive(),
    clipNorm,
  }),
  /** Loshchilov and Hutter 2019 */
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
    /** how often the pictures of a set come in an epoch; 1 for those that are not named */
    repeats: z.record(z.string(), z.int().positive()).optional(),
    /** how often, beside `repeats`, a photograph comes that shows an accessory and whose person is known bare */
    coveredRepeats: z.int().positive().optional(),
  }),
  /**
   * `norms`: batch norms apart, with the batch's own statistics, as from random weights; `folded`: norms folded into their
   * layers, for a finished network that is tuned further
   */
  form: z.enum(['norms', 'folded']).default('norms'),
  /** what the network takes for a byte: `symmetric` -1..1; `imagenet` with ImageNet's mean and spread of each channel */
  input: z.enum(['symmetric', 'imagenet']).default('symmetric'),
  augmentation: z.enum(['none', 'light', 'basic', 'full']),
  /** share of the pictures that get `light` instead: galleries are bare, and a bare face teaches who it is sooner */
  lightShare: share.default(0),
  batch: z.int().positive(),
  /**
   * Pictures of each person that stand together in a batch, for losses between pictures; people with fewer come repeatedly,
   * each time augmented anew. 1: pictures in random order.
   */
  picturesPerPerson: z.int().positive().default(1),
  /** batches whose gradients are averaged for one step */
  accumulate: z.int().positive().default(1),
  totalImages: z.int().positive(),
  /** input side until that share of the run is seen, smallest first */
  sizes: z.array(z.object({ until: share, size: z.int().min(32).max(112) })).min(1),
  dropout: share,
  /** learning rate of the pre-trained layers, as a share of the others' (the embedding layer, class centres) */
  backboneShare: share.default(1),
  /** the stem and so many stages behind it keep the weights that they came with: a third of the arithmetic less with 2 of 4 */
  frozenStages: z.int().min(0).max(3).optional(),
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
    /** a teacher that is asked at each step about the bare crop in the student's own shift, turn and scale (teacher/consistent.ts) */
    consistent: z
      .object({
        /** which */
        teacher: z.enum(['mobilefacenet', 'sface']).default('mobilefacenet'),
        /** of 1 - cosine */
        weight,
        /** of the mean squared difference of the maps before pooling; only for networks with a weighted head */
        mapWeight: z.number().min(0),
        /** what the map's difference counts on a covered picture, whose map cannot be the bare one's */
        coveredShare: share,
        /** length of a second and a third teacher's embedding beside the first's 1; 0: there is none */
        secondShare: z.number().min(0).max(4),
        thirdShare: z.number().min(0).max(4).default(0),
      })
      .optional(),
    /** each picture searches all training people as the teacher knows them (loss/gallery-contrast.ts); needs `consistent` */
    gallery: z
      .object({
        weight,
        scale: z.number().positive().max(64),
        margin: z.number().min(0),
        /** cosine between target and gallery row above which both may be one person, 0..1 */
        sameAbove: share,
      })
      .optional(),
    /** penalty on pictures that are blown up at the cost of the rest of their batch (loss/norm-spread.ts) */
    spread: z.object({ weight: z.number().min(0) }).default({ weight: 0 }),
    /** Deng et al. 2019 */
    arcface: z.object({
      weight: z.number().min(0),
      scale: z.number().positive(),
      margin: z.number().min(0),
      /** images over which the margin grows from 0 */
      marginWarmupImages: z.int().min(0),
      /** people with fewer pictures are not classes, whatever the loss over classes */
      minImages: z.int().positive(),
      /** centres of each class (Deng et al. 2020); 1: plain ArcFace */
      subCentres: z.int().positive().default(1),
    }),
    /** Wang et al. 2018 */
    cosface: z
      .object({
        weight,
        scale: z.number().positive(),
        margin: z.number().min(0),
        marginWarmupImages: z.int().min(0),
      })
      .optional(),
    /** plain cross-entropy over the people */
    softmax: z.object({ weight }).optional(),
    /** Hadsell et al. 2006; margin in Euclidean distance between unit embeddings, at most 2 */
    contrastive: z.object({ weight, margin: z.number().positive().max(2) }).optional(),
    /** Schroff et al. 2015, batch-hard; margin in squared distance, at most 4 */
    triplet: z.object({ weight, margin: z.number().positive().max(4) }).optional(),
    /** between pictures of one person under different conditions, beside a loss over classes (Jung et al. 2021) */
    pair: z.object({ weight, scale: z.number().positive().max(64) }).optional(),
    /** Du et al. 2020, for people with one or two pictures */
    semiSiamese: z
      .object({
        weight,
        scale: z.number().positive(),
        margin: z.number().min(0),
        /** prototypes that are remembered */
        queue: z.int().min(2),
      })
      .optional(),
  }),
});

export type TrainConfig = z.infer<typeof trainConfigSchema>;
export type LossConfig = TrainConfig['losses'];
export type OptimiserConfig = z.infer<typeof optimiserSchema>;
export type ScheduleConfig = z.infer<typeof scheduleSchema>;
