import type { ChallengeEvaluation } from '../evaluation/challenge-evaluation.ts';
import { intervalChart } from './chart.ts';
import { detChart, rocChart } from './evaluation-sections.ts';
import { escapeText } from './markup.ts';
import { COLOUR_COUNT, columns, htmlTable, section } from './page.ts';

const TITLES = { '03': 'Task 03: front against side', '05': 'Task 05: bare against accessory' } as const;

const rate = (value: number | null): string =>
  value === null || Number.isNaN(value) ? '–' : value.toFixed(4);

/** The systems of a task side by side: F1 and its rates, curves, and F1 by what the second picture shows. */
export function challengeSection({ task, systems, date }: ChallengeEvaluation): string {
  const curves = systems
    .slice(0, COLOUR_COUNT)
    .map(({ name, role, det }) => ({ name: `${name}, ${role}`, det }));
  const shown = systems.map(({ name, role, f1, f1Interval }) => ({
    name: systems.length > 1 ? `${role} ${shortName(name)}` : shortName(name),
    values: [{ value: f1, ...f1Interval }],
  }));
  const head = [
    '',
    'role',
    'F1',
    'F1 on validation',
    'threshold',
    'F1, median rule',
    'FMR',
    'FNMR',
    'TAR@FMR 1%',
    'EER',
    'no face',
  ];
  const rows = systems.map((one) => [
    escapeText(one.name),
    one.role,
    rate(one.f1) +
      (one.f1Interval ? `<small>${rate(one.f1Interval.low)}–${rate(one.f1Interval.high)}</small>` : ''),
    rate(one.validationF1),
    rate(one.threshold),
    rate(one.f1Median),
    rate(one.fmr),
    rate(one.fnmr),
    rate(one.tarAtFmr1e2),
    rate(one.eer),
    String(one.failedToAcquire),
  ]);
  const first = systems[0]!;
  const conditions = Object.keys(first.conditions);
  const byCondition = systems.map((one) => [
    escapeText(one.name),
    ...conditions.map((name) => rate(one.conditions[name]?.f1 ?? null)),
  ]);
  return section(
    TITLES[task],
    `${first.pairs.toLocaleString('en')} test pairs, ${first.genuine.toLocaleString('en')} of one person; the threshold is fixed on the validation pairs; small figures: 95\u00a0% intervals over people; ${date}.`,
    htmlTable(head, rows) +
      columns([detChart(curves), rocChart(curves), intervalChart('F1', ['F1'], shown)]) +
      `<h3>F1 by what the second picture shows</h3>${htmlTable(['', ...conditions], byCondition)}`,
  );
}

/** The axis has room for a name without its hash. */
const shortName = (name: string): string => name.replace(/ \(.*\)$/, '');
