import { createRng } from '@rounz/core/math/random.ts';
import { MOBILEFACENET, planNetwork, TRANSPLANT_RESNET50 } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { foldedDonor } from '../model/donor.ts';
import { writeModel } from '../model/export.ts';
import { fineTune } from '../recipes/fine-tune.ts';
import { MODEL_INPUTS } from '../samples/images.ts';
import { cachedSets } from '../samples/run-data.ts';
import { foldedMobileFaceNet, PACKAGE_MOBILEFACENET, PACKAGE_ORIGIN } from '../teacher/mobilefacenet-plan.ts';
import { obtainMobileFaceNet } from '../teacher/mobilefacenet-weights.ts';
import { measuringPictures } from '../transplant/measuring-pictures.ts';
import { measureOffsets } from '../transplant/offsets.ts';
import { transplant, widened } from '../transplant/transplant.ts';
import { networkSize } from '../util/network-size.ts';

const KINDS = ['resnet50', 'light'] as const;

interface TransplantCommandOptions {
  kind: (typeof KINDS)[number];
  cache: string;
  donor?: string;
  out: string;
}

/** `transplant`: a start for `fine-tune` that knows what MobileFaceNet knows. */
export function registerTransplant(program: Command): void {
  program
    .command('transplant')
    .description(
      'make a model out of MobileFaceNet’s weights, to be tuned by `train --recipe fine-tune --init`',
    )
    .addOption(new Option('--kind <name>', 'the network to make').choices(KINDS).default('resnet50'))
    .requiredOption(
      '--cache <dir>',
      'aligned faces, a hundred of which show how far its maps reach below zero',
    )
    .option('--donor <dir>', 'a tuned light model in the place of the package’s weights')
    .requiredOption('--out <dir>', 'model folder to write')
    .action(makeTransplant);
}

async function makeTransplant({ kind, cache, donor, out }: TransplantCommandOptions): Promise<void> {
  await chooseBackend(undefined, { activations: 'float32' });
  const given = donor ? foldedDonor(donor) : foldedMobileFaceNet(await obtainMobileFaceNet());
  const architecture: Architecture = kind === 'light' ? MOBILEFACENET : TRANSPLANT_RESNET50;
  const weights =
    kind === 'light' ? widened(given, MOBILEFACENET.embeddingSize) : await grafted(given, cache);
  await chooseBackend('wasm');
  const about = {
    name: kind === 'light' ? 'rounz-light' : 'rounz-r50',
    version: '0.0.0',
    architecture,
    input: MODEL_INPUTS.imagenet,
    training: {
      data: [],
      recipe: { ...fineTune, architecture },
      imagesSeen: 0,
      backend: 'none: transplanted',
      origin: PACKAGE_ORIGIN,
      date: new Date().toISOString().slice(0, 10),
    },
  };
  await writeModel(out, weights, about, 'float32');
  const { weights: count, multiplyAdds } = networkSize(planNetwork(architecture), about.input.size);
  console.log(
    `${(count / 1e6).toFixed(1)} M weights, ${(multiplyAdds / 1e9).toFixed(2)} G multiply-adds a face.`,
  );
  console.log(
    `Wrote ${out}. Now tune it: train --recipe fine-tune${kind === 'light' ? '-light' : ''} --init ${out}.`,
  );
}

async function grafted(donor: HostWeights, cache: string): Promise<HostWeights> {
  const sets = openAlignedSets(cache, cachedSets(cache));
  const images = measuringPictures(sets);
  for (const set of sets) set.close();
  const offsets = await measureOffsets(donor, images, []);
  const architecture = TRANSPLANT_RESNET50;
  const made = transplant(donor, offsets, { architecture, leftOut: [], rng: createRng(1) });
  const cosine = await meanCosine(
    new InferenceNetwork(planNetwork(PACKAGE_MOBILEFACENET), donor),
    new InferenceNetwork(planNetwork(architecture), made),
    images,
  );
  images.dispose();
  console.log(`Cosine to MobileFaceNet before any training: ${cosine.toFixed(3)}.`);
  return made;
}

/** Mean cosine between a network's embeddings and a wider one's, whose further values the narrow one lacks. */
async function meanCosine(
  narrow: InferenceNetwork,
  wide: InferenceNetwork,
  images: tf.Tensor4D,
): Promise<number> {
  const cosine = tf.tidy(() => {
    const [own, other] = [narrow.forward(images), wide.forward(images)];
    const common = tf.slice(other, [0, 0], [-1, own.shape[1]]);
    return tf.mean(tf.sum(tf.mul(own, common), 1));
  });
  const [value] = await cosine.data<'float32'>();
  cosine.dispose();
  narrow.dispose();
  wide.dispose();
  return value!;
}
