import { challengeRecipes } from './challenge.ts';
import { distil, scratch } from './distil.ts';
import { fineTune, fineTuneLight, fineTuneMobileNet, fineTuneSFace } from './fine-tune.ts';
import type { TrainConfig } from './schema.ts';
import { scaled } from './small.ts';

const [model1] = challengeRecipes;

/** A minute on any machine, on the twin that `synth` draws: a small network that learns little, but all of the way. */
const smoke: TrainConfig = {
  ...scaled(model1, 'tiny'),
  name: 'smoke',
  dropout: 0,
  losses: {
    ...model1.losses,
    arcface: { ...model1.losses.arcface, scale: 16, margin: 0.2, marginWarmupImages: 1_600 },
  },
};

/** Every recipe by its name. */
export const RECIPES: Readonly<Record<string, TrainConfig>> = Object.fromEntries(
  [
    fineTune,
    fineTuneLight,
    fineTuneMobileNet,
    fineTuneSFace,
    distil,
    scratch,
    ...challengeRecipes,
    smoke,
  ].map((recipe) => [recipe.name, recipe]),
);
