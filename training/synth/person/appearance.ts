import { pickWeighted } from '@rounz/core/math/random.ts';
import type { LabelledRng } from '../labelled-rng.ts';
import { fromSrgb, mixRgb, type Rgb } from '../math.ts';
import type { Clothes } from './clothes.ts';
import { CUTS, type CutName, type HairSpec } from './hair-cuts.ts';
import type { Presentation } from './shape.ts';

/** Hair as worn in Seoul: black and dark brown first, dyed browns, a few ash and red tones. */
const HAIR_COLOURS: readonly Rgb[] = [
  fromSrgb(30, 25, 24),
  fromSrgb(30, 25, 24),
  fromSrgb(38, 29, 26),
  fromSrgb(52, 37, 30),
  fromSrgb(70, 47, 35),
  fromSrgb(94, 63, 44),
  fromSrgb(122, 84, 58),
  fromSrgb(92, 54, 44),
];
const GREY: Rgb = fromSrgb(168, 166, 164);

const CLOTH_COLOURS: readonly Rgb[] = [
  fromSrgb(236, 232, 224),
  fromSrgb(58, 66, 84),
  fromSrgb(112, 128, 116),
  fromSrgb(176, 148, 124),
  fromSrgb(94, 112, 148),
  fromSrgb(46, 46, 50),
  fromSrgb(196, 176, 190),
  fromSrgb(150, 80, 76),
  fromSrgb(208, 196, 168),
  fromSrgb(84, 118, 122),
];

/** Draws a hair cut fit for the age, its colour and the small things that make two equal cuts differ. */
export function drawHair(
  rng: LabelledRng,
  presentation: Presentation,
  age: number,
  wanted?: CutName,
): HairSpec {
  const weights = Object.fromEntries(
    Object.entries(CUTS).map(([name, cut]) => [
      name,
      age < cut.ages[0] || age > cut.ages[1] ? 0 : presentation === 'feminine' ? cut.feminine : cut.masculine,
    ]),
  ) as Record<CutName, number>;
  const cut = wanted ?? pickWeighted(rng, weights);
  const greying = rng.chance(0.45) ? Math.min(1, Math.max(0, (age - 45) / 25)) : 0;
  return {
    cut,
    colour: mixRgb(rng.pick(HAIR_COLOURS), GREY, greying * rng.between(0.5, 1)),
    partSide: rng.chance(0.5) ? 1 : -1,
    length: rng.between(0.85, 1.15),
    volume: rng.between(0.85, 1.2),
    wave: rng.between(0.6, 1.4),
    seed: Math.floor(rng.next() * 1e6),
  };
}

export function drawClothes(rng: LabelledRng): Clothes {
  return {
    kind: pickWeighted(rng, { crew: 3, vneck: 1.4, turtleneck: 1, hoodie: 1.4, shirt: 1.8 }),
    colour: rng.pick(CLOTH_COLOURS),
  };
}
