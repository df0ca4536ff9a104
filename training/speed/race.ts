/** Something that is timed. */
export interface Contestant {
  readonly name: string;
  readonly run: () => Promise<void>;
}

export interface Timing {
  readonly name: string;
  /** milliseconds */
  readonly first: number;
  readonly best: number;
  readonly median: number;
  readonly worst: number;
  /** of the median to the first contestant's */
  readonly ratio: number;
}

/**
 * Times contestants in turns, so that whatever else the machine does falls on all of them alike. The first turn of each
 * compiles and is told apart.
 *
 * @param rounds turns that count, at least 1
 * @param now milliseconds
 */
export async function race(
  contestants: readonly Contestant[],
  rounds: number,
  now = () => performance.now(),
): Promise<Timing[]> {
  const times = contestants.map((): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, { run }] of contestants.entries()) {
      const start = now();
      await run();
      times[i]!.push(now() - start);
    }
  const reference = medianOf(times[0]!.slice(1));
  return contestants.map(({ name }, i) => {
    const [first, ...rest] = times[i]!;
    const median = medianOf(rest);
    return {
      name,
      first: first!,
      best: Math.min(...rest),
      median,
      worst: Math.max(...rest),
      ratio: median / reference,
    };
  });
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
