import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Scatters } from './scatter.ts';

export interface Layer {
  /** [D, size], row-major */
  readonly kernel: Float32Array;
  /** [size] */
  readonly bias: Float32Array;
}

/**
 * The principal directions of what a layer gives: its columns turned so that the first carry the most variance (Hotelling
 * 1933), and only `size` of them kept.
 *
 * @param kernel [D, E]
 * @returns [D, size]
 */
export function principal(kernel: Matrix, total: Matrix, size: number): Matrix {
  const covariance = kernel.transpose().mmul(total).mmul(kernel);
  const symmetric = Matrix.add(covariance, covariance.transpose()).mul(0.5);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  return kernel.mmul(eigenvectorMatrix.subMatrixColumn(order.slice(0, size)));
}

/**
 * Two layers side by side as one whose output is zero on average, so that the cosine of two embeddings is about `share` times the
 * first's cosine plus the rest times the second's (a score fusion with fixed weights, done before the scores).
 *
 * @param share of the first, 0..1, in the mean squared length
 */
export function blend(first: Matrix, second: Matrix, share: number, { total, mean }: Scatters): Layer {
  const parts = [
    { part: first, weight: share },
    { part: second, weight: 1 - share },
  ];
  const width = first.rows;
  const size = first.columns + second.columns;
  const kernel = new Float32Array(width * size);
  const bias = new Float32Array(size);
  let column = 0;
  for (const { part, weight } of parts) {
    const energy = part.transpose().mmul(total).mmul(part).trace();
    const factor = Math.sqrt(weight / energy);
    for (let k = 0; k < part.columns; k++, column++) {
      let offset = 0;
      for (let d = 0; d < width; d++) {
        const value = part.get(d, k) * factor;
        kernel[d * size + column] = value;
        offset += value * mean[d]!;
      }
      bias[column] = -offset;
    }
  }
  return { kernel, bias };
}
