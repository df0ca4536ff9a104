import type { Rgb } from '../math.ts';

/** How a lock of one region grows. Lengths and offsets in units of 100 mm. */
export interface LockStyle {
  /** arc length */
  readonly length: number;
  /** weight of the direction away from the crown */
  readonly radial: number;
  /** weight of the direction away from the parting */
  readonly aside: number;
  /** weight of the direction to the front (negative: swept back) */
  readonly forward: number;
  /** weight of the direction away from the skin: volume at the root */
  readonly lift: number;
  /** pull downwards for each unit of length */
  readonly gravity: number;
  /** sideways swing of a lock, in units, and swings for each unit of length */
  readonly wave: number;
  readonly waveRate: number;
  /** widest half-width of a lock */
  readonly width: number;
  /** share of possible roots that grow a lock */
  readonly density: number;
}

/** A cut: what grows where, and who wears it. */
export interface Cut {
  /** thickness of the closed mass under the locks on top, at the sides, at the back */
  readonly shell: { readonly top: number; readonly side: number; readonly back: number };
  readonly fringe: LockStyle;
  readonly top: LockStyle;
  readonly side: LockStyle;
  readonly back: LockStyle;
  /** x of the parting at the forehead (positive on the part's side); 0 in the middle; null without one */
  readonly part: number | null;
  /** raises the hair's edge on the forehead */
  readonly recede: number;
  /** half-width of the window that hanging hair leaves for the face */
  readonly window: number;
  /** a tail or bun behind */
  readonly tied: 'none' | 'tail' | 'bun';
  /** frizz of the strands, 0..1 */
  readonly curl: number;
  readonly feminine: number;
  readonly masculine: number;
  readonly ages: readonly [from: number, to: number];
}

const base: LockStyle = {
  length: 0.6,
  radial: 1,
  aside: 0,
  forward: 0,
  lift: 0.25,
  gravity: 1.2,
  wave: 0.012,
  waveRate: 1.5,
  width: 0.075,
  density: 1,
};
const lock = (changes: Partial<LockStyle>): LockStyle => ({ ...base, ...changes });
const stubble = lock({ length: 0.14, lift: 0, gravity: 2.4, width: 0.03 });

const shared = {
  part: null,
  recede: 0,
  window: 0.62,
  tied: 'none',
  curl: 0,
  feminine: 0,
  masculine: 0,
  ages: [0, 120],
} as const;

