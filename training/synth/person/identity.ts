import { pickWeighted } from '@rounz/core/math/random.ts';
import { createLabelledRng, type LabelledRng } from '../labelled-rng.ts';
import { clamp, fromSrgb, mixRgb, type Rgb } from '../math.ts';
import { drawClothes, drawHair } from './appearance.ts';
import type { Clothes } from './clothes.ts';
import type { HairSpec } from './hair-cuts.ts';
import { drawShape, type FaceShape, type Presentation } from './shape.ts';

/** Colour of the skin and what lies on it. */
export interface Complexion {
  readonly skin: Rgb;
  readonly lip: Rgb;
  /** 0..1 */
  readonly blush: number;
  readonly freckles: number;
  readonly wrinkles: number;
  /** 0..1: liner and lash */
  readonly makeup: number;
  readonly iris: Rgb;
  /** small dark spots: x, y in head space, radius in units */
  readonly moles: readonly (readonly [x: number, y: number, radius: number])[];
}

export type Beard = 'none' | 'shadow' | 'stubble' | 'moustache' | 'goatee' | 'full';

/** One invented person: everything that stays the same from picture to picture. */
export interface Identity {
  readonly seed: number;
  readonly presentation: Presentation;
  /** years */
  readonly age: number;
  readonly shape: FaceShape;
  readonly complexion: Complexion;
  readonly hair: HairSpec;
  readonly beard: Beard;
  readonly clothes: Clothes;
}

/** What may be asked of a drawn person; anything left out is drawn. */
export interface IdentityWish {
  readonly presentation?: Presentation;
  readonly age?: number;
  readonly hair?: Partial<HairSpec>;
  readonly beard?: Beard;
  readonly shape?: Partial<FaceShape>;
  /** 0 the fairest .. 1 the darkest skin */
  readonly melanin?: number;
  readonly clothes?: Partial<Clothes>;
}

/** Skin from fair to dark, sRGB, chosen by eye; the first five cover most customers of a shop in Korea. */
const SKIN: readonly Rgb[] = [
  fromSrgb(247, 214, 192),
  fromSrgb(241, 202, 175),
  fromSrgb(236, 194, 164),
  fromSrgb(222, 174, 140),
  fromSrgb(198, 146, 110),
  fromSrgb(150, 102, 74),
  fromSrgb(100, 66, 50),
];

/** Share of draws from the common range of a Korean shop's customers; the rest span every skin. */
const COMMON_SHARE = 0.85;

const IRIS: readonly Rgb[] = [
  fromSrgb(58, 36, 24),
  fromSrgb(76, 46, 28),
  fromSrgb(44, 28, 22),
  fromSrgb(96, 62, 36),
];

function skinOf(melanin: number): Rgb {
  const at = clamp(melanin) * (SKIN.length - 1);
  const i = Math.min(SKIN.length - 2, Math.floor(at));
  return mixRgb(SKIN[i]!, SKIN[i + 1]!, at - i);
}

function drawBeard(rng: LabelledRng, presentation: Presentation, age: number): Beard {
  if (presentation === 'feminine') return 'none';
  return pickWeighted(rng, {
    none: 4,
    shadow: 3.4,
    stubble: 0.9,
    moustache: age > 40 ? 0.5 : 0.1,
    goatee: 0.15,
    full: age > 30 ? 0.3 : 0.1,
  });
}

function drawComplexion(
  rng: LabelledRng,
  presentation: Presentation,
  age: number,
  melanin: number,
): Complexion {
  const skin = skinOf(melanin);
  const feminine = presentation === 'feminine';
  const red = clamp(rng.normal(feminine ? 0.6 : 0.22, 0.2));
  const natural: Rgb = [skin[0] * 0.8, skin[1] * 0.52, skin[2] * 0.53];
  const stick = rng.pick([
    fromSrgb(206, 78, 84),
    fromSrgb(214, 100, 96),
    fromSrgb(190, 66, 78),
    fromSrgb(222, 112, 106),
  ]);
  const moles = Array.from({ length: rng.pick([0, 0, 0, 1, 1]) }, () => {
    const side = rng.chance(0.5) ? 1 : -1;
    return [side * rng.between(0.12, 0.55), rng.between(-0.85, -0.12), rng.between(0.009, 0.015)] as const;
  });
  return {
    skin,
    lip: feminine ? mixRgb(natural, stick, red * 0.8) : natural,
    blush: clamp(rng.normal(feminine ? 0.55 : 0.3, 0.2)),
    freckles: melanin < 0.35 && rng.chance(0.14) ? rng.between(0.3, 0.9) : 0,
    wrinkles: clamp((age - 38) / 40),
    makeup: feminine ? clamp(rng.normal(0.5, 0.25)) : 0,
    iris: rng.pick(IRIS),
    moles,
  };
}

/**
 * Draws a person.
 * @param seed the same seed and wish give the same person
 */
export function createIdentity(seed: number, wish: IdentityWish = {}): Identity {
  const rng = createLabelledRng(seed);
  const presentation = wish.presentation ?? (rng.chance(0.5) ? 'feminine' : 'masculine');
  const age = wish.age ?? Math.round(rng.between(19, 68));
  const common = rng.chance(COMMON_SHARE);
  const melanin = wish.melanin ?? (common ? rng.between(0.02, 0.5) : rng.between(0.05, 1));
  const shape = { ...drawShape(rng.fork(1), presentation, common), ...wish.shape };
  const hair = { ...drawHair(rng.fork(2), presentation, age, wish.hair?.cut), ...wish.hair };
  return {
    seed,
    presentation,
    age,
    shape,
    complexion: drawComplexion(rng.fork(3), presentation, age, melanin),
    hair,
    beard: wish.beard ?? drawBeard(rng.fork(4), presentation, age),
    clothes: { ...drawClothes(rng.fork(5)), ...wish.clothes },
  };
}
