import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCESSORIES, type AccessoryHeadEntry } from '@rounz/core/model/accessories.ts';
import { HEAD_BIAS, HEAD_KERNEL } from '@rounz/core/model/accessory-head.ts';
import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { packWeights, unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { Command } from 'commander';
import { AUGMENT_PRESETS } from '../augment/config.ts';
import { createPrefetcher, type Prefetcher } from '../augment/pipeline/prefetch.ts';
import { chooseBackend } from '../backend/ladder.ts';
import { alignedFiles, openAlignedSets } from '../cache/aligned-set.ts';
import { readWornLabels } from '../data/accessories.ts';
import { HEAD_FIT } from '../model/accessories/config.ts';
import { fitHead, type HeadWeights } from '../model/accessories/fit.ts';
import { type AccessoryFigures, judge, thresholdsFor } from '../model/accessories/judge.ts';
import { type LabelledPicture, type NamedView, viewsOf } from '../model/accessories/views.ts';
import { writeManifest } from '../model/export.ts';
import { readModelFolder, sha256 } from '../model/model-folder.ts';
import { featuresBy } from '../model/refit/features.ts';
import { trainConfigSchema } from '../recipes/schema.ts';
import type { EmbedPixels } from '../samples/embed-samples.ts';
import { type Sample, splitSamples } from '../samples/samples.ts';

const FILE = 'accessories.bin';

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

function labelledPictures(cache: string, manifest: Manifest, labels: readonly string[]) {
  const config = trainConfigSchema.parse(manifest.training.recipe);
  const worn = new Map(labels.flatMap((spec) => [...readWornLabels(spec)]));
  const here = config.data.sets.filter((set) => existsSync(alignedFiles(cache, set).index));
  const opened = openAlignedSets(cache, here);
  const { pictures, validation } = splitSamples(opened, new Map(), config);
  const paths = new Map(opened.map(({ name, paths }) => [name, paths]));
  for (const set of opened) set.close();
  const labelled = (samples: readonly Sample[]): LabelledPicture[] =>
    samples.flatMap(({ set, index }) => {
      const known = worn.get(paths.get(set)![index]!);
      return known ? [{ set, index, worn: known }] : [];
    });
  const [train, tried] = [labelled(pictures), labelled(validation)];
  if (train.length === 0 || tried.length === 0)
    throw new Error('None of the labelled pictures is in the cache: the names in --labels are set=file.tsv.');
  return { train, validation: tried, sets: here };
}

/** Each picture as it is and in drawn outfits. */
async function allViews(
  features: EmbedPixels,
  prefetcher: Prefetcher,
  pictures: readonly LabelledPicture[],
  firstSeed: number,
): Promise<NamedView[]> {
  const views = await viewsOf(features, prefetcher, pictures, 'none', firstSeed);
  for (let round = 1; round <= HEAD_FIT.outfits; round++)
    views.push(
      ...(await viewsOf(features, prefetcher, pictures, 'worn', firstSeed + round * pictures.length)),
    );
  return views;
}

function writeHead(
  model: string,
  { kernel, bias }: HeadWeights,
  thresholds: AccessoryHeadEntry['thresholds'],
): AccessoryHeadEntry {
  const { bytes, tensors } = packWeights(
    new Map([
      [HEAD_KERNEL, { shape: [kernel.length / ACCESSORIES.length, ACCESSORIES.length], data: kernel }],
      [HEAD_BIAS, { shape: [ACCESSORIES.length], data: bias }],
    ]),
    'float32',
  );
  writeFileSync(join(model, FILE), bytes);
  return { file: { path: FILE, bytes: bytes.length, sha256: sha256(bytes) }, tensors, thresholds };
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
