import { dot, normalise } from '@rounz/core/math/vector.ts';
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

/** keeps the equations solvable where templates depend on each other; small beside their lengths, which are 1 */
const RIDGE = 1e-6;

/**
 * Turns templates back into embeddings without the key: a template is written as a sum of the known ones (least squares with a
 * small ridge), and the same sum of their embeddings is the guess. Exact for a linear transform once the known ones span the space.
 *
 * @param templates of the embeddings, in their order
 */
export function invert(
  embeddings: readonly Float32Array[],
  templates: readonly Float32Array[],
): (template: Float32Array) => Float32Array {
  const products = templates.map((a, i) => templates.map((b, j) => dot(a, b) + (i === j ? RIDGE : 0)));
  const factor = new CholeskyDecomposition(new Matrix(products));
  return (template) => {
    const right = Matrix.columnVector(templates.map((known) => dot(known, template)));
    const shares = factor.solve(right).to1DArray();
    const guess = new Float32Array(embeddings[0]!.length);
    embeddings.forEach((embedding, k) => {
      for (let i = 0; i < guess.length; i++) guess[i]! += shares[k]! * embedding[i]!;
    });
    return normalise(guess);
  };
}
