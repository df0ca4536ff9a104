/** One comparison of a probe with an enrolled person. */
export interface GroupedScore {
  readonly score: number;
  readonly genuine: boolean;
  /** what the head sees on the probe */
  readonly group: string;
  /** 0 or 1: which half of the people the probe belongs to */
  readonly half: 0 | 1;
}

export interface Rates {
  readonly tar: number;
  readonly fmr: number;
}

/** Impostor scores that a group's own threshold wants; below, the common one serves. */
const LEAST_IMPOSTORS = 1000;

/**
 * Whether a threshold for each group of probes finds more people at the same false match rate than one for all. Thresholds
 * come from one half of the people, rates from the other, both ways round, so that more thresholds are no advantage in
 * themselves.
 *
 * @param target false match rate that each threshold is set for
 */
export function compareThresholds(
  scores: readonly GroupedScore[],
  target: number,
): { readonly common: Rates; readonly grouped: Rates } {
  const common = new Counter();
  const grouped = new Counter();
  for (const half of [0, 1] as const) {
    const fitted = scores.filter((one) => one.half === half);
    const forAll = thresholdOf(fitted, target)!;
    const groups = new Set(fitted.map(({ group }) => group));
    const own = new Map(
      [...groups].map((group) => [
        group,
        thresholdOf(
          fitted.filter((one) => one.group === group),
          target,
        ),
      ]),
    );
    for (const one of scores) {
      if (one.half === half) continue;
      common.add(one, forAll);
      grouped.add(one, own.get(one.group) ?? forAll);
    }
  }
  return { common: common.rates(), grouped: grouped.rates() };
}

/** The score that a share `target` of the impostors passes; null where they are too few. */
function thresholdOf(scores: readonly GroupedScore[], target: number): number | null {
  const impostors = scores.filter(({ genuine }) => !genuine).map(({ score }) => score);
  if (impostors.length < LEAST_IMPOSTORS) return null;
  impostors.sort((a, b) => b - a);
  return impostors[Math.floor(impostors.length * target)]!;
}

class Counter {
  private readonly all = { genuine: 0, impostor: 0 };
  private readonly passed = { genuine: 0, impostor: 0 };

  add({ score, genuine }: GroupedScore, threshold: number): void {
    const kind = genuine ? 'genuine' : 'impostor';
    this.all[kind]++;
    if (score > threshold) this.passed[kind]++;
  }

  rates(): Rates {
    return { tar: this.passed.genuine / this.all.genuine, fmr: this.passed.impostor / this.all.impostor };
  }
}
