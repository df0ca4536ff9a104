import { planNetwork } from '@rounz/core/model/architecture.ts';
import { toBatch } from '@rounz/core/model/embedder.ts';
import { InferenceNetwork } from '@rounz/core/model/inference-form.ts';
import type { Manifest } from '@rounz/core/model/manifest.ts';
import type { HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { AUGMENT_PRESETS } from '../../augment/config.ts';
import { createPrefetcher } from '../../augment/pipeline/prefetch.ts';
import type { RunData } from '../../samples/run-data.ts';
import { epochOrder, type Sample } from '../../samples/samples.ts';
import { startProgress } from '../../util/progress.ts';
import { REGRESS } from './config.ts';

/** A last layer: [features, width] row-major, and [width]. */
export interface LastLayer {
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Sums of a least-squares fit of targets on features with a constant 1 beside them. */
export class NormalEquations {
  private readonly features: number;
  private readonly width: number;
  private readonly gram: Float64Array;
  private readonly products: Float64Array;

  constructor(features: number, width: number) {
    this.features = features;
    this.width = width;
    this.gram = new Float64Array((features + 1) ** 2);
    this.products = new Float64Array((features + 1) * width);
  }

  /**
   * @param rows [batch, features + 1], the constant last
   * @param targets [batch, width]
   */
  async add(rows: tf.Tensor2D, targets: tf.Tensor2D): Promise<void> {
    const sums = tf.tidy(() => [tf.matMul(rows, rows, true), tf.matMul(rows, targets, true)] as const);
    const [gram, products] = await Promise.all(sums.map((one) => one.data<'float32'>()));
    tf.dispose([...sums]);
    gram!.forEach((value, i) => {
      this.gram[i]! += value;
    });
    products!.forEach((value, i) => {
      this.products[i]! += value;
    });
  }

  /**
   * Ridge regression (Hoerl and Kennard 1970); the constant is not penalised.
   *
   * @param ridge penalty, as a share of the features' mean square
   */
  solve(ridge: number): LastLayer {
    const size = this.features + 1;
    const gram = Matrix.from1DArray(size, size, [...this.gram]);
    const trace = gram.trace() - gram.get(size - 1, size - 1);
    for (let i = 0; i < this.features; i++) gram.set(i, i, gram.get(i, i) + (ridge * trace) / this.features);
    const solved = new CholeskyDecomposition(gram).solve(
      Matrix.from1DArray(size, this.width, [...this.products]),
    );
    return {
      kernel: Float32Array.from(solved.subMatrix(0, this.features - 1, 0, this.width - 1).to1DArray()),
      bias: Float32Array.from(solved.getRow(this.features)),
    };
  }
}

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
      tf.dispose([rows, targets]);
      progress.add(block.length);
    }
  progress.stop();
  network.dispose();
  await prefetcher.close();
  return sums.solve(REGRESS.ridge);
}

/** Pictures that have a target, in the seed's order. */
function drawn(train: readonly Sample[]): Sample[] {
  const taught = train.filter(({ target }) => target);
  return Array.from(epochOrder(taught.length, 1, 0).slice(0, REGRESS.pictures), (row) => taught[row]!);
}

function rowsOf(
  network: InferenceNetwork,
  input: Manifest['input'],
  pixels: Uint8ClampedArray,
  block: readonly Sample[],
): [tf.Tensor2D, tf.Tensor2D] {
  const bytes = pixels.length / block.length;
  const crops = block.map((_, i) => ({
    data: pixels.subarray(i * bytes, (i + 1) * bytes),
    size: input.size,
  }));
  return tf.tidy(() => {
    const { pooled } = network.features(toBatch(crops, input));
    const length = tf.norm(network.project(pooled), 'euclidean', 1, true);
    const rows = tf.div<tf.Tensor2D>(tf.concat([pooled, tf.ones([block.length, 1])], 1), length);
    const width = block[0]!.target!.length;
    const targets = new Float32Array(block.length * width);
    block.forEach(({ target }, row) => {
      targets.set(target!, row * width);
    });
    return [rows, tf.tensor2d(targets, [block.length, width])];
  });
}
