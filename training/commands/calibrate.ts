import type { ScoreSpread } from '@rounz/core/model/manifest.ts';
import type { Command } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { strangersOf } from '../calibration/strangers.ts';
import { CALIBRATION, calibrationRows, calibrationSets } from '../calibration/thresholds.ts';
import { writeManifest } from '../model/export.ts';
import { openEmbedder } from '../model/model-folder.ts';
import { trainConfigSchema } from '../recipes/schema.ts';

const inWords = ({ mean, deviation }: ScoreSpread): string =>
  `mean ${mean.toFixed(3)} and deviation ${deviation.toFixed(3)}`;

/** `calibrate`: thresholds from the scores of strangers. */
export function registerCalibrate(program: Command): void {
  program
    .command('calibrate')
    .description('write thresholds by target FPIR and gallery size into a model’s manifest')
    .requiredOption('--model <dir>', 'exported model folder')
    .requiredOption(
      '--cache <dir>',
      'aligned faces; the validation people of the model’s own recipe are used',
    )
    .option(
      '--sets <names...>',
      'sets of the recipe whose validation people count (default: all but rendered ones)',
    )
    .action(async (options: { model: string; cache: string; sets?: string[] }) => {
      await chooseBackend();
      const { manifest, embedder } = openEmbedder(options.model);
      const config = trainConfigSchema.parse(manifest.training.recipe);
      const counted = options.sets ?? calibrationSets(config.data.sets);
      const foreign = counted.filter((set) => !config.data.sets.includes(set));
      if (foreign.length > 0)
        throw new Error(
          `${foreign.join(', ')} is no set of the model’s recipe; it was trained on ${config.data.sets.join(', ')}.`,
        );
      const { scores, impostors, sets } = await strangersOf(embedder, options.cache, config, counted);
      embedder.dispose();
      const calibration = calibrationRows(scores);
      writeManifest(options.model, { ...manifest, calibration, impostors });
      const normal = calibration.find((row) => row.targetFpir === 0.01 && row.gallerySize === 1000);
      console.log(
        `${scores.length} impostor scores between people of ${sets.join(', ')}; threshold ${normal?.threshold.toFixed(3)} for FPIR 1 % at 1,000 people.`,
      );
      console.log(
        `Between their bare pictures, on Fisher's scale: ${inWords(impostors.all)} of all pairs, ${inWords(impostors.lookalikes)} of the ${CALIBRATION.lookalikeShare * 100} % that look most alike.`,
      );
    });
}
