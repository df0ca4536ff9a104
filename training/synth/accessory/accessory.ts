/** What is worn before the eyes. */
export type Eyewear = 'none' | 'glasses' | 'horn-rimmed' | 'sunglasses';

/** Everything worn on face and head. */
export interface Wear {
  readonly eyewear: Eyewear;
  readonly cap: boolean;
  readonly mask: boolean;
  /** picks shape and colour among those of its kind */
  readonly variant: number;
}

const NOTHING: Wear = { eyewear: 'none', cap: false, mask: false, variant: 0 };

/** Names for the combinations: K-FACE's six conditions first, then masks. */
export const WEAR = {
  bare: NOTHING,
  glasses: { ...NOTHING, eyewear: 'glasses' },
  'horn-rimmed': { ...NOTHING, eyewear: 'horn-rimmed' },
  sunglasses: { ...NOTHING, eyewear: 'sunglasses' },
  cap: { ...NOTHING, cap: true },
  'cap-horn-rimmed': { ...NOTHING, cap: true, eyewear: 'horn-rimmed' },
  mask: { ...NOTHING, mask: true },
  'mask-glasses': { ...NOTHING, mask: true, eyewear: 'glasses' },
  'mask-cap': { ...NOTHING, mask: true, cap: true },
} as const satisfies Record<string, Wear>;

export type WearName = keyof typeof WEAR;
export const WEAR_NAMES = Object.keys(WEAR) as WearName[];
