import { dot } from '@rounz/core/math/vector.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';
import type { ImpostorScores } from '@rounz/core/model/manifest.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { byEmbedder, galleryAndProbes } from '../samples/embed-samples.ts';
import { compareWithinSets, openValidationSet } from '../samples/validation-people.ts';
import { byAppearance, distance } from './crop-appearance.ts';
import { spreadsOf } from './thresholds.ts';

/** What validation people who are strangers to one another score. */
interface Strangers {
  /** bare gallery pictures against probes with drawn accessories and without */
  readonly scores: Float64Array;
  /** gallery pictures against each other */
  readonly impostors: ImpostorScores;
  /** whose people they are: some sets have none who are known by name */
  readonly sets: readonly string[];
}

/** Scores of the validation people of `counted` sets, strangers within a set alone. */
export async function strangersOf(
  embedder: Embedder,
  cacheDir: string,
  config: TrainConfig,
  counted: readonly string[],
): Promise<Strangers> {
  const validation = openValidationSet(cacheDir, config, counted);
  const { gallery, probes } = galleryAndProbes(validation.samples);
  const search = byEmbedder(embedder, 'probe');
  const templates = await validation.embed(byEmbedder(embedder, 'template'), gallery, 'none');
  const enrolled = gallery.map((sample, i) => ({ sample, templates: [templates[i]!] }));
  const embedded = [
    ...(await validation.embed(search, probes, 'none')),
    ...(await validation.embed(search, probes, 'occluded')),
  ];
  const appearances = await validation.embed(byAppearance, gallery, 'none');
  await validation.close();
  const pairs = gallery.flatMap((sample, i) =>
    gallery
      .slice(0, i)
      .flatMap((other, j) =>
        other.set === sample.set
          ? [{ score: dot(templates[i]!, templates[j]!), apart: distance(appearances[i]!, appearances[j]!) }]
          : [],
      ),
  );
  return {
    scores: compareWithinSets(enrolled, [...probes, ...probes], embedded).impostor,
    impostors: spreadsOf(pairs),
    sets: [...new Set(gallery.map(({ set }) => set))],
  };
}
