/**
 * Solves the normal equations of a linear least-squares problem: `A^T A x = A^T b`, by Gaussian elimination with partial
 * pivoting. For few unknowns and values near 1; centre and scale them first.
 *
 * @param rows `A`, each of one length
 * @param right `b`, as many columns of it as are wanted; each column holds a value for each row
 * @returns a solution for each column
 * @throws RangeError where the rows leave an unknown open
 */
export function leastSquares(
  rows: readonly ArrayLike<number>[],
  right: readonly ArrayLike<number>[],
): Float64Array[] {
  const count = rows[0]?.length ?? 0;
  const width = count + right.length;
  const system = new Float64Array(count * width);
  rows.forEach((row, r) => {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) system[i * width + j]! += row[i]! * row[j]!;
      for (let k = 0; k < right.length; k++) system[i * width + count + k]! += row[i]! * right[k]![r]!;
    }
  });
  eliminate(system, count, width);
  return right.map((_, k) => Float64Array.from({ length: count }, (_, i) => system[i * width + count + k]!));
}

/** Smallest pivot, as a share of the largest, that still fixes an unknown. */
const LEAST_PIVOT = 1e-12;

/** Brings the left `count` columns to the identity, in place. */
function eliminate(system: Float64Array, count: number, width: number): void {
  let largest = 0;
  for (let i = 0; i < count; i++) largest = Math.max(largest, Math.abs(system[i * width + i]!));
  for (let i = 0; i < count; i++) {
    let pivot = i;
    for (let r = i + 1; r < count; r++)
      if (Math.abs(system[r * width + i]!) > Math.abs(system[pivot * width + i]!)) pivot = r;
    const value = system[pivot * width + i]!;
    if (!(Math.abs(value) > LEAST_PIVOT * largest))
      throw new RangeError('These points leave the fit open: they coincide or lie on one line.');
    for (let c = 0; c < width; c++) {
      const kept = system[i * width + c]!;
      system[i * width + c] = system[pivot * width + c]! / value;
      if (pivot !== i) system[pivot * width + c] = kept;
    }
    for (let r = 0; r < count; r++) {
      const factor = system[r * width + i]!;
      if (r === i || factor === 0) continue;
      for (let c = i; c < width; c++) system[r * width + c]! -= factor * system[i * width + c]!;
    }
  }
}