/** The cuts. Weights are relative; a cut of weight 0 is never drawn for that presentation. */
export const CUTS = {
  dandy: {
    ...shared,
    shell: { top: 0.1, side: 0.035, back: 0.06 },
    fringe: lock({
      length: 0.72,
      radial: 0.1,
      forward: 1,
      lift: 0.3,
      gravity: 1.7,
      aside: 0.15,
      width: 0.055,
    }),
    top: lock({ length: 0.6, radial: 0.6, forward: 0.7, lift: 0.2, width: 0.06 }),
    side: lock({ length: 0.26, gravity: 2, width: 0.045, lift: 0.05 }),
    back: lock({ length: 0.42, gravity: 1.4, lift: 0.1 }),
    masculine: 3,
    ages: [15, 45],
  },
  comma: {
    ...shared,
    part: 0.2,
    shell: { top: 0.12, side: 0.035, back: 0.06 },
    fringe: lock({
      length: 0.66,
      radial: 0,
      aside: 0.9,
      forward: 0.75,
      lift: 0.6,
      gravity: 1.9,
      width: 0.065,
    }),
    top: lock({ length: 0.62, aside: 0.6, radial: 0.7, lift: 0.22, width: 0.065 }),
    side: lock({ length: 0.26, gravity: 2, width: 0.045, lift: 0.05 }),
    back: lock({ length: 0.4, lift: 0.2 }),
    masculine: 3,
    ages: [17, 60],
  },
  swept: {
    ...shared,
    part: 0.32,
    shell: { top: 0.1, side: 0.03, back: 0.05 },
    fringe: lock({
      length: 0.6,
      radial: 0,
      aside: 0.75,
      forward: -0.7,
      lift: 0.4,
      gravity: 0.5,
      width: 0.05,
    }),
    top: lock({ length: 0.5, aside: 0.8, forward: -0.6, radial: 0.2, lift: 0.1, gravity: 0.6, width: 0.055 }),
    side: lock({ length: 0.24, forward: -0.4, gravity: 1.6, width: 0.04, lift: 0.02 }),
    back: lock({ length: 0.36, lift: 0.12 }),
    masculine: 2.6,
    ages: [28, 90],
  },
  crop: {
    ...shared,
    shell: { top: 0.07, side: 0.02, back: 0.03 },
    fringe: lock({ length: 0.24, radial: 0, forward: 0.9, lift: 0.55, gravity: 0.6, width: 0.035 }),
    top: lock({ length: 0.24, radial: 0.6, forward: 0.5, lift: 0.45, gravity: 0.8, width: 0.04 }),
    side: stubble,
    back: stubble,
    masculine: 2.2,
    ages: [16, 75],
  },
  buzz: {
    ...shared,
    shell: { top: 0.03, side: 0.018, back: 0.022 },
    fringe: lock({ density: 0 }),
    top: lock({ density: 0 }),
    side: lock({ density: 0 }),
    back: lock({ density: 0 }),
    curl: 0.3,
    masculine: 0.8,
    ages: [16, 70],
  },
  receding: {
    ...shared,
    recede: 0.2,
    part: 0.36,
    shell: { top: 0.045, side: 0.035, back: 0.05 },
    fringe: lock({
      length: 0.42,
      radial: 0,
      aside: 0.9,
      forward: -0.4,
      lift: 0.25,
      gravity: 0.4,
      width: 0.05,
    }),
    top: lock({ length: 0.42, aside: 0.9, lift: 0.15, width: 0.055 }),
    side: lock({ length: 0.24, gravity: 1.3, width: 0.05, lift: 0.1 }),
    back: lock({ length: 0.3, lift: 0.1 }),
    masculine: 1.8,
    ages: [45, 99],
  },
  curtain: {
    ...shared,
    part: 0.02,
    shell: { top: 0.12, side: 0.07, back: 0.09 },
    fringe: lock({ length: 0.82, radial: 0, aside: 1, forward: 0.55, lift: 0.75, gravity: 1.8, width: 0.08 }),
    top: lock({ length: 0.85, aside: 0.9, radial: 0.5, lift: 0.35 }),
    side: lock({ length: 0.55, gravity: 1.6, lift: 0.2 }),
    back: lock({ length: 0.65, lift: 0.2 }),
    window: 0.52,
    masculine: 1.6,
    ages: [16, 38],
  },
  perm: {
    ...shared,
    shell: { top: 0.16, side: 0.09, back: 0.1 },
    fringe: lock({
      length: 0.5,
      forward: 0.9,
      radial: 0.2,
      lift: 0.5,
      gravity: 1.3,
      wave: 0.035,
      waveRate: 3,
      width: 0.055,
    }),
    top: lock({ length: 0.45, lift: 0.45, gravity: 1, wave: 0.045, waveRate: 3, width: 0.06 }),
    side: lock({ length: 0.3, lift: 0.2, gravity: 1.8, wave: 0.035, waveRate: 3, width: 0.05 }),
    back: lock({ length: 0.42, lift: 0.4, wave: 0.05, waveRate: 4, width: 0.06 }),
    curl: 1,
    masculine: 1.2,
    feminine: 0.7,
    ages: [18, 99],
  },
  straight: {
    ...shared,
    part: 0.03,
    shell: { top: 0.09, side: 0.06, back: 0.09 },
    fringe: lock({
      length: 2.3,
      radial: 0,
      aside: 1,
      forward: 0.15,
      lift: 0.42,
      gravity: 2.4,
      width: 0.085,
      wave: 0.014,
    }),
    top: lock({ length: 2.3, aside: 1, radial: 0.4, lift: 0.25, gravity: 2.2, width: 0.09 }),
    side: lock({ length: 1.9, gravity: 2.4, lift: 0.2, width: 0.09 }),
    back: lock({ length: 1.9, gravity: 2.2, lift: 0.15, width: 0.1 }),
    window: 0.63,
    feminine: 2.4,
    ages: [15, 50],
  },
  bangs: {
    ...shared,
    shell: { top: 0.1, side: 0.07, back: 0.09 },
    fringe: lock({ length: 0.76, radial: 0.05, forward: 1, lift: 0.25, gravity: 1.9, width: 0.045 }),
    top: lock({ length: 2.2, aside: 0.6, radial: 0.8, lift: 0.25, gravity: 2.2, width: 0.09 }),
    side: lock({ length: 1.85, gravity: 2.4, lift: 0.2, width: 0.09 }),
    back: lock({ length: 1.8, gravity: 2.2, lift: 0.15, width: 0.1 }),
    window: 0.62,
    feminine: 2.2,
    ages: [15, 45],
  },
  wavy: {
    ...shared,
    part: 0.2,
    shell: { top: 0.13, side: 0.09, back: 0.11 },
    fringe: lock({
      length: 2,
      radial: 0,
      aside: 1,
      forward: 0.3,
      lift: 0.75,
      gravity: 2,
      wave: 0.06,
      waveRate: 1.5,
      width: 0.085,
    }),
    top: lock({
      length: 2,
      aside: 0.9,
      radial: 0.4,
      lift: 0.4,
      gravity: 1.9,
      wave: 0.06,
      waveRate: 1.5,
      width: 0.09,
    }),
    side: lock({ length: 1.7, gravity: 2, lift: 0.3, wave: 0.07, waveRate: 1.5, width: 0.09 }),
    back: lock({ length: 1.7, gravity: 2, lift: 0.25, wave: 0.06, waveRate: 1.5, width: 0.1 }),
    window: 0.6,
    feminine: 2.4,
    ages: [18, 60],
  },
  bob: {
    ...shared,
    part: 0.22,
    shell: { top: 0.11, side: 0.08, back: 0.1 },
    fringe: lock({ length: 1.42, radial: 0, aside: 1, forward: 0.25, lift: 0.5, gravity: 2.3, width: 0.08 }),
    top: lock({ length: 1.45, aside: 0.9, radial: 0.4, lift: 0.3, gravity: 2.2, width: 0.085 }),
    side: lock({ length: 1.05, gravity: 2.3, lift: 0.3, width: 0.085 }),
    back: lock({ length: 1.05, gravity: 2, lift: 0.25, width: 0.09 }),
    window: 0.6,
    feminine: 2.4,
    ages: [18, 75],
  },
  bobBangs: {
    ...shared,
    shell: { top: 0.12, side: 0.09, back: 0.1 },
    fringe: lock({ length: 0.72, radial: 0.05, forward: 1, lift: 0.28, gravity: 1.9, width: 0.045 }),
    top: lock({ length: 1.4, aside: 0.5, radial: 0.9, lift: 0.3, gravity: 2.2, width: 0.085 }),
    side: lock({ length: 1.02, gravity: 2.2, lift: 0.3, width: 0.085 }),
    back: lock({ length: 1.02, gravity: 2, lift: 0.25, width: 0.09 }),
    window: 0.61,
    feminine: 1.8,
    ages: [15, 50],
  },
  pixie: {
    ...shared,
    part: 0.3,
    shell: { top: 0.13, side: 0.06, back: 0.07 },
    fringe: lock({ length: 0.7, radial: 0, aside: 1, forward: 0.5, lift: 0.4, gravity: 1.8, width: 0.055 }),
    top: lock({ length: 0.6, aside: 0.6, radial: 0.7, lift: 0.25, gravity: 1.5, width: 0.055 }),
    side: lock({ length: 0.5, gravity: 1.6, lift: 0.25, forward: 0.3, width: 0.055 }),
    back: lock({ length: 0.45, lift: 0.25, width: 0.06 }),
    feminine: 1.2,
    ages: [20, 99],
  },
  tail: {
    ...shared,
    part: 0.06,
    shell: { top: 0.07, side: 0.04, back: 0.06 },
    fringe: lock({ length: 0.5, radial: 0, aside: 0.6, forward: -1, lift: 0, gravity: 0.3, width: 0.035 }),
    top: lock({ length: 0.45, radial: 0, aside: 0.2, forward: -1, lift: 0, gravity: 0.3, width: 0.035 }),
    side: lock({ density: 0 }),
    back: lock({ density: 0 }),
    tied: 'tail',
    feminine: 1.8,
    ages: [15, 60],
  },
  bun: {
    ...shared,
    part: 0.12,
    shell: { top: 0.08, side: 0.045, back: 0.06 },
    fringe: lock({ length: 0.5, radial: 0, aside: 0.8, forward: -0.7, lift: 0, gravity: 0.4, width: 0.035 }),
    top: lock({ length: 0.45, radial: 0, aside: 0.4, forward: -1, lift: 0, gravity: 0.3, width: 0.035 }),
    side: lock({ density: 0 }),
    back: lock({ density: 0 }),
    tied: 'bun',
    feminine: 1.2,
    ages: [22, 99],
  },
} as const satisfies Record<string, Cut>;

export type CutName = keyof typeof CUTS;

/** A person's hair. */
export interface HairSpec {
  readonly cut: CutName;
  readonly colour: Rgb;
  /** which side the parting is on in the picture */
  readonly partSide: 1 | -1;
  /** factors around 1 */
  readonly length: number;
  readonly volume: number;
  readonly wave: number;
  readonly seed: number;
}
