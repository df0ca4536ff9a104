import { createRng } from '@rounz/core/math/random.ts';
import {
  MOBILEFACENET,
  MOBILENET,
  planNetwork,
  TRANSPLANT_RESNET50,
} from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Architecture } from '@rounz/core/model/manifest.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { type Command, Option } from 'commander';
import { chooseBackend } from '../backend/ladder.ts';
import { type AlignedSet, openAlignedSets } from '../cache/aligned-set.ts';
import { foldedDonor } from '../model/donor.ts';
import { writeModel } from '../model/export.ts';
import { fineTune, fineTuneLight, fineTuneMobileNet } from '../recipes/fine-tune.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { MODEL_INPUTS } from '../samples/images.ts';
import { cachedSets } from '../samples/run-data.ts';
import { foldedMobileFaceNet, PACKAGE_MOBILEFACENET, PACKAGE_ORIGIN } from '../teacher/mobilefacenet-plan.ts';
import { obtainMobileFaceNet } from '../teacher/mobilefacenet-weights.ts';
import { foldedSFace, PACKAGE_SFACE, SFACE_INPUT, SFACE_ORIGIN } from '../teacher/sface-plan.ts';
import { obtainSFace } from '../teacher/sface-weights.ts';
import { compactHead, HeadSums } from '../transplant/compact-head.ts';
import { FOR_COVARIANCES, FOR_LEAST_VALUES, measuringPictures } from '../transplant/measuring-pictures.ts';
import { measureOffsets } from '../transplant/offsets.ts';
import { transplant, widened, withoutMean } from '../transplant/transplant.ts';
import { networkSize } from '../util/network-size.ts';

const KINDS = ['resnet50', 'light', 'mobilenet'] as const;

interface TransplantCommandOptions {
  kind: (typeof KINDS)[number];
  cache: string;
  donor?: string;
  out: string;
}

/** A network as it comes, with what has to be said of it. */
interface Made {
  readonly architecture: Architecture;
  readonly weights: HostWeights;
  readonly recipe: TrainConfig;
  readonly name: string;
  readonly origin: string;
}

/** `transplant`: a start for fine-tuning that knows what a finished network knows. */
export function registerTransplant(program: Command): void {
  program
    .command('transplant')
    .description(
      'make a model out of MobileFaceNet’s or SFace’s weights, to be tuned by `train --recipe fine-tune... --init`',
    )
    .addOption(
      new Option('--kind <name>', 'the network to make; `mobilenet` comes from SFace')
        .choices(KINDS)
        .default('resnet50'),
    )
    .requiredOption('--cache <dir>', 'aligned faces, some of which show what its maps look like')
    .option('--donor <dir>', 'a tuned light model in the place of MobileFaceNet’s own weights')
    .requiredOption('--out <dir>', 'model folder to write')
    .action(makeTransplant);
}

async function makeTransplant({ kind, cache, donor, out }: TransplantCommandOptions): Promise<void> {
  if (donor && kind === 'mobilenet')
    throw new Error('--donor: a MobileNet comes from SFace; no other donor is known.');
  await chooseBackend(undefined, { activations: 'float32' });
  const { architecture, weights, recipe, name, origin } =
    kind === 'mobilenet' ? await fromSFace(cache) : await fromMobileFaceNet(kind, cache, donor);
  const measured = kind === 'light' ? [] : cachedSets(cache);
  await chooseBackend('wasm');
  const about = {
    name,
    version: '0.0.0',
    architecture,
    input: MODEL_INPUTS[recipe.input],
    training: {
      data: measured,
      recipe: { ...recipe, architecture },
      imagesSeen: 0,
      backend: 'none: transplanted',
      origin,
      date: new Date().toISOString().slice(0, 10),
    },
  };
  await writeModel(out, weights, about, 'float32');
  const { weights: count, multiplyAdds } = networkSize(planNetwork(architecture), about.input.size);
  console.log(
    `${(count / 1e6).toFixed(1)} M weights, ${(multiplyAdds / 1e9).toFixed(2)} G multiply-adds a face.`,
  );
  console.log(`Wrote ${out}. Now tune it: train --recipe ${recipe.name} --init ${out}.`);
}

