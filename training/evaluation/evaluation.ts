import { z } from 'zod';
import { FIGURE_NAMES } from './figures.ts';

const rate = z.number().min(0).max(1);
const perFigure = <T extends z.ZodType>(schema: T) => z.partialRecord(z.enum(FIGURE_NAMES), schema);

/** JSON has no infinity; the point that accepts nothing is written as null. */
const threshold = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.POSITIVE_INFINITY);

const figuresSchema = z.object({
  genuine: z.int().min(0),
  impostor: z.int().min(0),
  people: z.int().min(1),
  searches: z.int().min(0),
  gallerySize: z.int().min(0),
  values: perFigure(rate),
  intervals: perFigure(z.object({ low: rate, high: rate })),
  det: z.array(z.object({ threshold, fmr: rate, fnmr: rate })).readonly(),
  histogram: z.object({
    from: z.number(),
    to: z.number(),
    genuine: z.array(z.int().min(0)).readonly(),
    impostor: z.array(z.int().min(0)).readonly(),
    failedGenuine: z.int().min(0),
    failedImpostor: z.int().min(0),
  }),
});

const mistakeSchema = z.object({
  kind: z.enum(['genuine', 'impostor']),
  score: z.number(),
  first: z.string(),
  second: z.string(),
});

const operatingPointSchema = z.object({
  targetFpir: rate,
  gallerySize: z.int().min(1),
  threshold: z.number(),
  fpir: rate,
  fnir: rate,
});

const pooledSchema = z.object({
  people: z.int().min(1),
  impostor: z.int().min(0),
  sets: z
    .array(z.object({ set: z.string(), pictures: z.int(), people: z.int().min(0), impostor: z.int().min(0) }))
    .readonly(),
  points: z
    .array(
      z.object({
        targetFmr: rate,
        threshold,
        fmr: rate,
        tar: rate,
        interval: z.object({ low: rate, high: rate }).optional(),
        bySet: z.array(rate).readonly(),
      }),
    )
    .readonly(),
});

/** What `evaluate` found for one recogniser; `evaluate --json` writes it, `report` and `compare` read it. */
export const evaluationSchema = z.object({
  format: z.literal(1),
  recogniser: z.string(),
  set: z.string(),
  /** where the pictures of the mistakes are, for a report on the same machine */
  source: z.string(),
  protocol: z.string(),
  date: z.string(),
  pictures: z.int().min(0),
  /** pictures in which no face was found: each of their comparisons counts as refused */
  failedToAcquire: z.int().min(0),
  groups: z.record(z.string(), figuresSchema),
  /** the manifest's thresholds tried on these searches; none for an ensemble, a peer, or a model without calibration */
  thresholds: z.array(operatingPointSchema).readonly().default([]),
  /** thresholds from the impostors of several sets; absent where none were named beside the trials' own */
  pooled: pooledSchema.optional(),
  mistakes: z.array(mistakeSchema).readonly(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** A file of `evaluate --json`: the recogniser measured, and beside it the members of an ensemble or other number formats. */
export const evaluationFileSchema = evaluationSchema.extend({
  others: z.array(evaluationSchema).default([]),
});
export type EvaluationFile = z.infer<typeof evaluationFileSchema>;
