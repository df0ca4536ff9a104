import { CholeskyDecomposition, EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Scatters } from './scatter.ts';

export interface DiscriminantOptions {
  /** directions to keep */
  readonly size: number;
  /** added to the within scatter's diagonal, as a share of its mean, >= 0 */
  readonly ridge: number;
  /** direction k is scaled by lambda_k^-tempering */
  readonly tempering: number;
}

export interface Discriminant {
  /** [D, size]: one direction a column */
  readonly directions: Matrix;
  /** share of between-person to within-person variance of each direction, falling */
  readonly eigenvalues: Float64Array;
}

/**
 * Linear discriminant analysis (Fisher 1936, Rao 1948) with a ridge on the within scatter (Friedman 1989): the directions w
 * that solve B w = lambda (W + ridge I) w, by Cholesky's W + ridge I = L L' and the symmetric eigenproblem of L^-1 B L'^-1.
 * Within-person variance is 1 in every direction, times lambda^(-2 tempering).
 *
 * @throws RangeError where more directions are asked for than there are people to tell apart
 */
export function discriminant(
  { within, between, people }: Pick<Scatters, 'within' | 'between' | 'people'>,
  options: DiscriminantOptions,
): Discriminant {
  const { size, ridge, tempering } = options;
  const width = within.rows;
  if (size > Math.min(width, people - 1)) {
    throw new RangeError(
      `${people} people with ${width} features give at most ${Math.min(width, people - 1)} directions, not ${size}; use more people.`,
    );
  }
  const level = (within.trace() / width) * ridge;
  const regular = Matrix.add(within, Matrix.eye(width, width, level));
  const cholesky = new CholeskyDecomposition(regular);
  if (!cholesky.isPositiveDefinite()) {
    throw new Error('The within-person scatter is singular; use a larger ridge or more pictures.');
  }
  const lower = cholesky.lowerTriangularMatrix;
  const inverse = invertLower(lower);
  const whitened = inverse.mmul(between).mmul(inverse.transpose());
  const symmetric = Matrix.add(whitened, whitened.transpose()).mul(0.5);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(symmetric, {
    assumeSymmetric: true,
  });
  const order = realEigenvalues.map((_, k) => k).sort((a, b) => realEigenvalues[b]! - realEigenvalues[a]!);
  const kept = order.slice(0, size);
  const directions = inverse.transpose().mmul(eigenvectorMatrix.subMatrixColumn(kept));
  const eigenvalues = Float64Array.from(kept, (index) => Math.max(realEigenvalues[index]!, Number.EPSILON));
  eigenvalues.forEach((value, k) => {
    directions.mulColumn(k, value ** -tempering);
  });
  return { directions, eigenvalues };
}

/** Inverse of a lower triangular matrix, column by column by forward substitution. */
function invertLower(lower: Matrix): Matrix {
  const n = lower.rows;
  const rows = lower.to2DArray();
  const inverse = Matrix.zeros(n, n);
  const column = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      const row = rows[i]!;
      let sum = i === j ? 1 : 0;
      for (let k = j; k < i; k++) sum -= row[k]! * column[k]!;
      column[i] = sum / row[i]!;
      inverse.set(i, j, column[i]!);
    }
  }
  return inverse;
}
