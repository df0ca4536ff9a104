import { mulberry32 } from '@rounz/core/math/random.ts';
import { BOOTSTRAP, bootstrapOverPeople, type Interval, pairWeight } from '@rounz/core/metrics/bootstrap.ts';
import { balancedF1, bestF1Threshold } from '@rounz/core/metrics/f1.ts';
import { type Histogram, scoreHistogram } from '@rounz/core/metrics/histogram.ts';
import { fnirAtFpir, rankOneRate } from '@rounz/core/metrics/identification.ts';
import {
  detPoints,
  equalErrorRate,
  type RocCurve,
  ratesAt,
  rocCurve,
  tarAtFmr,
} from '@rounz/core/metrics/roc.ts';
import { type PersonSearch, selectTrials, type Trials } from './trials.ts';

export interface FigureConfig {
  /** parts the people in two halves: the threshold of F1 comes from one and its value from the other */
  readonly splitSeed: number;
  /** how often the people are drawn anew for the intervals; 0 for none */
  readonly resamples: number;
}

export const FIGURES: FigureConfig = { splitSeed: 2020, resamples: 1000 };

/** Points of a DET curve, and the lowest FMR that it shows. */
const DET = { count: 80, lowest: 1e-4 } as const;
/** Bars of a histogram of scores. */
const BARS = 60;

/** In the order of the tables. Every figure is a rate from 0 to 1. */
export const FIGURE_NAMES = [
  'f1',
  'f1Median',
  'fmr',
  'fnmr',
  'tarAtFmr1e2',
  'tarAtFmr1e3',
  'eer',
  'rank1',
  'fnirAtFpir1e1',
  'fnirAtFpir1e2',
  'fnirAtFpir1e3',
] as const;
export type FigureName = (typeof FIGURE_NAMES)[number];
export type FigureValues = Partial<Record<FigureName, number>>;

export interface Figures {
  readonly genuine: number;
  readonly impostor: number;
  /** people compared */
  readonly people: number;
  /** probes that searched the gallery, and the people in it; 0 where there is none */
  readonly searches: number;
  readonly gallerySize: number;
  /** a figure that is not defined for the group is absent */
  readonly values: FigureValues;
  /** 95 % intervals over people */
  readonly intervals: Partial<Record<FigureName, Interval>>;
  readonly det: Readonly<ReturnType<typeof detPoints>>;
  readonly histogram: Histogram;
}

/** 1 for the people of one half, 0 for the other's; a seeded shuffle. */
export function halves(people: number, seed: number): Uint8Array {
  const random = mulberry32(seed);
  const shuffled = Array.from({ length: people }, (_, person) => ({ person, key: random() })).sort(
    (a, b) => a.key - b.key,
  );
  const half = new Uint8Array(people);
  for (const { person } of shuffled.slice(0, Math.floor(people / 2))) half[person] = 1;
  return half;
}

/** Trials with their two halves of people cut out once: the bootstrap weighs them a thousand times. */
interface Prepared {
  readonly trials: Trials;
  /** comparisons within each half; undefined where one of them lacks a kind of comparison */
  readonly halves: readonly [Trials, Trials] | undefined;
}

function prepare(trials: Trials, splitSeed: number): Prepared {
  const { people, first, second } = trials;
  const half = halves(people, splitSeed);
  const within = (side: number) =>
    selectTrials(
      trials,
      (row) => half[first[row]!] === side && half[second[row]!] === side,
      () => false,
    );
  const [one, other] = [within(0), within(1)];
  return { trials, halves: one && other ? [one, other] : undefined };
}

const drawnWeights = ({ first, second }: Trials, drawn: Uint32Array): Float64Array => {
  const weights = new Float64Array(first.length);
  for (let row = 0; row < weights.length; row++) weights[row] = pairWeight(drawn, first[row]!, second[row]!);
  return weights;
};

const drawnCurve = (trials: Trials, drawn: Uint32Array): RocCurve =>
  rocCurve(trials.comparisons, drawnWeights(trials, drawn));

/**
 * Balanced F1 with the threshold that is best for the other half of the people, and the error rates at that threshold; mean
 * over both halves. NaN where a draw leaves a half nothing to compare.
 */
function heldOut(
  parts: readonly [Trials, Trials],
  drawn: Uint32Array,
): Record<'f1' | 'fmr' | 'fnmr', number> {
  const curves = parts.map((part) => drawnCurve(part, drawn));
  const rates = curves.map((curve, side) => ratesAt(curve, bestF1Threshold(curves[1 - side]!).threshold));
  const mean = (of: (point: { fmr: number; tar: number }) => number) => (of(rates[0]!) + of(rates[1]!)) / 2;
  return { f1: mean(balancedF1), fmr: mean(({ fmr }) => fmr), fnmr: mean(({ tar }) => 1 - tar) };
}

