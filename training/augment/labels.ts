/** What was drawn on a face. What the photograph itself shows is not known here. */
export interface DrawnAccessories {
  /** lenses that show the eyes */
  readonly glasses: boolean;
  readonly sunglasses: boolean;
  readonly hat: boolean;
  readonly mask: boolean;
}

/** Order of the labels of a batch. */
export const ACCESSORY_LABELS = [
  'glasses',
  'sunglasses',
  'hat',
  'mask',
] as const satisfies (keyof DrawnAccessories)[];

export const NO_ACCESSORIES: DrawnAccessories = {
  glasses: false,
  sunglasses: false,
  hat: false,
  mask: false,
};
