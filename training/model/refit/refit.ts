import { planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { Matrix } from 'ml-matrix';
import { AUGMENT_PRESETS, type AugmentPreset } from '../../augment/config.ts';
import { createPrefetcher } from '../../augment/pipeline/prefetch.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { trainConfigSchema } from '../../recipes/schema.ts';
import { embedSamples } from '../../samples/embed-samples.ts';
import { type Sample, splitSamples } from '../../samples/samples.ts';
import { startProgress } from '../../util/progress.ts';
import { blend, type Layer, principal } from './blend.ts';
import { REFIT } from './config.ts';
import { discriminant } from './discriminant.ts';
import { featuresBy } from './features.ts';
import { renderedDirections, withoutDirections } from './nuisance.ts';
import { ScatterSums, type Scatters } from './scatter.ts';

/** Each view that is made of a picture: as it is, and in outfits drawn anew. */
const VIEWS: readonly { preset: AugmentPreset; round: number }[] = [
  { preset: 'none', round: 0 },
  ...Array.from({ length: REFIT.outfits }, (_, round) => ({ preset: 'occluded' as const, round })),
];

/** Training pictures of known people, at most so many of each. */
function pictures(cacheDir: string, manifest: Manifest): Sample[] {
  const config = trainConfigSchema.parse(manifest.training.recipe);
  const sets = openAlignedSets(cacheDir, config.data.sets);
  const { train } = splitSamples(sets, new Map(), config);
  for (const set of sets) set.close();
  const taken = new Map<number, number>();
  return train.filter(({ label }) => {
    const count = (taken.get(label) ?? 0) + 1;
    taken.set(label, count);
    return label >= 0 && count <= REFIT.picturesPerPerson;
  });
}

/** What the features of the model's own training people look like; validation people are left out. */
export async function measure(cacheDir: string, manifest: Manifest, weights: HostWeights): Promise<Scatters> {
  const samples = pictures(cacheDir, manifest);
  const plan = planNetwork(manifest.architecture);
  const network = new InferenceNetwork(plan, weights);
  const { size } = manifest.input;
  const sets = trainConfigSchema.parse(manifest.training.recipe).data.sets;
  const prefetcher = createPrefetcher({ cacheDir, sets, augment: AUGMENT_PRESETS.none, size });
  const sums = new ScatterSums(plan.features);
  const progress = startProgress({ title: 'refit', total: samples.length * VIEWS.length, unit: 'views' });
  const embed = featuresBy(network, manifest.input, 'pooled');
  for (const { preset, round } of VIEWS)
    for (let start = 0; start < samples.length; start += REFIT.block) {
      const block = samples.slice(start, start + REFIT.block);
      const rows = await embedSamples(embed, prefetcher, block, preset, 1 + round * samples.length + start);
      await sums.add(
        rows,
        block.map(({ person }) => person!),
        block.map(({ set }) => set),
      );
      progress.add(block.length);
    }
  progress.stop();
  network.dispose();
  await prefetcher.close();
  return sums.finish();
}

/** The trained layer's principal directions beside the discriminant's. */
export function fitLayer(scatters: Scatters, { shape, data }: HostTensor): Layer {
  const [features, size] = shape as [number, number];
  const trained = Matrix.from1DArray(features, size, Array.from(data));
  const { directions, eigenvalues } = discriminant(scatters, {
    size: size - REFIT.trainedDirections,
    ridge: REFIT.ridge,
    tempering: REFIT.tempering,
  });
  console.log(
    `Between people against within: ${eigenvalues[0]!.toFixed(1)} in the best direction, ${eigenvalues.at(-1)!.toFixed(2)} in the last.`,
  );
  const kept = principal(trained, scatters.total, REFIT.trainedDirections);
  const layer = blend(kept, directions, REFIT.trainedShare, scatters);
  return withoutDirections(layer, renderedDirections(scatters.groups), scatters.mean);
}

/** The weights with another embedding layer. */
