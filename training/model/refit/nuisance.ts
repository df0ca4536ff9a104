import { Matrix, QrDecomposition } from 'ml-matrix';
import { isRenderedSet } from '../../data/rendered.ts';
import type { Layer } from './blend.ts';
import type { Scatters } from './scatter.ts';

/**
 * What makes a rendered face differ from a photographed one on average: a renderer, and nobody's identity.
 *
 * @returns one direction of the features, [D]; none where the sets are of one kind
 */
export function renderedDirections(groups: Scatters['groups']): Float64Array[] {
  const [rendered, photographed] = [true, false].map((kind) =>
    [...groups].flatMap(([set, mean]) => (isRenderedSet(set) === kind ? [mean] : [])),
  ) as [Float64Array[], Float64Array[]];
  if (rendered.length === 0 || photographed.length === 0) return [];
  const [there, here] = [meanOf(rendered), meanOf(photographed)];
  return [there.map((value, d) => value - here[d]!)];
}

function meanOf(vectors: readonly Float64Array[]): Float64Array {
  const sum = new Float64Array(vectors[0]!.length);
  for (const vector of vectors) for (let d = 0; d < sum.length; d++) sum[d]! += vector[d]!;
  return sum.map((value) => value / vectors.length);
}

/**
 * Nuisance attribute projection (Solomonoff, Quillen and Campbell 2004): takes directions that say nothing of who somebody is out
 * of the features before the layer, so that two strangers do not score high for having them in common.
 *
 * @param layer [D, size]
 * @param directions [D] each, independent of each other
 * @param mean of all features, [D]: the layer gives 0 for it afterwards
 */
export function withoutDirections(
  layer: Layer,
  directions: readonly Float64Array[],
  mean: Float64Array,
): Layer {
  if (directions.length === 0) return layer;
  const kernel = Matrix.from1DArray(mean.length, layer.bias.length, Array.from(layer.kernel));
  const columns = new Matrix(directions.map((direction) => Array.from(direction))).transpose();
  const basis = new QrDecomposition(columns).orthogonalMatrix;
  const projected = Matrix.sub(kernel, basis.mmul(basis.transpose().mmul(kernel)));
  const bias = Matrix.rowVector(mean).mmul(projected).mul(-1);
  return {
    kernel: Float32Array.from(projected.to1DArray()),
    bias: Float32Array.from(bias.to1DArray()),
  };
}
