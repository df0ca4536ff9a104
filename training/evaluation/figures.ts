import {
  BOOTSTRAP,
  bootstrapOverPeople,
  type Interval,
  mulberry32,
  pairWeight,
} from '@rounz/core/metrics/bootstrap.ts';
import { bestF1Threshold, f1At } from '@rounz/core/metrics/f1.ts';
import { fnirAtFpir, rankOneRate } from '@rounz/core/metrics/identification.ts';
import { detPoints, equalErrorRate, rocCurve, tarAtFmr } from '@rounz/core/metrics/roc.ts';
import type { Trials } from './trials.ts';

export interface FigureConfig {
  /** parts the people in two halves: the threshold of F1 comes from one and its value from the other */
  readonly splitSeed: number;
  /** how often the people are drawn anew for the intervals; 0 for none */
  readonly resamples: number;
}

export const FIGURES: FigureConfig = { splitSeed: 2020, resamples: 1000 };

/** Every figure is a rate from 0 to 1; those without a gallery to search are absent. */
export type FigureName =
  | 'f1'
  | 'tarAtFmr1e2'
  | 'tarAtFmr1e3'
  | 'eer'
  | 'rank1'
  | 'fnirAtFpir1e1'
  | 'fnirAtFpir1e2';

export interface Figures {
  readonly genuine: number;
  readonly impostor: number;
  /** people compared; for searches the size of the gallery */
  readonly people: number;
  readonly values: Partial<Record<FigureName, number>>;
  /** 95 % intervals over people */
  readonly intervals: Partial<Record<FigureName, Interval>>;
  readonly det: ReturnType<typeof detPoints>;
}

/** 1 for the people of one half, 0 for the other's; a seeded shuffle. */
function halves(people: number, seed: number): Uint8Array {
  const random = mulberry32(seed);
  const shuffled = Array.from({ length: people }, (_, person) => ({ person, key: random() })).sort(
    (a, b) => a.key - b.key,
  );
  const half = new Uint8Array(people);
  for (const { person } of shuffled.slice(0, Math.floor(people / 2))) half[person] = 1;
  return half;
}

/** Balanced F1 with the threshold that is best for the other half of the people, mean over both halves; NaN where a half
 * has nothing to compare. */
function heldOutF1(trials: Trials, half: Uint8Array, weights: Float64Array): number {
  const { comparisons, first, second } = trials;
  const curves = [0, 1].map((side) => {
    const within = weights.map((weight, row) =>
      half[first[row]!] === side && half[second[row]!] === side ? weight : 0,
    );
    return rocCurve(comparisons, within);
  });
  const [one, other] = curves;
  return (f1At(one!, bestF1Threshold(other!).threshold) + f1At(other!, bestF1Threshold(one!).threshold)) / 2;
}

/** All figures of the trials, each person counted as often as drawn. */
function measure(trials: Trials, half: Uint8Array, drawn: Uint32Array): Partial<Record<FigureName, number>> {
  const { comparisons, first, second } = trials;
  const weights = Float64Array.from(first, (person, row) => pairWeight(drawn, person, second[row]!));
  const curve = rocCurve(comparisons, weights);
  const searches = trials.searches.flatMap((search) =>
    Array.from({ length: drawn[search.person]! }, () => search),
  );
  const verification = {
    f1: heldOutF1(trials, half, weights),
    tarAtFmr1e2: tarAtFmr(curve, 0.01).tar,
    tarAtFmr1e3: tarAtFmr(curve, 0.001).tar,
    eer: equalErrorRate(curve),
  };
  if (trials.searches.length === 0) return verification;
  return {
    ...verification,
    rank1: rankOneRate(searches),
    fnirAtFpir1e1: fnirAtFpir(searches, 0.1).fnir,
    fnirAtFpir1e2: fnirAtFpir(searches, 0.01).fnir,
  };
}

/** The figures of ISO/IEC 19795 for one protocol's trials, with intervals. */
export function figuresOf(trials: Trials, { splitSeed, resamples }: FigureConfig = FIGURES): Figures {
  const half = halves(trials.people, splitSeed);
  const once = new Uint32Array(trials.people).fill(1);
  const genuine = trials.comparisons.genuine.reduce((sum, value) => sum + value, 0);
  const intervals =
    resamples > 0
      ? bootstrapOverPeople(
          trials.people,
          (drawn) => measure(trials, half, drawn) as Record<FigureName, number>,
          {
            ...BOOTSTRAP,
            resamples,
          },
        )
      : {};
  return {
    genuine,
    impostor: trials.comparisons.genuine.length - genuine,
    people: trials.people,
    values: measure(trials, half, once),
    intervals,
    det: detPoints(rocCurve(trials.comparisons), 60, 1e-4),
  };
}
