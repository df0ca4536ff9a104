import { existsSync } from 'node:fs';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { Prefetcher } from '../../augment/pipeline/prefetch.ts';
import { alignedFiles, openAlignedSets } from '../../cache/aligned-set.ts';
import { readWornLabels } from '../../data/accessories.ts';
import { trainConfigSchema } from '../../recipes/schema.ts';
import type { EmbedPixels } from '../../samples/embed-samples.ts';
import { type Sample, splitSamples } from '../../samples/samples.ts';
import { HEAD_FIT } from './config.ts';
import { type LabelledPicture, type NamedView, viewsOf } from './views.ts';

/** Pictures of known accessories: to fit on, and of validation people to try. */
interface LabelledPictures {
  readonly train: readonly LabelledPicture[];
  readonly validation: readonly LabelledPicture[];
  /** sets of the recipe that the cache holds */
  readonly sets: readonly string[];
}

/**
 * The pictures of a model's own recipe that labels exist for.
 *
 * @param labels `set=file.tsv`
 * @throws Error where no labelled picture is in the cache
 */
export function labelledPictures(
  cache: string,
  manifest: Manifest,
  labels: readonly string[],
): LabelledPictures {
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
export async function allViews(
  features: EmbedPixels,
  prefetcher: Prefetcher,
  pictures: readonly LabelledPicture[],
  firstSeed: number,
): Promise<NamedView[]> {
  const views = await viewsOf(features, prefetcher, pictures, 'none', firstSeed);
  for (let round = 1; round <= HEAD_FIT.outfits; round++)
    views.push(
      ...(await viewsOf(features, prefetcher, pictures, 'occluded', firstSeed + round * pictures.length)),
    );
  return views;
}
