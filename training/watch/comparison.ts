import type { ChallengeEvaluation } from '../evaluation/challenge-evaluation.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { alignColumns, formatFigure, IDENTIFICATION, VERIFICATION } from '../evaluation/report.ts';
import { challengeSection } from './challenge-section.ts';
import { detChart, figureCell, rocChart } from './evaluation-sections.ts';
import { escapeText } from './markup.ts';
import { COLOUR_COUNT, columns, htmlTable, page, section } from './page.ts';
import { buckets, type RunLog } from './run-log.ts';
import { curvesOf, logChart, titleOf } from './run-sections.ts';
import { compact } from './scale.ts';

/** Rows at the end of a run over which its last values are meant: single steps jump. */
const LATE = 50;

/** Keys of a configuration with their values, `a.b.c`. */
export function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...flatten(inner, path ? `${path}.${key}` : key)]),
  );
}

/** A row for each key that is not alike in all runs; runs without a configuration show nothing. */
export function differences(runs: readonly Pick<RunLog, 'config'>[]): [key: string, ...values: string[]][] {
  const flat = runs.map(({ config }) => flatten(config ?? {}));
  const keys = [...new Set(flat.flatMap((one) => [...one.keys()]))].filter((key) => key !== '');
  return keys
    .filter((key) => new Set(flat.map((one) => one.get(key))).size > 1)
    .map((key) => [key, ...flat.map((one) => one.get(key) ?? '–')]);
}

/** What each run came to: a row a number, a column a run. */
function outcomes(runs: readonly RunLog[]): string[][] {
  const numbers = (rows: (run: RunLog) => RunLog['steps'], late: number, prefix: string) =>
    [...new Set(runs.flatMap((run) => curvesOf(rows(run))))].map((name) => [
      prefix + titleOf(name),
      ...runs.map((run) => {
        const [last] = buckets(rows(run).slice(-late), name, 1);
        return last ? compact(last.mean) : '–';
      }),
    ]);
  return [
    ['images seen', ...runs.map(({ steps }) => compact(steps.at(-1)?.imagesSeen ?? 0))],
    ...numbers(({ steps }) => steps, LATE, 'train: '),
    ...numbers(({ validation }) => validation, 1, 'validation: '),
  ];
}

/** Groups of evaluations that were measured on the same pictures. */
function bySet(evaluations: readonly Evaluation[]): Map<string, Evaluation[]> {
  const sets = new Map<string, Evaluation[]>();
  for (const one of evaluations) sets.set(one.set, [...(sets.get(one.set) ?? []), one]);
  return sets;
}

const COLUMNS = [...VERIFICATION, ...IDENTIFICATION];

function evaluationText(set: string, evaluations: readonly Evaluation[]): string[] {
  const shown = COLUMNS.filter(({ name }) =>
    evaluations.some(({ groups }) => groups['all']?.values[name] !== undefined),
  );
  const rows = evaluations.map(({ recogniser, groups }) => [
    recogniser,
    ...shown.map(({ name }) => (groups['all'] ? formatFigure(groups['all'], name) : '-')),
  ]);
  return ['', set, ...alignColumns([['', ...shown.map(({ title }) => title)], ...rows])];
}

/** The comparison for the terminal. */
export function formatComparison(runs: readonly RunLog[], evaluations: readonly Evaluation[]): string {
  const head = ['', ...runs.map(({ name }) => name)];
  const lines: string[] = [];
  if (runs.length > 0) {
    lines.push(...alignColumns([head, ...outcomes(runs)]));
    const unlike = differences(runs);
    if (unlike.length > 0) lines.push('', 'Configured unlike:', ...alignColumns([head, ...unlike]));
  }
  for (const [set, list] of bySet(evaluations)) lines.push(...evaluationText(set, list));
  return `${lines.join('\n')}\n`;
}

function evaluationPart(set: string, evaluations: readonly Evaluation[]): string {
  const curves = evaluations
    .slice(0, COLOUR_COUNT)
    .flatMap(({ recogniser, groups }) =>
      groups['all'] ? [{ name: recogniser, det: groups['all'].det }] : [],
    );
  const groups = [...new Set(evaluations.flatMap((one) => Object.keys(one.groups)))];
  const tables = COLUMNS.filter(({ name }) => ['f1', 'tarAtFmr1e2', 'rank1'].includes(name)).map(
    ({ name, title }) => {
      const shown = groups.filter((group) =>
        evaluations.some((one) => one.groups[group]?.values[name] !== undefined),
      );
      if (shown.length === 0) return '';
      const rows = evaluations.map((one) => [
        escapeText(one.recogniser),
        ...shown.map((group) => (one.groups[group] ? figureCell(one.groups[group], name) : '–')),
      ]);
      return `<h3>${escapeText(title)}</h3>${htmlTable(['', ...shown], rows)}`;
    },
  );
  return section(
    set,
    'Small figures: 95\u00a0% intervals over people.',
    columns([detChart(curves), rocChart(curves)]) + tables.join(''),
  );
}

/** Every number's curves over each other, a colour a run, then what the runs were configured unlike in. */
function runsPart(runs: readonly RunLog[]): string {
  const head = ['', ...runs.map(({ name }) => name)];
  const cells = (rows: readonly (readonly string[])[]) => rows.map((row) => row.map(escapeText));
  const shown = runs.slice(0, COLOUR_COUNT);
  const chartsOf = (rows: (run: RunLog) => RunLog['steps']) => {
    const names = new Set(shown.flatMap((run) => curvesOf(rows(run))));
    return [...names].map((name) =>
      logChart(
        name,
        shown.map((run) => [run.name, rows(run)] as const),
      ),
    );
  };
  const charts = [...chartsOf(({ validation }) => validation), ...chartsOf(({ steps }) => steps)];
  const unlike = differences(runs);
  const config = unlike.length > 0 ? `<h3>Configured unlike</h3>${htmlTable(head, cells(unlike))}` : '';
  const lead = `Last values: means over the last ${LATE} steps.`;
  return section('Runs', lead, htmlTable(head, cells(outcomes(runs))) + columns(charts) + config);
}

/** Files of one task become one: their systems stand in one table. */
export function mergeChallenges(challenges: readonly ChallengeEvaluation[]): ChallengeEvaluation[] {
  const merged = new Map<string, ChallengeEvaluation>();
  for (const one of challenges) {
    const key = `${one.task} ${one.folder}`;
    const before = merged.get(key);
    merged.set(key, before ? { ...before, systems: [...before.systems, ...one.systems] } : one);
  }
  return [...merged.values()];
}

/** The comparison as one HTML page. */
export function comparisonPage(
  runs: readonly RunLog[],
  evaluations: readonly Evaluation[],
  challenges: readonly ChallengeEvaluation[] = [],
): string {
  const parts = [
    ...(runs.length > 0 ? [runsPart(runs)] : []),
    ...challenges.map(challengeSection),
    ...[...bySet(evaluations)].map(([set, list]) => evaluationPart(set, list)),
  ];
  const names = new Set([
    ...runs.map(({ name }) => name),
    ...evaluations.map(({ recogniser }) => recogniser),
    ...challenges.flatMap(({ systems }) => systems.map(({ name }) => name)),
  ]);
  const title = `Comparison: ${[...names].slice(0, 4).join(', ')}`;
  return page(title, `Of ${new Date().toISOString().slice(0, 10)}.`, parts.join('\n'));
}
