/** The middle one of the values, the upper of two where their number is even. @throws RangeError where there are none */
export function median(values: readonly number[]): number {
  const middle = values.toSorted((a, b) => a - b)[values.length >> 1];
  if (middle === undefined) throw new RangeError('No values have no median: give at least one.');
  return middle;
}
