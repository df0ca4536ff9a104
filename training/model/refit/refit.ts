import { EMBEDDING_LAYER, planNetwork } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import { unpackWeights } from '@rounz/core/model/weight-file.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { Matrix } from 'ml-matrix';
import { AUGMENT_PRESETS, type AugmentPreset } from '../../augment/config.ts';
import { createPrefetcher } from '../../augment/prefetch.ts';
import { chooseBackend } from '../../backend/ladder.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { trainConfigSchema } from '../../recipes/schema.ts';
import { embedSamples } from '../../samples/embed-samples.ts';
import { type Sample, splitSamples } from '../../samples/samples.ts';
import { parseWeightType, writeModel } from '../export.ts';
import { packLastLayer, withTrainedLastLayer } from '../last-layer.ts';
import { readModelFolder } from '../model-folder.ts';
import { blend, type Layer, principal } from './blend.ts';
import { REFIT } from './config.ts';
import { discriminant } from './discriminant.ts';
import { featuresBy } from './features.ts';
import { renderedDirections, withoutDirections } from './nuisance.ts';
import { ScatterSums, type Scatters } from './scatter.ts';

/** Each view that is made of a picture: as it is, and in outfits drawn anew. */
const VIEWS: readonly { preset: AugmentPreset; round: number }[] = [
  { preset: 'none', round: 0 },
  ...Array.from({ length: REFIT.outfits }, (_, round) => ({ preset: 'worn' as const, round })),
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
async function measure(cacheDir: string, manifest: Manifest, weights: HostWeights): Promise<Scatters> {
  const samples = pictures(cacheDir, manifest);
  const plan = planNetwork(manifest.architecture);
  const network = new InferenceNetwork(plan, weights);
  const { size } = manifest.input;
  const sets = trainConfigSchema.parse(manifest.training.recipe).data.sets;
  const prefetcher = createPrefetcher({ cacheDir, sets, augment: AUGMENT_PRESETS.none, size });
  const sums = new ScatterSums(plan.features);
  const bar = new SingleBar({
    format: '{bar} {value}/{total} views | {eta_formatted} left',
    noTTYOutput: true,
    notTTYSchedule: 20_000,
  });
  bar.start(samples.length * VIEWS.length, 0);
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
      bar.increment(block.length);
    }
  bar.stop();
  network.dispose();
  await prefetcher.close();
  return sums.finish();
}

/** The trained layer's principal directions beside the discriminant's. */
function fitLayer(scatters: Scatters, { shape, data }: HostTensor): Layer {
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

function withLayer(weights: HostWeights, { kernel, bias }: Layer): Map<string, HostTensor> {
  const replaced = new Map(weights);
  const [kernelName, biasName] = [`${EMBEDDING_LAYER}.kernel`, `${EMBEDDING_LAYER}.bias`];
  replaced.set(kernelName, { shape: weights.get(kernelName)!.shape, data: kernel });
  replaced.set(biasName, { shape: [bias.length], data: bias });
  return replaced;
}

interface RefitOptions {
  model: string;
  cache: string;
  out?: string;
  dtype?: string;
  mirror?: boolean;
}

export function registerRefit(program: Command): void {
  program
    .command('refit')
    .description('compute a model’s last layer anew, to tell its training people apart whatever they wear')
    .requiredOption('--model <dir>', 'exported model folder; its thresholds must be made anew afterwards')
    .requiredOption('--cache <dir>', 'aligned faces of the model’s own recipe')
    .option('--out <dir>', 'write another folder instead of replacing the model')
    .option(
      '--dtype <type>',
      'number format of the result: float32, float16, int8 (default: the model’s own)',
    )
    .option('--mirror', 'let the model embed each face and its mirror image')
    .action(async (options: RefitOptions) => {
      const { manifest, weights } = readModelFolder(options.model);
      const dtype = options.dtype ? parseWeightType(options.dtype) : manifest.tensors[0]!.dtype;
      await chooseBackend();
      const stored = unpackWeights(manifest.tensors, weights);
      const trained = withTrainedLastLayer(options.model, manifest, stored);
      const scatters = await measure(options.cache, manifest, trained);
      console.log(`${scatters.vectors} views of ${scatters.people} people; solving for the directions.`);
      const layer = fitLayer(scatters, trained.get(`${EMBEDDING_LAYER}.kernel`)!);
      const { entry, files } = packLastLayer(trained, dtype);
      const about = {
        ...manifest,
        input: options.mirror ? { ...manifest.input, mirror: true } : manifest.input,
        training: { ...manifest.training, lastLayer: entry, refit: REFIT },
      };
      await chooseBackend('wasm');
      const { name, version, architecture, input, training } = about;
      const out = options.out ?? options.model;
      await writeModel(
        out,
        withLayer(stored, layer),
        { name, version, architecture, input, training },
        dtype,
        files,
      );
      console.log(`Wrote ${out}. Now make its thresholds: calibrate --model ${out}.`);
    });
}
