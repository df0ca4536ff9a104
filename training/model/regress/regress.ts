import { EMBEDDING_LAYER, planNetwork } from '@rounz/core/model/architecture.ts';
import { toBatch } from '@rounz/core/model/embedder.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { AUGMENT_PRESETS } from '../../augment/config.ts';
import { createPrefetcher } from '../../augment/pipeline/prefetch.ts';
import { openAlignedSets } from '../../cache/aligned-set.ts';
import { isRenderedSet } from '../../data/rendered.ts';
import { cachedSets, type RunData } from '../../samples/run-data.ts';
import { epochOrder, type Sample } from '../../samples/samples.ts';
import { startProgress } from '../../util/progress.ts';
import { REGRESS } from './config.ts';
import { type LastLayer, NormalEquations } from './normal-equations.ts';

/**
 * Fits a model's last layer to its teachers' targets, by least squares over training pictures in the views of `REGRESS`. Each
 * row is divided by the length of the embedding that the model had before, for only directions are compared.
 *
 * @param cache folder of aligned faces
 */
export async function regressLastLayer(
  manifest: Pick<Manifest, 'architecture' | 'input'>,
  weights: HostWeights,
  cache: string,
  { config, split }: Pick<RunData, 'config' | 'split'>,
): Promise<LastLayer> {
  const plan = planNetwork(manifest.architecture);
  const network = new InferenceNetwork(plan, weights);
  const { size } = manifest.input;
  const prefetcher = createPrefetcher({
    cacheDir: cache,
    sets: config.data.sets,
    augment: AUGMENT_PRESETS.none,
    size,
  });
  const samples = drawn(split.train);
  const photographed = new MeanRow(plan.features);
  const sums = new NormalEquations(plan.features, plan.embeddingSize);
  const total = samples.length * REGRESS.views.length;
  const progress = startProgress({ title: 'regress', total, unit: 'views' });
  for (const [round, preset] of REGRESS.views.entries())
    for (let start = 0; start < samples.length; start += REGRESS.block) {
      const block = samples.slice(start, start + REGRESS.block);
      const seed = 1 + round * samples.length + start;
      const requests = block.map(({ set, index }, i) => ({ set, index, seed: seed + i, preset }));
      const { pixels } = await prefetcher.request(requests);
      const [rows, targets] = rowsOf(network, manifest.input, pixels, block);
      await sums.add(rows, targets);
      await photographed.add(rows);
      tf.dispose([rows, targets]);
      progress.add(block.length);
    }
  progress.stop();
  await prefetcher.close();
  const layer = sums.solve(REGRESS.ridge);
  const faces = renderedFaces(cache);
  const rendered = faces.length > 0 ? await meanOf(network, manifest.input, cache, faces) : undefined;
  network.dispose();
  return rendered ? withoutRenderer(layer, photographed.mean, rendered) : layer;
}

/** The mean of rows [batch, features + 1], as `rowsOf` gives them, brought to a constant of 1. */
class MeanRow {
  private readonly sum: Float64Array;

  constructor(features: number) {
    this.sum = new Float64Array(features + 1);
  }

  async add(rows: tf.Tensor2D): Promise<void> {
    const column = tf.sum(rows, 0);
    (await column.data<'float32'>()).forEach((value, i) => {
      this.sum[i]! += value;
    });
    column.dispose();
  }

  /** [features] */
  get mean(): Float64Array {
    return this.sum.slice(0, -1).map((value) => value / this.sum.at(-1)!);
  }
}

/** One picture to be read without augmentation. */
type Request = Parameters<ReturnType<typeof createPrefetcher>['request']>[0][number];

/** Mean features of pictures as they are. */
async function meanOf(
  network: InferenceNetwork,
  input: Manifest['input'],
  cache: string,
  faces: readonly Request[],
): Promise<Float64Array> {
  const prefetcher = createPrefetcher({
    cacheDir: cache,
    sets: [...new Set(faces.map(({ set }) => set))],
    augment: AUGMENT_PRESETS.none,
    size: input.size,
  });
  let mean: MeanRow | undefined;
  for (let start = 0; start < faces.length; start += REGRESS.block) {
    const block = faces.slice(start, start + REGRESS.block);
    const { pixels } = await prefetcher.request(block);
    const rows = tf.tidy(() => featureRows(network, input, pixels, block.length));
    mean ??= new MeanRow(rows.shape[1] - 1);
    await mean.add(rows);
    rows.dispose();
  }
  await prefetcher.close();
  return mean!.mean;
}

