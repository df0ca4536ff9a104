import type { Evaluation } from '../evaluation/evaluation.ts';
import type { FigureName, Figures } from '../evaluation/figures.ts';
import { type Column, IDENTIFICATION, shareOf, thresholdText, VERIFICATION } from '../evaluation/report.ts';
import { histogramChart, intervalChart, lineChart, type Series } from './chart.ts';
import { element, escapeText } from './markup.ts';
import { COLOUR_COUNT, columns, htmlTable, section, tiles } from './page.ts';
import { percent } from './scale.ts';
import type { Thumbnail } from './thumbnails.ts';

/** Range of the rates in both plots. */
const RATES = { from: 1e-4, to: 0.6 } as const;

/** Curves of one or several evaluations over the same axes. */
export interface Curve {
  readonly name: string;
  readonly det: Figures['det'];
}

const coloured = <T>(curves: readonly Curve[], of: (curve: Curve, colour: number) => T): T[] =>
  curves.filter(({ det }) => det.length > 0).map((curve, i) => of(curve, i % COLOUR_COUNT));

/** True accept rate over false match rate, the latter logarithmic. */
export const rocChart = (curves: readonly Curve[]): string =>
  lineChart({
    title: 'ROC',
    description: 'True accept rate over false match rate.',
    x: { kind: 'log', from: RATES.from, to: 1, label: 'false match rate' },
    y: { kind: 'linear', from: 0, to: 1, percent: true, label: 'true accept rate' },
    series: coloured(
      curves,
      ({ name, det }, colour): Series => ({
        name,
        colour,
        points: det.filter(({ fmr }) => fmr > 0).map(({ fmr, fnmr }) => ({ x: fmr, y: 1 - fnmr })),
      }),
    ),
    square: true,
  });

/** Both error rates on normal deviates (Martin et al. 1997). */
export const detChart = (curves: readonly Curve[]): string =>
  lineChart({
    title: 'DET, normal deviates',
    description: 'False non-match rate over false match rate, both on normal deviate scales.',
    x: { kind: 'probit', ...RATES, label: 'false match rate' },
    y: { kind: 'probit', from: 0.001, to: 0.99, label: 'false non-match rate' },
    series: coloured(
      curves,
      ({ name, det }, colour): Series => ({
        name,
        colour,
        points: det
          .filter(({ fmr, fnmr }) => fmr > 0 && fnmr > 0 && fmr <= RATES.to)
          .map(({ fmr, fnmr }) => ({ x: fmr, y: fnmr })),
      }),
    ),
    square: true,
  });

/** A figure over its interval, as a table's cell. */
export function figureCell({ values, intervals }: Figures, name: FigureName): string {
  const [value, interval] = [values[name], intervals[name]];
  if (value === undefined) return '–';
  const range = interval ? `<small>${interval.low.toFixed(3)}–${interval.high.toFixed(3)}</small>` : '';
  return value.toFixed(3) + range;
}

function groupTable(
  groups: Evaluation['groups'],
  shown: readonly Column[],
  counts: readonly (readonly [string, (figures: Figures) => number])[],
): string {
  const rows = Object.entries(groups)
    .filter(([, { values }]) => shown.some(({ name }) => values[name] !== undefined))
    .map(([group, figures]) => [
      escapeText(group),
      ...counts.map(([, of]) => of(figures).toLocaleString('en')),
      ...shown.map(({ name }) => figureCell(figures, name)),
    ]);
  if (rows.length === 0) return '';
  return htmlTable(['', ...counts.map(([title]) => title), ...shown.map(({ title }) => title)], rows);
}

function scoresChart({ histogram }: Figures, group: string): string {
  const { from, to, genuine, impostor } = histogram;
  return histogramChart({
    title: `Scores, ${group}`,
    description: `Scores of genuine and of impostor comparisons from ${from.toFixed(2)} to ${to.toFixed(2)}.`,
    label: 'score',
    from,
    to,
    series: [
      { name: 'impostor', counts: impostor, colour: 1 },
      { name: 'genuine', counts: genuine, colour: 0 },
    ],
  });
}

const BY_GROUP: readonly Column[] = [
  { name: 'f1', title: 'F1' },
  { name: 'tarAtFmr1e2', title: 'TAR at FMR 1 %' },
];

function groupChart(groups: Evaluation['groups']): string {
  const rows = Object.entries(groups).filter(([, { values }]) =>
    BY_GROUP.every(({ name }) => values[name] !== undefined),
  );
  return intervalChart(
    'By accessory and pose',
    BY_GROUP.map(({ title }) => title),
    rows.map(([name, { values, intervals }]) => ({
      name,
      values: BY_GROUP.map((column) => ({ value: values[column.name]!, ...intervals[column.name] })),
    })),
  );
}

