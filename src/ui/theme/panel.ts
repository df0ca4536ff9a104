/**
 * Physical sizes. The kiosk rules count millimetres, a page knows pixels: between them stands the screen's diagonal, which
 * no browser tells. Assumed is a 32-inch panel, the common size of a standing kiosk; the set-up names another.
 */
export interface Screen {
  /** diagonal */
  readonly inches: number;
  /** CSS pixels of the whole screen */
  readonly width: number;
  readonly height: number;
}

export const KIOSK_RULES = {
  /** millimetres of a Hangul syllable, on a screen of usual and of small size */
  textHeight: { usual: 12, small: 7.25 },
  /** inches below which a screen counts as small: what is held in a hand or stands on a counter */
  smallBelow: 15,
  /** millimetres, both sides of whatever can be touched */
  touchSide: 20,
  /** centimetres above the floor: nothing that is touched in the low position may be higher */
  reach: 120,
  contrast: 4.5,
} as const;

/** Where a standing kiosk's 32-inch portrait panel hangs: centimetres from the floor to its lower edge. */
export const PANEL_LOWER_EDGE = 80;

/** Share of a standing screen's height, from below, in which everything lies that is touched in the low position. */
export const LOW_POSITION = 0.56;

/**
 * How high one has to reach in the low position, centimetres above the floor. A lying screen is not lowered: its whole height.
 *
 * @param lowerEdge of the screen, centimetres above the floor
 */
export function highestTouch(screen: Screen, lowerEdge: number): number {
  const { width, height } = screen;
  const share = height >= width ? LOW_POSITION : 1;
  return lowerEdge + (share * height * millimetresPerPixel(screen)) / 10;
}

/** Height of the syllable 한 over the font size, as Pretendard draws it; the browser tests measure it. */
export const HANGUL_HEIGHT = 0.85;

/** The smallest text's size in rem; `tokens.css` says the same and `theme.test.ts` holds them together. */
export const SMALLEST_TEXT = 2.5;

export const millimetresPerPixel = ({ inches, width, height }: Screen): number =>
  (inches * 25.4) / Math.hypot(width, height);

/** CSS pixels of 1rem before any enlargement; `tokens.css` computes the same. */
export function restingRem({ width, height }: Screen): number {
  return height >= width
    ? Math.max(6, Math.min(0.014815 * width, 0.008333 * height))
    : Math.max(7, Math.min(0.008333 * width, 0.014815 * height));
}

export const requiredTextHeight = ({ inches }: Screen): number =>
  inches < KIOSK_RULES.smallBelow ? KIOSK_RULES.textHeight.small : KIOSK_RULES.textHeight.usual;

/** By what everything has to grow so that the smallest text is as high as the rules ask; 1 where it is already. */
export function enlargementFor(screen: Screen): number {
  const syllable = SMALLEST_TEXT * restingRem(screen) * HANGUL_HEIGHT * millimetresPerPixel(screen);
  return Math.max(1, Math.ceil((100 * requiredTextHeight(screen)) / syllable) / 100);
}
