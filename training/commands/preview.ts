import { writeFileSync } from 'node:fs';
import { createCanvas } from '@napi-rs/canvas';
import type { Command } from 'commander';
import { z } from 'zod';
import { AUGMENT_PRESETS, type AugmentConfig, OUTFITS, type Outfit } from '../augment/config.ts';
import { createAugmenter } from '../augment/pipeline.ts';
import { type AlignedSet, openAlignedSets } from '../cache/aligned-set.ts';
import { createRng } from '../util/rng.ts';

const optionsSchema = z.object({
  cache: z.string().min(1),
  sets: z.array(z.string()).min(1),
  out: z.string().endsWith('.png'),
  preset: z.enum(['none', 'light', 'basic', 'full']),
  faces: z.coerce.number().int().min(1).max(40),
  rows: z.coerce.number().int().min(0).max(20),
  only: z.string().optional(),
  size: z.coerce.number().int().min(32).max(144),
  seed: z.coerce.number().int(),
});
type PreviewOptions = z.infer<typeof optionsSchema>;

/** `preview`: a contact sheet of every outfit, and of whole augmentations, on faces of a cache. */
export function registerPreview(program: Command): void {
  program
    .command('preview')
    .description('contact sheet of the drawn accessories and of the augmentation')
    .requiredOption('--cache <dir>', 'aligned cache')
    .requiredOption('--sets <names...>', 'cached sets to take faces from')
    .requiredOption(
      '--out <file.png>',
      'where the sheet goes; keep it outside the repository, it shows real people',
    )
    .option('--preset <name>', 'preset of the last rows: none, light, basic, full', 'full')
    .option('--faces <n>', 'faces across', '10')
    .option('--rows <n>', 'rows of whole augmentations', '3')
    .option('--only <outfit>', 'one outfit in every row, or occluder, fringe')
    .option('--size <pixels>', 'side of a picture', '144')
    .option('--seed <n>', 'another seed, other draws', '1')
    .action((options: unknown) => writeSheet(optionsSchema.parse(options)));
}

/** What one row of the sheet shows. */
interface Row {
  readonly title: string;
  readonly config: AugmentConfig;
}

const LABEL_WIDTH = 130;

function writeSheet(options: PreviewOptions): void {
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
  process.stdout.write(`${rows.length} rows of ${faces.length} faces written to ${options.out}\n`);
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

const extraRow = (title: 'occluder' | 'fringe'): Row => ({ title, config: dressed({ [title]: 1 }) });

function allRows({ preset, rows }: PreviewOptions): Row[] {
  const whole: Row = { title: preset, config: AUGMENT_PRESETS[preset] };
  return [
    ...OUTFITS.map(outfitRow),
    extraRow('occluder'),
    extraRow('fringe'),
    ...Array<Row>(rows).fill(whole),
  ];
}

function onlyRows(name: string, rows: number): Row[] {
  const row =
    name === 'occluder' || name === 'fringe' ? extraRow(name) : outfitRow(z.enum(OUTFITS).parse(name));
  return Array<Row>(Math.max(1, rows)).fill(row);
}
