import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { Command } from 'commander';
import { AUGMENT_PRESETS } from '../augment/config.ts';
import { createPrefetcher } from '../augment/pipeline/prefetch.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { HEAD_FIT } from '../model/accessories/config.ts';
import { fitHead } from '../model/accessories/fit.ts';
import { type AccessoryFigures, judge, thresholdsFor } from '../model/accessories/judge.ts';
import { allViews, labelledPictures } from '../model/accessories/pictures.ts';
import { writeHead } from '../model/accessories/write-head.ts';
import { writeManifest } from '../model/export.ts';
import { readModelFolder } from '../model/model-folder.ts';
import { featuresBy } from '../model/refit/features.ts';

/** `accessories`: fits the accessory head. */
export function registerAccessories(program: Command): void {
  program
    .command('accessories')
    .description(
      'fit the head that tells what a face wears, on a model’s features, and write it into its folder',
    )
    .requiredOption('--model <dir>', 'exported model folder, after `refit`')
    .requiredOption('--cache <dir>', 'aligned faces of the model’s own recipe')
    .requiredOption(
      '--labels <set=file.tsv...>',
      'what a set’s photographs show: path, then 0 or 1 for each accessory',
    )
    .action(fitAccessories);
}

async function fitAccessories(options: { model: string; cache: string; labels: string[] }): Promise<void> {
  await chooseBackend();
  const { manifest, weights } = readModelFolder(options.model);
  const { train, validation, sets } = labelledPictures(options.cache, manifest, options.labels);
  const network = new InferenceNetwork(
    planNetwork(manifest.architecture),
    unpackWeights(manifest.tensors, weights),
  );
  const features = featuresBy(network, manifest.input, 'means');
  const prefetcher = createPrefetcher({
    cacheDir: options.cache,
    sets,
    augment: AUGMENT_PRESETS.none,
    size: manifest.input.size,
  });
  const [fitting, trying] = [
    await allViews(features, prefetcher, train, 1),
    await allViews(features, prefetcher, validation, 1_000_000),
  ];
  await prefetcher.close();
  network.dispose();
  console.log(`${fitting.length} views to fit, ${trying.length} of validation people to try.`);
  const head = await fitHead(fitting, HEAD_FIT);
  const thresholds = thresholdsFor(head, trying, HEAD_FIT.falseAlarms);
  const figures = judge(head, trying, thresholds);
  printFigures(figures);
  const entry = writeHead(options.model, head, thresholds);
  const metrics = { ...manifest.metrics, 'accessories of validation people': metricsOf(figures) };
  writeManifest(options.model, { ...manifest, accessories: entry, metrics });
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function printFigures(figures: readonly AccessoryFigures[]): void {
  for (const { accessory, source, worn, recall, bare, falseAlarms } of figures)
    console.log(
      `${accessory} (${source}): ${percent(recall)} of ${worn} seen; ${percent(falseAlarms)} of ${bare} without it taken to wear it`,
    );
}

const metricsOf = (figures: readonly AccessoryFigures[]): Record<string, number> =>
  Object.fromEntries(
    figures.flatMap(({ accessory, source, recall, falseAlarms }) => [
      [`${accessory} ${source} recall`, Number(recall.toFixed(4))],
      [`${accessory} ${source} false alarms`, Number(falseAlarms.toFixed(4))],
    ]),
  );
