/** Shares of the source columns that a target column covers. */
function coverage(from: number, to: number): { start: number; weights: number[] }[] {
  const step = from / to;
  return Array.from({ length: to }, (_, i) => {
    const [left, right] = [i * step, (i + 1) * step];
    const start = Math.floor(left);
    const end = Math.min(from, Math.ceil(right - 1e-9));
    const weights = Array.from({ length: end - start }, (_, k) => {
      const pixel = start + k;
      return (Math.min(pixel + 1, right) - Math.max(pixel, left)) / step;
    });
    return { start, weights };
  });
}

/**
 * Shrinks a square RGB picture by exact area averages, so that nothing aliases.
 *
 * @param source `from * from * 3` bytes
 * @returns `to * to * 3` values, 0..255, not rounded
 * @throws RangeError where `to` is larger than `from`
 */
export function shrink(source: Uint8ClampedArray, from: number, to: number): Float32Array {
  if (to > from) throw new RangeError(`A ${from} pixel crop cannot be shrunk to ${to} pixels.`);
  const cover = coverage(from, to);
  const rows = new Float32Array(to * from * 3);
  cover.forEach(({ start, weights }, y) => {
    weights.forEach((weight, k) => {
      const line = (start + k) * from * 3;
      for (let x = 0; x < from * 3; x++) rows[y * from * 3 + x]! += weight * source[line + x]!;
    });
  });
  const result = new Float32Array(to * to * 3);
  for (let y = 0; y < to; y++)
    cover.forEach(({ start, weights }, x) => {
      weights.forEach((weight, k) => {
        for (let c = 0; c < 3; c++)
          result[(y * to + x) * 3 + c]! += weight * rows[(y * from + start + k) * 3 + c]!;
      });
    });
  return result;
}
