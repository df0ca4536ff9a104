/** One measured figure. */
export interface Figure {
  readonly name: string;
  /** milliseconds */
  readonly unit: 'ms';
  readonly median: number;
  readonly worst: number;
  /** of each of them on average, for how long the browser's threads had a core, together; null where nobody tells */
  readonly worked: number | null;
  /** how often it was measured */
  readonly times: number;
  /** limit of the median, milliseconds; null: no limit */
  readonly limit: number | null;
}

/** A subject of `npm run bench`: a file of this folder that measures one thing and says how. */
export interface Subject {
  readonly name: string;
  run(say: (line: string) => void): Promise<readonly Figure[]>;
}

/** @param values milliseconds, one or more */
export function figure(
  name: string,
  { values, worked }: { readonly values: readonly number[]; readonly worked: number | null },
  limit: number | null = null,
): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { name, unit: 'ms', median, worst: sorted.at(-1)!, worked, times: values.length, limit };
}

export const kept = ({ median, limit }: Figure): boolean => limit === null || median <= limit;