/** Every rendered face of the cache. */
function renderedFaces(cache: string): Request[] {
  const sets = openAlignedSets(cache, cachedSets(cache).filter(isRenderedSet));
  for (const set of sets) set.close();
  return sets.flatMap(({ name, count }) =>
    Array.from({ length: count }, (_, index) => ({ set: name, index, seed: index })),
  );
}

/**
 * A model's last layer as training left it, with the direction from photographed to rendered faces taken out of its features.
 *
 * @param cache folder of aligned faces, rendered people among them
 * @throws Error where the cache holds no rendered people
 */
export async function lastLayerWithoutRenderer(
  manifest: Pick<Manifest, 'architecture' | 'input'>,
  weights: HostWeights,
  cache: string,
  { split }: Pick<RunData, 'split'>,
): Promise<LastLayer> {
  const rendered = renderedFaces(cache);
  if (rendered.length === 0)
    throw new Error(
      `The cache ${cache} holds no rendered people. Draw and align them: \`synth crowd --out DIR\`, \`align --set rendered=DIR\`.`,
    );
  const network = new InferenceNetwork(planNetwork(manifest.architecture), weights);
  const photographs = drawn(split.train).map(({ set, index }) => ({ set, index, seed: index }));
  const [here, there] = [
    await meanOf(network, manifest.input, cache, photographs),
    await meanOf(network, manifest.input, cache, rendered),
  ];
  network.dispose();
  const [kernel, bias] = [weights.get(`${EMBEDDING_LAYER}.kernel`)!, weights.get(`${EMBEDDING_LAYER}.bias`)!];
  return withoutRenderer({ kernel: kernel.data, bias: bias.data }, here, there);
}

/**
 * Takes the direction from photographed to rendered faces out of the features (nuisance attribute projection, Solomonoff, Quillen
 * and Campbell 2004): two rendered strangers would otherwise score high because both were rendered. The mean photograph keeps its
 * place.
 */
export function withoutRenderer(
  { kernel, bias }: LastLayer,
  photographed: Float64Array,
  rendered: Float64Array,
): LastLayer {
  const direction = rendered.map((value, i) => value - photographed[i]!);
  const length = Math.hypot(...direction);
  const unitDirection = direction.map((value) => value / length);
  const width = bias.length;
  const removed = new Float64Array(width);
  const projected = kernel.slice();
  for (let column = 0; column < width; column++) {
    for (let i = 0; i < direction.length; i++)
      removed[column]! += unitDirection[i]! * kernel[i * width + column]!;
    for (let i = 0; i < direction.length; i++)
      projected[i * width + column]! -= unitDirection[i]! * removed[column]!;
  }
  const along = photographed.reduce((sum, value, i) => sum + value * unitDirection[i]!, 0);
  return { kernel: projected, bias: bias.map((value, column) => value + along * removed[column]!) };
}

/** Pictures that have a target, in the seed's order. */
function drawn(train: readonly Sample[]): Sample[] {
  const taught = train.filter(({ target }) => target);
  return Array.from(epochOrder(taught.length, 1, 0).slice(0, REGRESS.pictures), (row) => taught[row]!);
}

/** [count, features + 1]: features and a 1, divided by the length of the embedding that they give. */
function featureRows(
  network: InferenceNetwork,
  input: Manifest['input'],
  pixels: Uint8ClampedArray,
  count: number,
): tf.Tensor2D {
  const bytes = pixels.length / count;
  const crops = Array.from({ length: count }, (_, i) => ({
    data: pixels.subarray(i * bytes, (i + 1) * bytes),
    size: input.size,
  }));
  const { pooled } = network.features(toBatch(crops, input));
  const length = tf.norm(network.project(pooled), 'euclidean', 1, true);
  return tf.div<tf.Tensor2D>(tf.concat([pooled, tf.ones([count, 1])], 1), length);
}

function rowsOf(
  network: InferenceNetwork,
  input: Manifest['input'],
  pixels: Uint8ClampedArray,
  block: readonly Sample[],
): [tf.Tensor2D, tf.Tensor2D] {
  return tf.tidy(() => {
    const rows = featureRows(network, input, pixels, block.length);
    const width = block[0]!.target!.length;
    const targets = new Float32Array(block.length * width);
    block.forEach(({ target }, row) => {
      targets.set(target!, row * width);
    });
    return [rows, tf.tensor2d(targets, [block.length, width])];
  });
}
