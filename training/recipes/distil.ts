import { RESNET50 } from '@rounz/core/model/architecture.ts';
import type { TrainConfig } from './schema.ts';

const SETS = ['lfw', 'celeba', 'celeba-wild', 'glint', 'unlabelled-utk'];

const adamw = {
  kind: 'adamw',
  rate: 0.009,
  relative: { vectorRate: 4e-3 },
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.05,
  clipNorm: 10,
} as const;

/** Teach bare from covered: the teacher's embedding of the bare face is the target of the covered one, with ArcFace beside it. */
export const distil: TrainConfig = {
  name: 'distil',
  seed: 1,
  // Of 64 x 64 pixels the last stage would be left a map of 2 x 2: it keeps the 4 x 4 that it gets (docs/decisions/012).
  architecture: { ...RESNET50, lastStride: 1 },
  data: { sets: SETS, validationPeople: 0.08, validationImages: 4 },
  form: 'norms',
  input: 'symmetric',
  augmentation: 'full',
  lightShare: 0.6,
  batch: 64,
  picturesPerPerson: 1,
  accumulate: 1,
  totalImages: 600_000,
  // One size throughout: every change of it cost more than the stage won back (docs/model-card.md).
  sizes: [{ until: 1, size: 64 }],
  dropout: 0,
  backboneShare: 1,
  optimiser: adamw,
  schedule: { kind: 'cosine', warmupImages: 3000, floor: 0.02 },
  averages: { statistics: 0.9, weights: 0.996 },
  losses: {
    distillation: { weight: 4, distanceWeight: 6, personShare: 0.3, centring: 1 },
    spread: { weight: 0.05 },
    arcface: {
      weight: 0.1,
      scale: 32,
      margin: 0.25,
      marginWarmupImages: 80_000,
      minImages: 2,
      subCentres: 1,
    },
  },
};

/** The same pictures without a teacher: the classes alone, from random weights. Always reported beside `distil`. */
export const scratch: TrainConfig = {
  ...distil,
  name: 'scratch',
  losses: {
    ...distil.losses,
    distillation: { ...distil.losses.distillation, weight: 0, distanceWeight: 0 },
    arcface: { ...distil.losses.arcface, weight: 1, margin: 0.4, marginWarmupImages: 200_000 },
  },
};
