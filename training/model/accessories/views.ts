import { ACCESSORIES, type Accessory } from '@rounz/core/model/accessories.ts';
import type { AugmentPreset } from '../../augment/config.ts';
import { ACCESSORY_LABELS } from '../../augment/labels.ts';
import type { Prefetcher } from '../../augment/pipeline/prefetch.ts';
import type { WornLabels } from '../../data/accessories.ts';
import { isRenderedSet } from '../../data/rendered.ts';
import type { EmbedPixels } from '../../samples/embed-samples.ts';
import type { Labels, View } from './fit.ts';

/** A picture of which it is known what the photograph itself shows. */
export interface LabelledPicture {
  readonly set: string;
  readonly index: number;
  readonly worn: WornLabels;
}

/** Where what is worn comes from: the photograph itself, drawn onto it, or a rendered person. */
export const VIEW_SOURCES = ['real', 'drawn', 'rendered'] as const;
export type ViewSource = (typeof VIEW_SOURCES)[number];

/** A view with where its labels come from. */
export interface NamedView extends View {
  readonly source: ViewSource;
}

/** Columns of a label file, by accessory. Files that tell sunglasses from glasses say so in a column of their own. */
const COLUMNS: Readonly<Record<Accessory, readonly string[]>> = {
  eyewear: ['eyewear', 'eyeglasses', 'glasses', 'sunglasses'],
  sunglasses: ['sunglasses'],
  hat: ['hat'],
  mask: ['mask'],
};

/** What is drawn, by accessory. */
const DRAWN: Readonly<Record<Accessory, readonly (typeof ACCESSORY_LABELS)[number][]>> = {
  eyewear: ['glasses', 'sunglasses'],
  sunglasses: ['sunglasses'],
  hat: ['hat'],
  mask: ['mask'],
};

/**
 * What a view shows: what was drawn, and else what the photograph is known to show. Where the file has no column for
 * sunglasses they are unknown on whoever wears glasses; what no column speaks of (a mask, before 2020) is taken as not worn.
 */
export function labelsOf(worn: WornLabels, drawn: ReadonlySet<string>): Labels {
  const real = (accessory: Accessory): boolean => COLUMNS[accessory].some((name) => worn.get(name) === true);
  return ACCESSORIES.map((accessory) => {
    if (DRAWN[accessory].some((label) => drawn.has(label)) || real(accessory)) return 1;
    const unknown = accessory === 'sunglasses' && !worn.has('sunglasses') && real('eyewear');
    return unknown ? null : 0;
  });
}

/** Pictures whose features are computed together. */
const BATCH = 64;

/** Features and labels of pictures under an augmentation, in their order. */
export async function viewsOf(
  features: EmbedPixels,
  prefetcher: Prefetcher,
  pictures: readonly LabelledPicture[],
  preset: AugmentPreset,
  firstSeed: number,
): Promise<NamedView[]> {
  const views: NamedView[] = [];
  for (let start = 0; start < pictures.length; start += BATCH) {
    const part = pictures.slice(start, start + BATCH);
    const requests = part.map(({ set, index }, i) => ({ set, index, seed: firstSeed + start + i, preset }));
    const { pixels, accessories } = await prefetcher.request(requests);
    const rows = await features(pixels, part.length);
    rows.forEach((row, i) => {
      const drawn = new Set(
        ACCESSORY_LABELS.filter((_, label) => accessories[i * ACCESSORY_LABELS.length + label] === 1),
      );
      const { worn, set } = part[i]!;
      const source = isRenderedSet(set) ? 'rendered' : drawn.size > 0 ? 'drawn' : 'real';
      views.push({ features: row, labels: labelsOf(worn, drawn), source });
    });
  }
  return views;
}
