import type { WearName } from '../synth/accessory/accessory.ts';
import type { ExpressionName } from '../synth/person/expression.ts';

/** Which part of the people, screens, sheets and backgrounds. */
export type Half = 'train' | 'test';

/** Kinds of composed attacks. A kind that is left out of training takes its videos along. */
export const ATTACK_KINDS = ['print', 'cut-print', 'bent-print', 'phone', 'tablet'] as const;
export type AttackKind = (typeof ATTACK_KINDS)[number];

/** What visitors wear, and what is worn on pictures that are held up. */
export const WEARS = ['bare', 'glasses', 'sunglasses', 'cap', 'mask'] as const satisfies readonly WearName[];
export type PassiveWear = (typeof WEARS)[number];

/** How people and frames are drawn. */
export const COMPOSED = {
  /** seeds of the rendered people; those of fixtures, attacks and crowds are others */
  seeds: { train: { first: 61_001, count: 28 }, test: { first: 63_001, count: 10 } },
  /** seeds of the shops behind them */
  shops: { train: { first: 500, count: 60 }, test: { first: 900, count: 20 } },
  /** cut-outs: side in pixels, and pixels by which the body goes on below */
  head: { size: 240, below: 170 },
  expressions: ['neutral', 'neutral', 'smile', 'grin'] as readonly ExpressionName[],
  /** turns of a visitor's or a recorded head, degrees */
  yaws: [0, 0, -9, 9],
  /** the camera's picture, pixels; the cut-outs are relative to the eyes */
  frame: { width: 400, height: 300 },
  /** distance between the eyes over the frame's height */
  eyes: [0.08, 0.22],
  /** share of the visits with a telephone or a sheet in the hand, without a face on it */
  holding: 0.2,
  /** share of the attacks behind whose picture the attacker's body is seen */
  attacker: 0.55,
  /** share of the attacks whose fingers lie over the picture's edge */
  fingers: 0.6,
  /** share of the attacks on screens that are videos: the recorded head turns, blinks, smiles */
  video: 0.5,
} as const;

/** The eyes in a cut-out, as shares of its side: their distance, and how far they lie from its upper edge. */
export const HEAD_EYES = { distance: 0.172, top: 0.412 } as const;
/** How far the middle of the face lies below the eyes, in distances between them. */
export const FACE_MIDDLE = 0.52;
