import type { HostTensor, HostWeights } from '@rounz/core/model/weights.ts';
import * as tf from '@tensorflow/tfjs';
import { EigenvalueDecomposition, Matrix, solve } from 'ml-matrix';
import { choleskyOf } from '../util/cholesky.ts';

/** Added to the variance of each channel, as a share of the mean one: channels that never fire stay solvable. */
const RIDGE = 1e-3;

/** What real faces give a head that takes its whole map. */
export interface HeadStatistics {
  /** of the neck's channels over all positions, [channels, channels] */
  readonly covariance: Matrix;
  /** [positions][channels] */
  readonly means: readonly Float64Array[];
}

/** Sums over maps what `compactHead` needs of them. */
export class HeadSums {
  private readonly channels: number;
  private readonly positions: number;
  private readonly products: Float64Array;
  private readonly sums: Float64Array;
  private faces = 0;

  constructor(channels: number, positions: number) {
    this.channels = channels;
    this.positions = positions;
    this.products = new Float64Array(channels * channels);
    this.sums = new Float64Array(positions * channels);
  }

  /** @param maps the neck's, [batch, height, width, channels]; the caller disposes them */
  async add(maps: tf.Tensor4D): Promise<void> {
    const [products, sums] = tf.tidy(() => {
      const rows = tf.reshape(maps, [-1, this.channels]);
      return [tf.matMul(rows, rows, true, false), tf.sum(maps, 0)];
    }) as [tf.Tensor, tf.Tensor];
    for (const [i, value] of (await products.data<'float32'>()).entries()) this.products[i]! += value;
    for (const [i, value] of (await sums.data<'float32'>()).entries()) this.sums[i]! += value;
    this.faces += maps.shape[0];
    tf.dispose([products, sums]);
  }

  /** @throws Error where nothing was added */
  statistics(): HeadStatistics {
    const { channels, positions, faces } = this;
    if (faces === 0) throw new Error('A head is made compact by the maps of faces; there are none.');
    const means = Array.from({ length: positions }, (_, p) =>
      this.sums.slice(p * channels, (p + 1) * channels).map((value) => value / faces),
    );
    const mean = new Float64Array(channels);
    for (const one of means) for (const [c, value] of one.entries()) mean[c]! += value / positions;
    const covariance = Matrix.from1DArray(channels, channels, this.products).div(faces * positions);
    const centre = Matrix.columnVector(mean);
    return { covariance: covariance.sub(centre.mmul(centre.transpose())), means };
  }
}

/**
 * A head that takes its whole map, with a narrower neck before it: of all necks of `width` channels, the one that changes the head's
 * outputs least in the mean square over the maps that were measured (a reduced-rank approximation, weighted by their covariance;
 * Izenman 1975, J. Multivariate Analysis 5:248).
 *
 * @param weights `neck.kernel` [1, 1, inputs, channels], `neck.bias`, `whole.kernel` [side, side, channels, outputs], `whole.bias`
 * @param statistics of the map behind that neck
 * @returns the same four, with `width` channels in between
 */
export function compactHead(
  weights: HostWeights,
  { covariance, means }: HeadStatistics,
  width: number,
): Map<string, HostTensor> {
  const whole = weights.get('whole.kernel')!;
  const [height, across, channels, outputs] = whole.shape as [number, number, number, number];
  const positions = height * across;
  /** [channels, outputs] of each position */
  const kernels = Array.from({ length: positions }, (_, p) =>
    Matrix.from1DArray(
      channels,
      outputs,
      whole.data.subarray(p * channels * outputs, (p + 1) * channels * outputs),
    ),
  );
  const ridge = (RIDGE * covariance.trace()) / channels;
  const root = choleskyOf(
    Matrix.add(covariance, Matrix.eye(channels, channels).mul(ridge)),
  ).lowerTriangularMatrix;
  const gram = kernels.reduce(
    (sum, kernel) => sum.add(kernel.mmul(kernel.transpose())),
    Matrix.zeros(channels, channels),
  );
  const weighted = root.transpose().mmul(gram).mmul(root);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(
    Matrix.add(weighted, weighted.transpose()).mul(0.5),
    { assumeSymmetric: true },
  );
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const directions = eigenvectorMatrix.subMatrixColumn(order.slice(0, width));
  /** [channels, width]: into the neck, and out of it again */
  const [into, out] = [solve(root.transpose(), directions), root.mmul(directions)];
  const narrow = kernels.map((kernel) => out.transpose().mmul(kernel));
  const bias = Float64Array.from(weights.get('whole.bias')!.data);
  for (const [p, kernel] of kernels.entries()) {
    // What the neck leaves out is constant on average.
    const mean = Matrix.rowVector(means[p]!);
    const lost = Matrix.sub(mean.mmul(kernel), mean.mmul(into).mmul(narrow[p]!));
    for (let o = 0; o < outputs; o++) bias[o]! += lost.get(0, o);
  }
  const neck = weights.get('neck.kernel')!;
  const inputs = neck.shape[2]!;
  const flat = (matrix: Matrix): Float32Array => Float32Array.from(matrix.to1DArray());
  return new Map([
    [
      'neck.kernel',
      {
        shape: [1, 1, inputs, width],
        data: flat(Matrix.from1DArray(inputs, channels, neck.data).mmul(into)),
      },
    ],
    [
      'neck.bias',
      { shape: [width], data: flat(Matrix.rowVector(weights.get('neck.bias')!.data).mmul(into)) },
    ],
    [
      'whole.kernel',
      {
        shape: [height, across, width, outputs],
        data: Float32Array.from(narrow.flatMap((kernel) => kernel.to1DArray())),
      },
    ],
    ['whole.bias', { shape: [outputs], data: Float32Array.from(bias) }],
  ]);
}
