/** One thing that was measured. */
export interface Figure {
  readonly name: string;
  /** milliseconds */
  readonly unit: 'ms';
  readonly median: number;
  readonly worst: number;
  /** how often it was measured */
  readonly times: number;
  /** what the median must keep to, milliseconds; null: only told */
  readonly limit: number | null;
}

/** A subject of `npm run bench`: a file of this folder that measures one thing and says how. */
export interface Subject {
  readonly name: string;
  run(say: (line: string) => void): Promise<readonly Figure[]>;
}

/** @param values milliseconds, one or more */
export function figure(name: string, values: readonly number[], limit: number | null = null): Figure {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { name, unit: 'ms', median, worst: sorted.at(-1)!, times: values.length, limit };
}

export const kept = ({ median, limit }: Figure): boolean => limit === null || median <= limit;
