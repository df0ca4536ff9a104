import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/**
 * Of a matrix that is symmetric but for rounding: a backend may round a sum of products and its mirror image differently.
 *
 * @param matrix positive definite; left unchanged
 */
export const choleskyOf = (matrix: Matrix): CholeskyDecomposition =>
  new CholeskyDecomposition(Matrix.add(matrix, matrix.transpose()).mul(0.5));
