import { type Chart, lineChart, type Series } from './chart.ts';
import { columns, folded, section, tiles } from './page.ts';
import { buckets, type LogRow, type RunLog } from './run-log.ts';
import { compact, percent } from './scale.ts';

/** Most points of a curve: a screen does not show more. */
const POINTS = 160;
/** Steps that a point is the mean of, at least, where there are many: single steps jump. */
const STEPS_A_POINT = 5;

/** Numbers that say where a step was or what it was tried on, not how it went. */
const POSITIONS = ['imagesSeen', 'totalImages', 'genuinePairs', 'impostorPairs'];

/** How the trainer's numbers read; others are shown under their own names. */
const TITLES: Readonly<Record<string, string>> = {
  loss: 'Loss',
  distillation: 'Distillation loss',
  arcface: 'ArcFace loss',
  gradientNorm: 'Length of the gradient',
  rate: 'Learning rate',
  size: 'Input side, pixels',
  imagesPerSecond: 'Images a second',
  accuracy: 'Training accuracy',
  tarAtFmr1: 'TAR at FMR 1 %',
  tarAtFmr01: 'TAR at FMR 0.1 %',
};

export const titleOf = (name: string): string => TITLES[name] ?? name;

/** Names of the numbers that vary in these rows. */
export function curvesOf(rows: readonly LogRow[]): string[] {
  const names = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...names].filter((name) => {
    if (POSITIONS.includes(name)) return false;
    const values = new Set(rows.flatMap((row) => (Number.isFinite(row[name]) ? [row[name]] : [])));
    return values.size > 1 || (rows.length === 1 && values.size === 1);
  });
}

const pointsOf = (rows: number): number =>
  rows < 10 * STEPS_A_POINT ? rows : Math.min(POINTS, Math.ceil(rows / STEPS_A_POINT));

/** One number over the images seen, a colour a run: the mean of neighbouring steps and the band of their extremes. */
export function logChart(
  name: string,
  logs: readonly (readonly [run: string, rows: readonly LogRow[]])[],
): string {
  const alone = logs.length === 1;
  const series = logs.flatMap(([run, rows], colour): Series[] => {
    const parts = buckets(rows, name, pointsOf(rows.length));
    if (parts.length === 0) return [];
    const points = parts.map(({ x, mean }) => ({ x, y: mean }));
    const band = parts.map(({ x, low, high }) => ({ x, low, high }));
    return [{ name: run, points, colour, ...(alone ? { band } : {}) }];
  });
  const all = series.flatMap(({ points, band = [] }) => [
    ...points.map(({ y }) => y),
    ...band.flatMap(({ low, high }) => [low, high]),
  ]);
  const { from, to } = rangeOf(all);
  const last = series
    .map(({ name: run, points }) => `${run} ends at ${compact(points.at(-1)!.y)}`)
    .join('; ');
  const chart: Chart = {
    title: titleOf(name),
    description: `${titleOf(name)} over images seen. ${last}.`,
    x: {
      kind: 'linear',
      from: 0,
      to: Math.max(1, ...series.flatMap(({ points }) => points.map(({ x }) => x))),
      label: 'images seen',
    },
    y: { kind: 'linear', from, to, label: '' },
    series,
  };
  return lineChart(chart);
}

/** The values with some air; from 0 where that costs little room. */
function rangeOf(values: readonly number[]): { from: number; to: number } {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  const air = (high - low) * 0.05 || Math.abs(high) * 0.1 || 1;
  const from = low >= 0 && (high === 0 || low < 0.4 * high) ? 0 : low - air;
  return { from, to: high + air };
}

/** Curves, figures at a glance and the configuration of one run. */
export function runSection(run: RunLog): string {
  const last = run.steps.at(-1);
  const tried = run.validation.at(-1);
  const speed = buckets(run.steps.slice(-200), 'imagesPerSecond', 1)[0]?.mean;
  const glance: [string, string][] = [
    ['images seen', compact(last?.imagesSeen ?? 0)],
    ['steps', compact(run.steps.length)],
  ];
  if (speed !== undefined) glance.push(['images a second, of late', compact(speed)]);
  const loss = buckets(run.steps.slice(-50), 'loss', 1)[0]?.mean;
  if (loss !== undefined) glance.push(['loss, of late', compact(loss)]);
  if (tried?.['tarAtFmr1'] !== undefined)
    glance.push(['validation TAR at FMR 1 %', percent(tried['tarAtFmr1'])]);
  const step = (name: string) => logChart(name, [[run.name, run.steps]]);
  const validation = (name: string) => logChart(name, [[run.name, run.validation]]);
  const charts = [...curvesOf(run.validation).map(validation), ...curvesOf(run.steps).map(step)];
  const config = run.config ? folded('Configuration', JSON.stringify(run.config, null, 2)) : '';
  const lead = run.backend ? `Trained on ${run.backend}.` : 'No checkpoint was written yet.';
  return section('Training', lead, tiles(glance) + columns(charts) + config);
}