/**
 * The verification figures of a curve. `f1Median`, the rule of the challenge's baseline: of as many genuine as impostor
 * pairs it accepts half, so that FMR + TAR = 1; then F1 = 2 TAR / (TAR + FMR + 1) = TAR = 1 - EER.
 */
const curveFigures = (curve: RocCurve): FigureValues => ({
  f1Median: 1 - equalErrorRate(curve),
  tarAtFmr1e2: tarAtFmr(curve, 0.01).tar,
  tarAtFmr1e3: tarAtFmr(curve, 0.001).tar,
  eer: equalErrorRate(curve),
});

const searchFigures = (searches: readonly PersonSearch[]): FigureValues => ({
  rank1: rankOneRate(searches),
  fnirAtFpir1e1: fnirAtFpir(searches, 0.1).fnir,
  fnirAtFpir1e2: fnirAtFpir(searches, 0.01).fnir,
  fnirAtFpir1e3: fnirAtFpir(searches, 0.001).fnir,
});

const drawnSearches = (searches: readonly PersonSearch[], drawn: Uint32Array): PersonSearch[] =>
  searches.flatMap((search) => Array.from({ length: drawn[search.person]! }, () => search));

/** All figures of the trials, each person counted as often as drawn. */
function measure({ trials, halves: parts }: Prepared, drawn: Uint32Array): FigureValues {
  const verification = {
    ...(parts ? heldOut(parts, drawn) : {}),
    ...curveFigures(drawnCurve(trials, drawn)),
  };
  if (trials.searches.length === 0) return verification;
  return { ...verification, ...searchFigures(drawnSearches(trials.searches, drawn)) };
}

/** Leaves out what is not defined. */
const defined = <T>(values: Partial<Record<FigureName, T>>, holds: (value: T) => boolean) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => holds(value))) as Partial<
    Record<FigureName, T>
  >;

function withIntervals(people: number, resamples: number, statistics: (drawn: Uint32Array) => FigureValues) {
  const values = statistics(new Uint32Array(people).fill(1));
  const intervals =
    resamples > 0
      ? bootstrapOverPeople(people, (drawn) => statistics(drawn) as Record<FigureName, number>, {
          ...BOOTSTRAP,
          resamples,
        })
      : {};
  return {
    values: defined(values, (value) => !Number.isNaN(value)),
    intervals: defined<Interval>(intervals, ({ low, high }) => !Number.isNaN(low) && !Number.isNaN(high)),
  };
}

/** The figures of ISO/IEC 19795 for one protocol's trials, with intervals. */
export function figuresOf(trials: Trials, { splitSeed, resamples }: FigureConfig = FIGURES): Figures {
  const prepared = prepare(trials, splitSeed);
  const { comparisons } = trials;
  const genuine = comparisons.genuine.reduce((sum, value) => sum + value, 0);
  return {
    genuine,
    impostor: comparisons.genuine.length - genuine,
    people: trials.people,
    searches: trials.searches.length,
    gallerySize: trials.gallerySize,
    ...withIntervals(trials.people, resamples, (drawn) => measure(prepared, drawn)),
    det: detPoints(rocCurve(comparisons), DET.count, DET.lowest),
    histogram: scoreHistogram(comparisons, BARS),
  };
}

/** Figures of one system less another's over the same comparisons; intervals of the difference, from the same draws. */
export function differenceOf(
  trials: Trials,
  base: Trials,
  { splitSeed, resamples }: FigureConfig = FIGURES,
): Pick<Figures, 'values' | 'intervals'> {
  const prepared = [trials, base].map((one) => prepare(one, splitSeed));
  return withIntervals(trials.people, resamples, (drawn) => {
    const [own, other] = prepared.map((one) => measure(one, drawn)) as [FigureValues, FigureValues];
    const entries = FIGURE_NAMES.flatMap((name) =>
      own[name] === undefined || other[name] === undefined ? [] : [[name, own[name] - other[name]]],
    );
    return Object.fromEntries(entries) as FigureValues;
  });
}

/** Identification alone, e.g. over galleries of another size. */
export function identificationOf(
  searches: readonly PersonSearch[],
  people: number,
  gallerySize: number,
  { resamples }: FigureConfig = FIGURES,
): Figures {
  return {
    genuine: 0,
    impostor: 0,
    people,
    searches: searches.length,
    gallerySize,
    ...withIntervals(people, resamples, (drawn) => searchFigures(drawnSearches(searches, drawn))),
    det: [],
    histogram: { from: 0, to: 1, genuine: [], impostor: [], failedGenuine: 0, failedImpostor: 0 },
  };
}
