import type { Evaluation } from './evaluation.ts';
import type { FigureName, Figures } from './figures.ts';

export interface Column {
  readonly name: FigureName;
  readonly title: string;
}

export const VERIFICATION: readonly Column[] = [
  { name: 'f1', title: 'F1' },
  { name: 'f1Median', title: 'F1, median rule' },
  { name: 'fmr', title: 'FMR' },
  { name: 'fnmr', title: 'FNMR' },
  { name: 'tarAtFmr1e2', title: 'TAR@FMR 1%' },
  { name: 'tarAtFmr1e3', title: 'TAR@FMR 0.1%' },
  { name: 'eer', title: 'EER' },
];

export const IDENTIFICATION: readonly Column[] = [
  { name: 'rank1', title: 'rank-1' },
  { name: 'fnirAtFpir1e1', title: 'FNIR@FPIR 10%' },
  { name: 'fnirAtFpir1e2', title: 'FNIR@FPIR 1%' },
  { name: 'fnirAtFpir1e3', title: 'FNIR@FPIR 0.1%' },
];

/** Tables for the terminal: a row a group, figures with their 95 % intervals. */
export function formatEvaluation(evaluation: Evaluation): string {
  const { recogniser, set, protocol, pictures, failedToAcquire, groups } = evaluation;
  const people = Math.max(...Object.values(groups).map((figures) => figures.people));
  return [
    `${recogniser} on ${set}: ${protocol}`,
    `${people} people, ${pictures} pictures, no face found in ${failedToAcquire}`,
    '',
    ...table(groups, VERIFICATION, [
      ['genuine', ({ genuine }) => String(genuine)],
      ['impostor', ({ impostor }) => String(impostor)],
    ]),
    '',
    ...table(groups, IDENTIFICATION, [
      ['searches', ({ searches }) => String(searches)],
      ['gallery', ({ gallerySize }) => String(gallerySize)],
    ]),
    '',
    ...thresholdTable(evaluation),
    ...pooledTable(evaluation),
    'F1 of as many genuine as impostor pairs, its threshold from the other half of the people, FMR and FNMR at that threshold;',
    'the median rule takes the threshold that accepts half of the pairs; in brackets 95 % intervals over people. Searches of a',
    'gallery with one picture of each person; FPIR: the same searches without the mate. A picture without a face is in `all` and refuses every comparison.',
    '',
  ].join('\n');
}

/** What the kiosk would do: the manifest's thresholds for a gallery of this size. */
function thresholdTable({ thresholds }: Evaluation): string[] {
  const [first] = thresholds;
  if (!first) return [];
  const rows = thresholds.map(({ targetFpir, threshold, fpir, fnir }) => [
    shareOf(targetFpir),
    threshold.toFixed(4),
    fpir.toFixed(3),
    fnir.toFixed(3),
  ]);
  return [
    `At the model’s own thresholds for ${first.gallerySize} people:`,
    ...alignColumns([['FPIR wanted', 'threshold', 'FPIR', 'FNIR'], ...rows]),
    '',
  ];
}

/** Writes a rate as a share of a hundred, as short as it can be told. */
export const shareOf = (value: number): string => `${Number((value * 100).toPrecision(2))} %`;

/** A threshold; Infinity accepts nothing. */
export const thresholdText = (threshold: number): string =>
  Number.isFinite(threshold) ? threshold.toFixed(4) : 'accepts none';

/** What the impostors of several sets together say of a threshold. */
function pooledTable({ pooled }: Evaluation): string[] {
  if (!pooled) return [];
  const rows = pooled.points.map(({ targetFmr, threshold, fmr, tar, interval, bySet }) => [
    shareOf(targetFmr),
    thresholdText(threshold),
    shareOf(fmr),
    interval ? `${tar.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]` : tar.toFixed(3),
    ...bySet.map(shareOf),
  ]);
  const head = ['FMR wanted', 'threshold', 'FMR', 'TAR', ...pooled.sets.map(({ set }) => `FMR, ${set}`)];
  return [
    `At thresholds from ${pooled.impostor} impostor pairs of ${pooled.sets.length} sets, ${pooled.people} people, each pair within a set:`,
    ...alignColumns([head, ...rows]),
    '',
  ];
}

type CountColumn = readonly [title: string, of: (figures: Figures) => string];

/** The groups that have any of the columns. */
function table(
  groups: Evaluation['groups'],
  columns: readonly Column[],
  counts: readonly CountColumn[],
): string[] {
  const shown = Object.entries(groups).filter(([, { values }]) =>
    columns.some(({ name }) => values[name] !== undefined),
  );
  if (shown.length === 0) return [];
  const head = ['', ...counts.map(([title]) => title), ...columns.map(({ title }) => title)];
  const rows = shown.map(([group, figures]) => [
    group,
    ...counts.map(([, of]) => of(figures)),
    ...columns.map(({ name }) => formatFigure(figures, name)),
  ]);
  return alignColumns([head, ...rows]);
}

export function formatFigure(
  { values, intervals }: Pick<Figures, 'values' | 'intervals'>,
  name: FigureName,
): string {
  const value = values[name];
  const interval = intervals[name];
  if (value === undefined) return '-';
  return interval
    ? `${value.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`
    : value.toFixed(3);
}

/** Pads every column to its widest cell. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
