import {
  MOBILEFACENET,
  MOBILENET,
  SFACE_RESNET50,
  TRANSPLANT_RESNET50,
} from '@rounz/core/model/architecture.ts';
import type { TrainConfig } from './schema.ts';

const SETS = [
  'lfw',
  'celeba',
  'celeba-wild',
  'glint',
  'unlabelled-utk',
  'unlabelled-utk-asian',
  'unlabelled-portraits',
  'unlabelled-ffhq',
  'unlabelled-stylegan',
];

/**
 * Tunes the ResNet-50 that `transplant` makes out of MobileFaceNet: teach bare from covered, with both teachers side by side as
 * target and the light teacher asked at each step. Starts with `--init` from what `transplant` wrote, or from a finished run.
 */
export const fineTune: TrainConfig = {
  name: 'fine-tune',
  seed: 1,
  architecture: TRANSPLANT_RESNET50,
  form: 'folded',
  input: 'imagenet',
  data: {
    sets: SETS,
    validationPeople: 0.08,
    validationImages: 4,
    // Most customers of the shop are East Asian, and the sets are not.
    repeats: { 'unlabelled-utk-asian': 3 },
    // Real accessories with a known bare face are few, and they are what the kiosk meets.
    coveredRepeats: 3,
  },
  augmentation: 'full',
  lightShare: 0.5,
  batch: 32,
  picturesPerPerson: 1,
  accumulate: 1,
  totalImages: 100_000,
  sizes: [{ until: 1, size: 112 }],
  dropout: 0,
  backboneShare: 1,
  optimiser: {
    kind: 'adamw',
    // Beside a transplanted diagonal stand many small weights: a rate for all would turn them as much as the diagonal.
    rate: 1e-3,
    relative: { vectorRate: 3e-5 },
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 5,
  },
  schedule: { kind: 'cosine', warmupImages: 2000, floor: 0.02 },
  averages: { statistics: 0, weights: 0.995 },
  losses: {
    distillation: { weight: 0, distanceWeight: 0, personShare: 0.3, centring: 0 },
    consistent: {
      teacher: 'mobilefacenet',
      weight: 4,
      mapWeight: 1,
      coveredShare: 0.3,
      secondShare: 0.5,
      thirdShare: 0,
    },
    spread: { weight: 0 },
    arcface: {
      weight: 0,
      scale: 32,
      margin: 0.2,
      marginWarmupImages: 10_000,
      minImages: 2,
      subCentres: 1,
    },
  },
};

/** The same for MobileFaceNet itself: the light model, and the donor of a better start for the ResNet-50. */
export const fineTuneLight: TrainConfig = {
  ...fineTune,
  name: 'fine-tune-light',
  architecture: MOBILEFACENET,
  optimiser: {
    kind: 'adamw',
    rate: 1e-4,
    beta1: 0.9,
    beta2: 0.99,
    epsilon: 1e-8,
    weightDecay: 0.01,
    clipNorm: 5,
  },
};

/** The same for the MobileNet that `transplant` makes out of SFace; its teachers are MobileFaceNet and, as the longer part, SFace. */
export const fineTuneMobileNet: TrainConfig = {
  ...fineTune,
  name: 'fine-tune-mobilenet',
  architecture: MOBILENET,
  input: 'symmetric',
  optimiser: { ...fineTune.optimiser, rate: 5e-4 },
  losses: {
    ...fineTune.losses,
    // Its maps are not MobileFaceNet's.
    consistent: {
      teacher: 'mobilefacenet',
      weight: 4,
      mapWeight: 0,
      coveredShare: 0.3,
      secondShare: 1.5,
      thirdShare: 0,
    },
  },
};

/** The same for the ResNet-50 that `transplant` makes out of SFace: it learns what SFace says, and nothing of MobileFaceNet. */
export const fineTuneSFace: TrainConfig = {
  ...fineTune,
  name: 'fine-tune-sface',
  architecture: SFACE_RESNET50,
  input: 'symmetric',
  // What every picture has in common; the second stage has a block that begins with nothing.
  frozenStages: 1,
  batch: 16,
  losses: {
    ...fineTune.losses,
    consistent: {
      teacher: 'sface',
      weight: 4,
      mapWeight: 1,
      coveredShare: 0.3,
      secondShare: 0,
      thirdShare: 0,
    },
  },
};
