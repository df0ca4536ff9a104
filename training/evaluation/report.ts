import type { FigureName, Figures } from './figures.ts';

/** What `evaluate` found; its JSON file is this. */
export interface Evaluation {
  readonly recogniser: string;
  readonly set: string;
  readonly protocol: string;
  readonly pictures: number;
  /** pictures in which no face was found: each of their comparisons counts as refused */
  readonly failedToAcquire: number;
  /** `all`, and each accessory */
  readonly groups: Readonly<Record<string, Figures>>;
}

const COLUMNS: readonly { readonly name: FigureName; readonly title: string }[] = [
  { name: 'f1', title: 'F1' },
  { name: 'tarAtFmr1e2', title: 'TAR@FMR 1%' },
  { name: 'tarAtFmr1e3', title: 'TAR@FMR 0.1%' },
  { name: 'rank1', title: 'rank-1' },
  { name: 'eer', title: 'EER' },
  { name: 'fnirAtFpir1e1', title: 'FNIR@FPIR 10%' },
  { name: 'fnirAtFpir1e2', title: 'FNIR@FPIR 1%' },
];

/** A table for the terminal: a row a group, figures with their 95 % intervals. */
export function formatEvaluation({
  recogniser,
  set,
  protocol,
  pictures,
  failedToAcquire,
  groups,
}: Evaluation): string {
  const shown = COLUMNS.filter(({ name }) => Object.values(groups).some(({ values }) => name in values));
  const rows = Object.entries(groups).map(([group, figures]) => [
    group,
    String(figures.genuine),
    String(figures.impostor),
    ...shown.map(({ name }) => cell(figures, name)),
  ]);
  const people = Math.max(...Object.values(groups).map((figures) => figures.people));
  return [
    `${recogniser} on ${set}: ${protocol}`,
    `${people} people, ${pictures} pictures, no face found in ${failedToAcquire}`,
    '',
    ...alignColumns([['', 'genuine', 'impostor', ...shown.map(({ title }) => title)], ...rows]),
    '',
    'F1 of as many genuine as impostor pairs, its threshold from the other half of the people; in brackets 95 % intervals',
    'over people; FNIR and rank-1 over searches of a gallery with one picture of each person.',
    '',
  ].join('\n');
}

function cell({ values, intervals }: Figures, name: FigureName): string {
  const value = values[name];
  const interval = intervals[name];
  if (value === undefined || Number.isNaN(value)) return '-';
  return interval
    ? `${value.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`
    : value.toFixed(3);
}

function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
