import { z } from 'zod';

const probability = z.number().min(0).max(1);
/** `[low, high]`, drawn uniformly between them; both within the limits. */
const range = (least: number, most: number) =>
  z
    .tuple([z.number().min(least).max(most), z.number().min(least).max(most)])
    .refine(([low, high]) => low <= high, 'the first number of a range must not exceed the second');

const geometrySchema = z.strictObject({
  /** mirror left and right */
  flip: probability,
  /** largest shift in each direction, pixels of the 112 template */
  shift: z.number().min(0).max(16),
  /** size of the face relative to the template */
  scale: range(0.7, 1.4),
  /** largest turn in each direction, degrees */
  rotate: z.number().min(0).max(45),
});

const lightSchema = z.strictObject({
  probability,
  /** share of the light that comes from one direction; 0 flat, 1 black shadows */
  strength: range(0, 1),
  /** probability, given light, of a soft-edged cast shadow over part of the picture */
  cast: probability,
  /** brightness within a cast shadow */
  castLevel: range(0, 1),
});

const colourSchema = z.strictObject({
  probability,
  /** added, of 255 */
  brightness: range(-128, 128),
  /** factor about mid-grey */
  contrast: range(0.2, 3),
  /** exponent on 0..1 */
  gamma: range(0.3, 3),
  /** -1 blue .. 1 orange: red * (1 + 0.25 t), blue * (1 - 0.25 t) */
  temperature: range(-1, 1),
  /** factor on the distance from grey */
  saturation: range(0, 2),
  /** probability of no colour at all (independent of `probability`) */
  grey: probability,
});

const blurSchema = z.strictObject({
  probability,
  /** standard deviation, pixels of the 112 template */
  sigma: range(0, 3),
  /** probability, given blur, of a box along one axis (motion) instead of a Gaussian */
  motion: probability,
  /** length of the motion, pixels of the 112 template */
  motionLength: range(1, 9),
});

const lowResolutionSchema = z.strictObject({
  probability,
  /** side of the small picture relative to the output */
  factor: range(0.1, 1),
});

const noiseSchema = z.strictObject({
  probability,
  /** standard deviation, of 255 */
  sigma: range(0, 40),
  /** share of the noise that is common to the three channels */
  grey: z.number().min(0).max(1),
});

const jpegSchema = z.strictObject({
  probability,
  /** quality on the scale of the Independent JPEG Group */
  quality: range(5, 100),
  /** probability of halved chroma (4:2:0) */
  subsample: probability,
});

/** Zhong, Zheng, Kang, Li, Yang: Random Erasing Data Augmentation, 2017 (arXiv 1708.04896), section 4. */
const eraseSchema = z.strictObject({
  probability,
  /** erased share of the picture's area; the paper: 0.02 to 0.4 */
  area: range(0.001, 0.9),
  /** height / width lies between this and its reciprocal; the paper: 0.3 */
  aspect: z.number().min(0.05).max(1),
  /** probability of one colour instead of the paper's random value for each pixel */
  plain: probability,
});

/** What a head wears together; each entry's weight is relative. `occluder`, `fringe` come on top of any of these. */
export const OUTFITS = [
  'glasses',
  'hornRimmed',
  'sunglasses',
  'hat',
  'mask',
  'hat+glasses',
  'hat+hornRimmed',
  'hat+sunglasses',
  'hat+mask',
  'glasses+mask',
  'sunglasses+mask',
  'hat+glasses+mask',
  'hat+sunglasses+mask',
] as const;
export type Outfit = (typeof OUTFITS)[number];

const accessoriesSchema = z.strictObject({
  /** probability that anything of `outfits` is worn */
  probability,
  outfits: z.record(z.enum(OUTFITS), z.number().min(0)),
  /** probability of a scarf, a hand or a thing before the mouth or the face */
  occluder: probability,
  /** probability of hair falling over the forehead (never under a hat) */
  fringe: probability,
});

export const augmentConfigSchema = z.strictObject({
  accessories: accessoriesSchema,
  geometry: geometrySchema,
  light: lightSchema,
  colour: colourSchema,
  blur: blurSchema,
  lowResolution: lowResolutionSchema,
  noise: noiseSchema,
  jpeg: jpegSchema,
  erase: eraseSchema,
});

