import { createRng } from '@rounz/core/math/random.ts';
import { MOBILENET, planNetwork, SFACE_RESNET50 } from '@rounz/core/model/architecture.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { fineTuneMobileNet, fineTuneSFace } from '../recipes/fine-tune.ts';
import { foldedSFace, PACKAGE_SFACE, SFACE_INPUT, SFACE_ORIGIN } from '../teacher/sface-plan.ts';
import { obtainSFace } from '../teacher/sface-weights.ts';
import { compactHead, HeadSums } from './compact-head.ts';
import { type Made, meanCosine } from './made.ts';
import { FOR_COVARIANCES, measuringPictures } from './measuring-pictures.ts';
import { sfaceResNet } from './sface-resnet.ts';
import { widened, withoutMean } from './transplant.ts';

const MEASURED_AT_ONCE = 32;

/**
 * SFace with a neck of fewer channels before its last layer, as it is or in a ResNet-50; its embeddings are zero on average, and have
 * further values, which are zero.
 */
export async function fromSFace(kind: 'mobilenet' | 'resnet50-sface', cache: string): Promise<Made> {
  const given = foldedSFace(await obtainSFace());
  const images = measuringPictures(cache, FOR_COVARIANCES, SFACE_INPUT);
  const origin = SFACE_ORIGIN;
  const made =
    kind === 'mobilenet'
      ? {
          architecture: MOBILENET,
          weights: await withCompactHead(given, images, MOBILENET.head),
          recipe: fineTuneMobileNet,
          name: 'rounz-light',
          origin,
        }
      : {
          architecture: SFACE_RESNET50,
          weights: sfaceResNet(await withCompactHead(given, images, SFACE_RESNET50.head!), createRng(1)),
          recipe: fineTuneSFace,
          name: 'rounz-r50',
          origin,
        };
  const { embeddingSize } = PACKAGE_SFACE;
  const plan = planNetwork({ ...made.architecture, embeddingSize });
  const first = tf.slice(images, 0, Math.min(MEASURED_AT_ONCE, images.shape[0]));
  const centred = async (of: typeof plan, weights: HostWeights) =>
    withoutMean(weights, await meanEmbedding(new InferenceNetwork(of, weights), images));
  const sface = planNetwork(PACKAGE_SFACE);
  const [teacher, weights] = [await centred(sface, given), await centred(plan, made.weights)];
  const cosine = await meanCosine(
    new InferenceNetwork(sface, teacher),
    new InferenceNetwork(plan, weights),
    first,
  );
  console.log(`Cosine to SFace before any training: ${cosine.toFixed(3)}.`);
  tf.dispose([images, first]);
  return { ...made, weights: widened(weights, made.architecture.embeddingSize) };
}

/** SFace's weights with a head as a model made of it has. */
async function withCompactHead(
  given: ReadonlyMap<string, HostTensor>,
  images: tf.Tensor4D,
  { neck, side }: { neck: number; side: number },
): Promise<Map<string, HostTensor>> {
  const teacher = new InferenceNetwork(planNetwork(PACKAGE_SFACE), given);
  const sums = new HeadSums(PACKAGE_SFACE.head.neck, side * side);
  for (const batch of batchesOf(images)) {
    const maps = tf.tidy(() => teacher.neck(teacher.map(batch)));
    await sums.add(maps);
    tf.dispose([maps, batch]);
  }
  teacher.dispose();
  console.log('Making the last layer compact; this takes some minutes.');
  return new Map([...given, ...compactHead(given, sums.statistics(), neck)]);
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

/** The caller disposes each. */
function* batchesOf(images: tf.Tensor4D): Generator<tf.Tensor4D> {
  for (let from = 0; from < images.shape[0]; from += MEASURED_AT_ONCE)
    yield tf.slice(images, from, Math.min(MEASURED_AT_ONCE, images.shape[0] - from));
}