async function fromMobileFaceNet(
  kind: 'resnet50' | 'light',
  cache: string,
  donor: string | undefined,
): Promise<Made> {
  const given = donor ? foldedDonor(donor) : foldedMobileFaceNet(await obtainMobileFaceNet());
  const origin = PACKAGE_ORIGIN;
  if (kind === 'resnet50') {
    const weights = await grafted(given, cache);
    return { architecture: TRANSPLANT_RESNET50, weights, recipe: fineTune, name: 'rounz-r50', origin };
  }
  const weights = widened(given, MOBILEFACENET.embeddingSize);
  return { architecture: MOBILEFACENET, weights, recipe: fineTuneLight, name: 'rounz-light', origin };
}

/**
 * SFace with a neck of fewer channels before its last layer, whose embeddings are zero on average, and whose embedding has further
 * values, which are zero.
 */
async function fromSFace(cache: string): Promise<Made> {
  const given = foldedSFace(await obtainSFace());
  const teacher = new InferenceNetwork(planNetwork(PACKAGE_SFACE), given);
  const images = withCache(cache, (sets) => measuringPictures(sets, FOR_COVARIANCES, SFACE_INPUT));
  const { neck, side } = MOBILENET.head;
  const sums = new HeadSums(PACKAGE_SFACE.head.neck, side * side);
  for (const batch of batchesOf(images)) {
    const maps = tf.tidy(() => teacher.neck(teacher.map(batch)));
    await sums.add(maps);
    tf.dispose([maps, batch]);
  }
  console.log('Making the last layer compact; this takes a minute.');
  const compact = new Map([...given, ...compactHead(given, sums.statistics(), neck)]);
  const narrow = planNetwork({ ...MOBILENET, embeddingSize: PACKAGE_SFACE.embeddingSize });
  const made = new InferenceNetwork(narrow, compact);
  const first = tf.slice(images, 0, Math.min(MEASURED_AT_ONCE, images.shape[0]));
  console.log(`Cosine to SFace before any training: ${(await meanCosine(teacher, made, first)).toFixed(3)}.`);
  const centred = withoutMean(compact, await meanEmbedding(new InferenceNetwork(narrow, compact), images));
  tf.dispose([images, first]);
  return {
    architecture: MOBILENET,
    weights: widened(centred, MOBILENET.embeddingSize),
    recipe: fineTuneMobileNet,
    name: 'rounz-light',
    origin: SFACE_ORIGIN,
  };
}

/** [embeddingSize]: before embeddings are brought to unit length. Disposes the network. */
async function meanEmbedding(network: InferenceNetwork, images: tf.Tensor4D): Promise<Float32Array> {
  const sums: tf.Tensor[] = [];
  for (const batch of batchesOf(images)) {
    sums.push(tf.tidy(() => tf.sum(network.project(network.features(batch).pooled), 0)));
    batch.dispose();
  }
  const mean = tf.tidy(() => tf.div(tf.addN(sums), images.shape[0]));
  const values = await mean.data<'float32'>();
  tf.dispose([mean, ...sums]);
  network.dispose();
  return values.slice();
}

const MEASURED_AT_ONCE = 32;

/** The caller disposes each. */
function* batchesOf(images: tf.Tensor4D): Generator<tf.Tensor4D> {
  for (let from = 0; from < images.shape[0]; from += MEASURED_AT_ONCE)
    yield tf.slice(images, from, Math.min(MEASURED_AT_ONCE, images.shape[0] - from));
}

function withCache<T>(cache: string, use: (sets: readonly AlignedSet[]) => T): T {
  const sets = openAlignedSets(cache, cachedSets(cache));
  try {
    return use(sets);
  } finally {
    for (const set of sets) set.close();
  }
}

async function grafted(donor: HostWeights, cache: string): Promise<HostWeights> {
  const images = withCache(cache, (sets) => measuringPictures(sets, FOR_LEAST_VALUES, MODEL_INPUTS.imagenet));
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