/** Every probability and range of the augmentation; operations run in the order of the keys. */
export type AugmentConfig = z.infer<typeof augmentConfigSchema>;

/** Weights after what a shop's customers wear: K-FACE's five conditions, masks, and their combinations. */
const OUTFIT_WEIGHTS: Record<Outfit, number> = {
  glasses: 2.5,
  hornRimmed: 2.5,
  sunglasses: 3.5,
  hat: 4,
  mask: 2.5,
  'hat+glasses': 0.7,
  'hat+hornRimmed': 1.2,
  'hat+sunglasses': 1.2,
  'hat+mask': 0.5,
  'glasses+mask': 0.5,
  'sunglasses+mask': 0.2,
  'hat+glasses+mask': 0.2,
  'hat+sunglasses+mask': 0.1,
};

const full: AugmentConfig = {
  accessories: { probability: 0.7, outfits: OUTFIT_WEIGHTS, occluder: 0.05, fringe: 0.05 },
  geometry: { flip: 0.5, shift: 4, scale: [0.9, 1.1], rotate: 8 },
  light: { probability: 0.3, strength: [0.2, 0.75], cast: 0.25, castLevel: [0.35, 0.8] },
  colour: {
    probability: 0.8,
    brightness: [-24, 24],
    contrast: [0.75, 1.3],
    gamma: [0.75, 1.35],
    temperature: [-0.6, 0.6],
    saturation: [0.5, 1.4],
    grey: 0.06,
  },
  blur: { probability: 0.2, sigma: [0.4, 1.5], motion: 0.3, motionLength: [3, 6] },
  lowResolution: { probability: 0.2, factor: [0.3, 0.85] },
  noise: { probability: 0.25, sigma: [2, 12], grey: 0.5 },
  jpeg: { probability: 0.25, quality: [25, 90], subsample: 0.7 },
  erase: { probability: 0.25, area: [0.02, 0.25], aspect: 0.3, plain: 0.5 },
};

const light: AugmentConfig = {
  ...full,
  accessories: { ...full.accessories, probability: 0, occluder: 0, fringe: 0 },
  geometry: { flip: 0.5, shift: 2, scale: [0.95, 1.05], rotate: 4 },
  light: { ...full.light, probability: 0 },
  colour: { ...full.colour, brightness: [-16, 16], contrast: [0.85, 1.15], gamma: [0.85, 1.2], grey: 0 },
  blur: { ...full.blur, probability: 0 },
  lowResolution: { ...full.lowResolution, probability: 0 },
  noise: { ...full.noise, probability: 0 },
  jpeg: { ...full.jpeg, probability: 0 },
  erase: { ...full.erase, probability: 0 },
};

/**
 * What the winners of the 2020 challenge used: a tutorial's flip, shift, scale, brightness and contrast, and RandomErasing as
 * published.
 */
const basic: AugmentConfig = {
  ...light,
  geometry: { flip: 0.5, shift: 4, scale: [0.9, 1.1], rotate: 0 },
  colour: {
    ...light.colour,
    probability: 1,
    brightness: [-32, 32],
    contrast: [0.8, 1.2],
    gamma: [1, 1],
    temperature: [0, 0],
    saturation: [1, 1],
  },
  erase: { probability: 0.5, area: [0.02, 0.4], aspect: 0.3, plain: 0 },
};

const none: AugmentConfig = {
  ...light,
  geometry: { flip: 0, shift: 0, scale: [1, 1], rotate: 0 },
  colour: { ...light.colour, probability: 0 },
};

const occluded: AugmentConfig = {
  ...none,
  accessories: { ...full.accessories, probability: 1, occluder: 0, fringe: 0 },
};

/**
 * `none`: the aligned crop itself; `light`: flip, shift and exposure; `basic`: the 2020 recipe; `full`: everything;
 * `occluded`: always an outfit and nothing else, for validation and calibration.
 */
export const AUGMENT_PRESETS = { none, light, basic, full, occluded } as const satisfies Record<
  string,
  AugmentConfig
>;
export type AugmentPreset = keyof typeof AUGMENT_PRESETS;
