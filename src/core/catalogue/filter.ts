import { type CatalogueFrame, COLOURS, type Colour, SHAPES, type Shape } from './catalogue.ts';
import { matchesSearch } from './search.ts';

/** How wide a frame is, or for how wide a face it is made. */
export const WIDTHS = ['narrow', 'medium', 'wide'] as const;
export type Width = (typeof WIDTHS)[number];

/**
 * Millimetres across the front from which a frame counts as medium, and as wide. Sellers' size guides draw the lines between 125
 * and 140; these are round numbers among them. `docs/decisions/032-what-fits-a-face.md`
 */
export const FRAME_WIDTHS = { medium: 130, wide: 140 } as const;

/** @param width of the front, millimetres */
export const widthOf = (width: number): Width =>
  width < FRAME_WIDTHS.medium ? 'narrow' : width < FRAME_WIDTHS.wide ? 'medium' : 'wide';

/** Prices from `from` and below `to`, Korean won; null: without end. */
export interface PriceBand {
  readonly from: number | null;
  readonly to: number | null;
}

/** Won to which the edges of price bands are rounded. */
const PRICE_STEP = 10_000;

/** Up to three bands with about as many frames in each. Fewer where prices are alike; none where one would hold all. */
export function priceBands(frames: readonly CatalogueFrame[]): readonly PriceBand[] {
  const prices = frames.map(({ price }) => price).sort((a, b) => a - b);
  const [lowest, highest] = [prices[0] ?? 0, prices.at(-1) ?? 0];
  const rounded = [1, 2].map((third) => {
    const price = prices[Math.floor((third * prices.length) / 3)] ?? 0;
    return Math.round(price / PRICE_STEP) * PRICE_STEP;
  });
  const edges = [...new Set(rounded)].filter((edge) => edge > lowest && edge <= highest);
  if (edges.length === 0) return [];
  return [null, ...edges].map((from, index) => ({ from, to: edges[index] ?? null }));
}

/** What a customer looks for; null: anything. */
export interface FrameFilter {
  readonly words: string;
  readonly shape: Shape | null;
  readonly colour: Colour | null;
  /** index into `priceBands` of the whole catalogue */
  readonly price: number | null;
  readonly width: Width | null;
}

export const NO_FILTER: FrameFilter = { words: '', shape: null, colour: null, price: null, width: null };

/** What can be chosen: only what some frame has. A list of fewer than two leaves nothing to choose. */
export interface FilterChoices {
  readonly shape: readonly Shape[];
  readonly colour: readonly Colour[];
  readonly price: readonly PriceBand[];
  readonly width: readonly Width[];
}

export const choicesOf = (frames: readonly CatalogueFrame[]): FilterChoices => ({
  shape: SHAPES.filter((one) => frames.some(({ shape }) => shape === one)),
  colour: COLOURS.filter((one) => frames.some(({ colour }) => colour === one)),
  price: priceBands(frames),
  width: WIDTHS.filter((one) => frames.some(({ width }) => width !== undefined && widthOf(width) === one)),
});

/** How many things are asked for at once. */
export const askedFor = ({ words, ...chosen }: FrameFilter): number =>
  Object.values(chosen).filter((one) => one !== null).length + (words.trim() === '' ? 0 : 1);

const inBand = (price: number, { from, to }: PriceBand): boolean =>
  (from === null || price >= from) && (to === null || price < to);

/** The frames that have everything that is asked for, in their order. A frame without a field is not found by it. */
export function filterFrames(
  frames: readonly CatalogueFrame[],
  { words, shape, colour, price, width }: FrameFilter,
): readonly CatalogueFrame[] {
  const band = price === null ? null : priceBands(frames)[price];
  return frames.filter(
    (frame) =>
      (shape === null || frame.shape === shape) &&
      (colour === null || frame.colour === colour) &&
      (!band || inBand(frame.price, band)) &&
      (width === null || (frame.width !== undefined && widthOf(frame.width) === width)) &&
      matchesSearch(frame, words),
  );
}
