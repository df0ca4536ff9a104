import { type Command, InvalidArgumentError } from 'commander';
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
    .option(
      '--accessories <set=file.tsv...>',
      'with --teacher: which pictures of a set are covered, to compare them with bare ones',
      [],
    )
    .option(
      '--shares <lengths>',
      'with several --teacher folders: also their embeddings side by side, of these lengths (1,1.5,0.7)',
      parseShares,
    )
    .action(validateAll);
}

async function validateAll(options: {
  model: string[];
  teacher: string[];
  cache: string;
  sets?: string[];
  accessories: string[];
  shares?: readonly number[];
}): Promise<void> {
  const { model, teacher, cache, sets, accessories, shares } = options;
  if (model.length + teacher.length === 0)
    throw new Error('There is nothing to validate: give --model DIR or --teacher DIR.');
  if (teacher.length > 0)
    console.log(teacherFigures(teacher, { cache, sets, accessories, shares }).join('\n'));
  if (model.length > 0) await chooseBackend();
  for (const folder of model) await printModelFigures(folder, cache);
}

/** @throws InvalidArgumentError that names what was expected */
function parseShares(text: string): number[] {
  const shares = text.split(',').map(Number);
  if (!shares.every((share) => share > 0 && Number.isFinite(share)))
    throw new InvalidArgumentError('It takes lengths above 0, separated by commas: 1,1.5,0.7.');
  return shares;
}
