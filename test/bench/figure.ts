/** One measured figure. */
export interface Figure {
  readonly name: string;
  /** `x`: the share of another's time */
  readonly unit: 'ms' | 'x';
  readonly median: number;
  readonly worst: number;
  /** processor time of all of the browser's threads for one measurement, on average; null where the system does not tell */
  readonly worked: number | null;
  /** how often it was measured */
  readonly times: number;
  /** limit of the median; null: no limit */
  readonly limit: number | null;
}

/** A subject of `npm run bench`: a file of this folder that measures one thing and says how. */
export interface Subject {
  readonly name: string;
  run(say: (line: string) => void): Promise<readonly Figure[]>;
}

/** Times beside which nobody looked at what the browser's threads did. */
export const alone = (values: readonly number[]) => ({ values, worked: null });

/** @param values milliseconds, one or more */
export function figure(
  name: string,
  { values, worked }: { readonly values: readonly number[]; readonly worked: number | null },
  limit: number | null = null,
): Figure {
  const worst = Math.max(...values);
  return { name, unit: 'ms', median: medianOf(values), worst, worked, times: values.length, limit };
}

/** @param values one or more */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many times as long ours took as theirs: medians of one run, in which both had their turns. */
export function ratio(
  name: string,
  ours: readonly number[],
  theirs: readonly number[],
  limit: number | null,
): Figure {
  const median = medianOf(ours) / medianOf(theirs);
  return { name, unit: 'x', median, worst: median, worked: null, times: ours.length, limit };
}

export const kept = ({ median, limit }: Figure): boolean => limit === null || median <= limit;
