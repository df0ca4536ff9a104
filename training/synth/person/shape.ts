import type { LabelledRng } from '../labelled-rng.ts';
import { clamp } from '../math.ts';

export type Presentation = 'feminine' | 'masculine';

/** A drawn number: mean for each presentation, standard deviation, and the range it is clipped to. */
interface Trait {
  readonly f: number;
  readonly m: number;
  readonly sd: number;
  readonly low: number;
  readonly high: number;
}

const trait = (f: number, m: number, sd: number, low: number, high: number): Trait => ({
  f,
  m,
  sd,
  low,
  high,
});

/**
 * The face's measures. Lengths are in units of 100 mm, angles in radians, the rest are factors. Means follow adult
 * anthropometry (Farkas, Anthropometry of the Head and Face, 1994; Size Korea 2020), eyes a tenth larger, which
 * reads as friendly; spreads are wider than in people, so that small samples hold clearly different faces.
 */
export const TRAITS = {
  /** half the skull's width */
  headWidth: trait(0.74, 0.77, 0.028, 0.68, 0.84),
  headHeight: trait(0.78, 0.79, 0.035, 0.7, 0.87),
  foreheadWidth: trait(0.6, 0.62, 0.025, 0.54, 0.68),
  /** half the width of the middle face */
  cheekWidth: trait(0.655, 0.675, 0.03, 0.58, 0.75),
  cheekbone: trait(0.2, 0.2, 0.03, 0.13, 0.27),
  jawWidth: trait(0.47, 0.545, 0.055, 0.36, 0.67),
  /** height of the jaw's angle */
  jawHeight: trait(-0.6, -0.66, 0.05, -0.76, -0.5),
  chinWidth: trait(0.15, 0.2, 0.05, 0.07, 0.32),
  /** y of the lowest point of the chin */
  chinY: trait(-1.06, -1.14, 0.06, -1.28, -0.94),
  chinForward: trait(0, 0.01, 0.03, -0.06, 0.07),
  cheekFullness: trait(0.06, 0.035, 0.04, -0.04, 0.15),
  eyeX: trait(0.325, 0.33, 0.022, 0.28, 0.38),
  /** half the width of the opening */
  eyeWidth: trait(0.172, 0.164, 0.011, 0.145, 0.195),
  /** height of the upper lid above the corners' line */
  eyeOpen: trait(0.084, 0.073, 0.009, 0.055, 0.1),
  eyeTilt: trait(0.09, 0.07, 0.045, -0.03, 0.18),
  eyeDrop: trait(0.05, 0.045, 0.008, 0.03, 0.065),
  /** 0 single lid .. 1 deep crease */
  crease: trait(0.6, 0.35, 0.4, 0, 1),
  socket: trait(0.07, 0.09, 0.03, 0.02, 0.16),
  iris: trait(0.086, 0.081, 0.003, 0.076, 0.093),
  /** brow above the eye */
  browHeight: trait(0.222, 0.2, 0.02, 0.165, 0.265),
  browThickness: trait(0.034, 0.042, 0.006, 0.022, 0.06),
  browArch: trait(0.018, 0.012, 0.011, -0.005, 0.042),
  browTilt: trait(0.04, 0.05, 0.035, -0.03, 0.13),
  browLength: trait(0.36, 0.38, 0.03, 0.3, 0.45),
  browGap: trait(0.135, 0.125, 0.022, 0.08, 0.19),
  browDensity: trait(0.82, 0.9, 0.09, 0.6, 1),
  browRidge: trait(0.02, 0.055, 0.02, 0, 0.1),
  /** y of the point below the nose */
  noseY: trait(-0.43, -0.47, 0.045, -0.58, -0.34),
  noseWidth: trait(0.145, 0.17, 0.022, 0.105, 0.23),
  noseBridge: trait(0.02, 0.045, 0.028, -0.04, 0.11),
  noseTip: trait(0.115, 0.14, 0.025, 0.07, 0.2),
  noseTipSize: trait(0.085, 0.098, 0.012, 0.065, 0.125),
  noseTipUp: trait(0.035, 0.02, 0.022, -0.03, 0.08),
  /** from below the nose to the lips' line */
  philtrum: trait(0.185, 0.2, 0.02, 0.14, 0.25),
  /** half the width */
  mouthWidth: trait(0.245, 0.26, 0.02, 0.2, 0.31),
  upperLip: trait(0.055, 0.046, 0.01, 0.028, 0.08),
  lowerLip: trait(0.074, 0.062, 0.011, 0.04, 0.1),
  cupid: trait(0.55, 0.4, 0.25, 0, 1),
  muzzle: trait(0.03, 0.035, 0.025, -0.02, 0.09),
  earSize: trait(0.95, 1.05, 0.08, 0.8, 1.25),
  earOut: trait(0.36, 0.42, 0.12, 0.15, 0.7),
  neckWidth: trait(0.42, 0.53, 0.03, 0.37, 0.6),
  shoulder: trait(1.5, 1.78, 0.09, 1.3, 2),
  /** y of the hair's edge on the forehead */
  hairline: trait(0.66, 0.66, 0.045, 0.56, 0.78),
  /** how far the two halves differ */
  asymmetry: trait(0, 0, 0.012, -0.025, 0.025),
} as const satisfies Record<string, Trait>;

export type FaceShape = Readonly<Record<keyof typeof TRAITS, number>>;

/** Draws the measures; people from outside the common range get a higher bridge and a deeper socket. */
export function drawShape(rng: LabelledRng, presentation: Presentation, common: boolean): FaceShape {
  const shape: Partial<Record<keyof FaceShape, number>> = {};
  for (const key of Object.keys(TRAITS) as (keyof FaceShape)[]) {
    const { f, m, sd, low, high } = TRAITS[key];
    shape[key] = clamp(rng.normal(presentation === 'feminine' ? f : m, sd), low, high);
  }
  const drawn = shape as Record<keyof FaceShape, number>;
  if (!common) {
    drawn.noseBridge = Math.min(TRAITS.noseBridge.high, drawn.noseBridge + 0.035);
    drawn.socket = Math.min(TRAITS.socket.high, drawn.socket + 0.03);
    drawn.crease = Math.max(drawn.crease, 0.6);
    drawn.eyeTilt -= 0.05;
  }
  return drawn;
}