/** The worst comparisons. Without pictures to show and names to tell, only how many there are. */
function mistakesPart({ mistakes }: Evaluation, thumbnails: Thumbnails): string {
  if (mistakes.length === 0) return '';
  const title = '<h3>Worst mistakes</h3>';
  if (!thumbnails.names)
    return `${title}<p class="soft">The ${mistakes.length} worst comparisons are in the evaluation’s file. Their pictures and names are left out: the data is not marked as rendered.</p>`;
  const items = mistakes.map(({ kind, score, first, second }) => {
    const images = [first, second].flatMap((path) => {
      const source = thumbnails.of.get(path);
      return source ? [`<img src="${source}" alt="">`] : [];
    });
    const shown = images.length > 0 ? `<div>${images.join('')}</div>` : '';
    const what = kind === 'genuine' ? 'one person, low score' : 'two people, high score';
    return element(
      'li',
      {},
      `${shown}<b>${score.toFixed(3)}</b> ${what}<br>${escapeText(first)}<br>${escapeText(second)}`,
    );
  });
  return `${title}${element('ul', { class: 'pairs' }, items.join(''))}`;
}

/** What the kiosk would do at the thresholds of the manifest. */
function thresholdPart({ thresholds }: Evaluation): string {
  const [first] = thresholds;
  if (!first) return '';
  const rows = thresholds.map(({ targetFpir, threshold, fpir, fnir }) => [
    percent(targetFpir),
    threshold.toFixed(4),
    fpir.toFixed(3),
    fnir.toFixed(3),
  ]);
  const title = `<h3>At the model’s own thresholds for ${first.gallerySize.toLocaleString('en')} people</h3>`;
  return title + htmlTable(['FPIR wanted', 'threshold', 'FPIR', 'FNIR'], rows);
}

/** What the impostors of several sets together say of a threshold. */
function pooledPart({ pooled }: Evaluation): string {
  if (!pooled) return '';
  const rows = pooled.points.map(({ targetFmr, threshold, fmr, tar, interval, bySet }) => [
    shareOf(targetFmr),
    thresholdText(threshold),
    shareOf(fmr),
    tar.toFixed(3) +
      (interval ? `<small>${interval.low.toFixed(3)}–${interval.high.toFixed(3)}</small>` : ''),
    ...bySet.map(shareOf),
  ]);
  const title =
    `<h3>At thresholds from ${pooled.impostor.toLocaleString('en')} impostor pairs of ` +
    `${pooled.sets.length} sets, ${pooled.people.toLocaleString('en')} people</h3>`;
  const sets = pooled.sets.map(({ set }) => `FMR, ${set}`);
  return title + htmlTable(['FMR wanted', 'threshold', 'FMR', 'TAR', ...sets], rows);
}

/** What may be shown of the pictures. */
export interface Thumbnails {
  /** whether the pictures’ paths, which may hold people’s names, are printed */
  readonly names: boolean;
  /** data URLs by path; empty where no picture is shown */
  readonly of: ReadonlyMap<string, Thumbnail>;
}

/** Everything that one evaluation found. */
export function evaluationSection(evaluation: Evaluation, thumbnails: Thumbnails): string {
  const { groups, recogniser, set, protocol, pictures, failedToAcquire, date } = evaluation;
  const all = groups['all'];
  if (!all) return '';
  const rate = (name: FigureName) => (all.values[name] === undefined ? '–' : all.values[name].toFixed(3));
  const glance = tiles([
    ['F1, threshold from the other half of the people', rate('f1')],
    ['TAR at FMR 1 %', rate('tarAtFmr1e2')],
    ['equal error rate', rate('eer')],
    ['rank-1', rate('rank1')],
    [
      `no face found, of ${pictures.toLocaleString('en')} pictures`,
      percent(failedToAcquire / Math.max(1, pictures)),
    ],
  ]);
  const names = Object.keys(groups).filter((group) => groups[group]!.det.length > 0);
  const curves = names.slice(0, COLOUR_COUNT).map((name) => ({ name, det: groups[name]!.det }));
  const charts = columns([detChart(curves), rocChart(curves), scoresChart(all, 'all'), groupChart(groups)]);
  const verification = groupTable(groups, VERIFICATION, [
    ['genuine', ({ genuine }) => genuine],
    ['impostor', ({ impostor }) => impostor],
  ]);
  const identification = groupTable(groups, IDENTIFICATION, [
    ['searches', ({ searches }) => searches],
    ['gallery', ({ gallerySize }) => gallerySize],
  ]);
  return section(
    `${set}`,
    `${recogniser}; ${protocol}; ${all.people.toLocaleString('en')} people; ${date}. Small figures: 95\u00a0% intervals over people. A picture without a face refuses every comparison.`,
    `${glance}${charts}<h3>Verification</h3>${verification}<h3>Identification</h3>${identification}${thresholdPart(evaluation)}${pooledPart(evaluation)}${mistakesPart(evaluation, thumbnails)}`,
  );
}
