import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { printModelFigures } from '../calibration/model-figures.ts';
import { teacherFigures } from '../calibration/teacher-figures.ts';

/** `validate`: figures on the people kept from training, for choosing between models and ways to use them. */
export function registerValidate(program: Command): void {
  program
    .command('validate')
    .description(
      'figures of a model on its recipe’s validation people, as they are and in drawn outfits, and what mirroring and a second gallery picture bring: to choose by, for none of them was trained on',
    )
    .option('--model <dirs...>', 'exported model folders', [])
    .option('--teacher <dirs...>', 'a teacher’s embeddings: what it makes of `distil`’s people itself', [])
    .requiredOption('--cache <dir>', 'aligned faces of the models’ own recipe')
    .option('--sets <names...>', 'with --teacher: sets of that cache (default: `distil`’s)')
    .action(validateAll);
}

async function validateAll(options: {
  model: string[];
  teacher: string[];
  cache: string;
  sets?: string[];
}): Promise<void> {
  const { model, teacher, cache, sets } = options;
  if (model.length + teacher.length === 0)
    throw new Error('There is nothing to validate: give --model DIR or --teacher DIR.');
  for (const folder of teacher) console.log(teacherFigures(folder, cache, sets).join('\n'));
  if (model.length > 0) await chooseBackend();
  for (const folder of model) await printModelFigures(folder, cache);
}
