import { type Command, Option } from 'commander';
import { AUGMENT_PRESETS, OUTFITS } from '../augment/config.ts';
import { EXTRAS, type SheetOptions, writeSheet } from '../augment/pipeline/contact-sheet.ts';
import { wholeNumber } from '../util/options.ts';

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
    .addOption(
      new Option('--preset <name>', 'preset of the last rows')
        .choices(Object.keys(AUGMENT_PRESETS))
        .default('full'),
    )
    .option('--faces <n>', 'faces across', wholeNumber({ from: 1, to: 40 }), 10)
    .option('--rows <n>', 'rows of whole augmentations', wholeNumber({ from: 0, to: 20 }), 3)
    .addOption(new Option('--only <name>', 'one outfit in every row').choices([...OUTFITS, ...EXTRAS]))
    .option('--size <pixels>', 'side of a picture', wholeNumber({ from: 32, to: 144 }), 144)
    .option('--seed <n>', 'another seed, other draws', wholeNumber(), 1)
    .action((options: SheetOptions) => {
      const rows = writeSheet(options);
      process.stdout.write(`${rows} rows of ${options.faces} faces written to ${options.out}\n`);
    });
}
