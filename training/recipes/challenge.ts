import { RESNET50 } from '@rounz/core/model/architecture.ts';
import { distil } from './distil.ts';
import type { ScheduleConfig, TrainConfig } from './schema.ts';

/** The training people of a K-FACE tree, or of its twin, by the name that `align` gives their set. */
const SETS = ['kface-train'];

const adam = {
  kind: 'adam',
  rate: 1e-3,
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  clipNorm: 10,
} as const;

const sgd = {
  kind: 'sgd',
  rate: 0.05,
  momentum: 0.9,
  nesterov: true,
  weightDecay: 5e-4,
  clipNorm: 10,
} as const;

/** StepLR: a tenth after each third. Rates and steps were not published; these are this project's. */
const stepLr: ScheduleConfig = {
  kind: 'step',
  warmupImages: 20_000,
  factor: 0.1,
  milestones: [1 / 3, 2 / 3],
};
const cosineLr: ScheduleConfig = { kind: 'cosine', warmupImages: 20_000, floor: 0.001 };

/**
 * The first of the three models that won tasks 03 and 05 of the 2020 challenge: ResNet-50, 512 values, ArcFace over the training
 * people, from random weights, RandomErasing and a tutorial's augmentations, dropout; Adam with StepLR.
 */
const model1: TrainConfig = {
  ...distil,
  name: 'est-model1',
  architecture: RESNET50,
  data: { sets: SETS, validationPeople: 0.1, validationImages: 6 },
  augmentation: 'basic',
  lightShare: 0,
  batch: 64,
  totalImages: 2_000_000,
  sizes: [{ until: 1, size: 112 }],
  dropout: 0.5,
  optimiser: adam,
  schedule: stepLr,
  averages: { statistics: 0.9, weights: 0 },
  losses: {
    distillation: { weight: 0, distanceWeight: 0, personShare: 0, centring: 0 },
    spread: { weight: 0 },
    arcface: {
      weight: 1,
      scale: 30,
      margin: 0.5,
      marginWarmupImages: 300_000,
      minImages: 2,
      subCentres: 1,
    },
  },
};

/** The second: Adam with CosineAnnealingLR. */
const model2: TrainConfig = { ...model1, name: 'est-model2', seed: 2, schedule: cosineLr };

/** The third: SGD with StepLR, and dropout 0.8 against the over-fitting that came fast. */
const model3: TrainConfig = { ...model1, name: 'est-model3', seed: 3, optimiser: sgd, dropout: 0.8 };

/** What the challenge gave its entrants to beat: the contrastive loss between the pictures of a batch. */
const contrastive: TrainConfig = {
  ...model1,
  name: 'contrastive',
  seed: 4,
  picturesPerPerson: 4,
  dropout: 0,
  losses: {
    ...model1.losses,
    arcface: { ...model1.losses.arcface, weight: 0 },
    contrastive: { weight: 1, margin: 1.2 },
  },
};

/** ArcFace with the pair loss across conditions, after MixFace. */
const mixed: TrainConfig = {
  ...model2,
  name: 'mixed',
  seed: 5,
  picturesPerPerson: 4,
  losses: { ...model2.losses, pair: { weight: 0.5, scale: 16 } },
};

/** For shops with one or two pictures of each person. */
const semiSiamese: TrainConfig = {
  ...model2,
  name: 'semi-siamese',
  seed: 6,
  picturesPerPerson: 2,
  averages: { statistics: 0.9, weights: 0.99 },
  losses: {
    ...model2.losses,
    arcface: { ...model2.losses.arcface, weight: 0 },
    semiSiamese: { weight: 1, scale: 30, margin: 0.2, queue: 4096 },
  },
};

export const challengeRecipes = [model1, model2, model3, contrastive, mixed, semiSiamese] as const;
