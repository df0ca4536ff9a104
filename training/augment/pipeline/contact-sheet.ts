import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import { createRng } from '@rounz/core/math/random.ts';
import { type AlignedSet, openAlignedSets } from '../../cache/aligned-set.ts';
import { AUGMENT_PRESETS, type AugmentConfig, type AugmentPreset, OUTFITS, type Outfit } from '../config.ts';
import { createAugmenter } from './pipeline.ts';

/** What a row may show on its own. */
export const EXTRAS = ['occluder', 'fringe'] as const;

export interface SheetOptions {
  /** aligned faces, and the sets of them that are shown */
  readonly cache: string;
  readonly sets: readonly string[];
  /** a PNG file */
  readonly out: string;
  readonly preset: AugmentPreset;
  /** faces across */
  readonly faces: number;
  /** rows of whole augmentations, or of `only` */
  readonly rows: number;
  readonly only?: Outfit | (typeof EXTRAS)[number];
  /** side of a picture, pixels */
  readonly size: number;
  readonly seed: number;
}

/** What one row of the sheet shows. */
interface Row {
  readonly title: string;
  readonly config: AugmentConfig;
}

const LABEL_WIDTH = 130;

/** Draws faces of a cache in every outfit and under whole augmentations. @returns rows */
export function writeSheet(options: SheetOptions): number {
  const sets = openAlignedSets(options.cache, options.sets);
  const faces = chooseFaces(sets, options.faces, options.seed);
  const rows = options.only === undefined ? allRows(options) : onlyRows(options.only, options.rows);
  const { size } = options;
  const canvas = createCanvas(LABEL_WIDTH + faces.length * size, rows.length * size);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = 'black';
  context.font = '13px sans-serif';
  rows.forEach(({ title, config }, row) => {
    context.fillText(title, 4, row * size + size / 2);
    const augmenter = createAugmenter(config);
    faces.forEach(({ set, index }, column) => {
      const rng = createRng(options.seed * 1_000_003 + row * 1009 + column);
      const { pixels } = augmenter.augment(set.readCrop(index), set.readMesh(index), rng, size);
      const image = context.createImageData(size, size);
      for (let i = 0; i < size * size; i++) {
        image.data.set(pixels.subarray(i * 3, i * 3 + 3), i * 4);
        image.data[i * 4 + 3] = 255;
      }
      context.putImageData(image, LABEL_WIDTH + column * size, row * size);
    });
  });
  writeFileSync(options.out, canvas.toBuffer('image/png'));
  for (const set of sets) set.close();
  return rows.length;
}

function chooseFaces(sets: readonly AlignedSet[], count: number, seed: number) {
  const rng = createRng(seed);
  return Array.from({ length: count }, () => {
    const set = rng.pick(sets);
    return { set, index: rng.below(set.count) };
  });
}

const dressed = (accessories: Partial<AugmentConfig['accessories']>): AugmentConfig => ({
  ...AUGMENT_PRESETS.none,
  accessories: { ...AUGMENT_PRESETS.none.accessories, ...accessories },
});

function outfitRow(outfit: Outfit): Row {
  const outfits = Object.fromEntries(OUTFITS.map((name) => [name, name === outfit ? 1 : 0])) as Record<
    Outfit,
    number
  >;
  return { title: outfit, config: dressed({ probability: 1, outfits }) };
}

const extraRow = (title: (typeof EXTRAS)[number]): Row => ({ title, config: dressed({ [title]: 1 }) });

function allRows({ preset, rows }: SheetOptions): Row[] {
  const whole: Row = { title: preset, config: AUGMENT_PRESETS[preset] };
  return [
    ...OUTFITS.map(outfitRow),
    extraRow('occluder'),
    extraRow('fringe'),
    ...Array<Row>(rows).fill(whole),
  ];
}

function onlyRows(name: Outfit | (typeof EXTRAS)[number], rows: number): Row[] {
  const row = name === 'occluder' || name === 'fringe' ? extraRow(name) : outfitRow(name);
  return Array<Row>(Math.max(1, rows)).fill(row);
}
