import { z } from 'zod';
import type { ChallengeFigures } from './challenge.ts';
import { alignColumns } from './report.ts';

const rate = z.number().min(0).max(1);
/** JSON has no infinity: a threshold that accepts nothing is written as null. */
const threshold = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.POSITIVE_INFINITY);

const systemSchema = z.object({
  name: z.string(),
  role: z.enum(['ensemble', 'member', 'model', 'baseline']),
  failedToAcquire: z.int().min(0),
  pairs: z.int().min(1),
  genuine: z.int().min(0),
  threshold,
  validationF1: rate,
  f1: rate,
  f1Interval: z.object({ low: rate, high: rate }).optional(),
  fmr: rate,
  fnmr: rate,
  f1Median: rate,
  tarAtFmr1e2: rate,
  tarAtFmr1e3: rate,
  eer: rate,
  det: z.array(z.object({ threshold, fmr: rate, fnmr: rate })).readonly(),
  conditions: z.record(
    z.string(),
    z.object({ pairs: z.int().min(1), f1: rate, fmr: rate.nullable(), fnmr: rate.nullable() }),
  ),
});

/** What `evaluate --task` found; `--json` writes it, `report` and `compare` read it. */
export const challengeEvaluationSchema = z.object({
  format: z.literal(1),
  kind: z.literal('challenge'),
  task: z.enum(['03', '05']),
  folder: z.string(),
  date: z.string(),
  systems: z.array(systemSchema).min(1),
});

/** One system's figures, with its role. */
export interface ChallengeSystem extends ChallengeFigures {
  readonly name: string;
  readonly role: 'ensemble' | 'member' | 'model' | 'baseline';
  readonly failedToAcquire: number;
}

export type ChallengeEvaluation = z.infer<typeof challengeEvaluationSchema>;

const f1Of = ({ f1, f1Interval }: ChallengeEvaluation['systems'][number]): string =>
  f1Interval
    ? `${f1.toFixed(4)} [${f1Interval.low.toFixed(4)}, ${f1Interval.high.toFixed(4)}]`
    : f1.toFixed(4);

const TITLES = { '03': 'front against side', '05': 'bare against accessory' } as const;

/** Tables for the terminal: a row a system, then F1 by condition. */
export function formatChallenge({ task, systems, folder }: ChallengeEvaluation): string {
  const [first] = systems;
  const rows = systems.map((one) => [
    one.name,
    one.role,
    f1Of(one),
    one.validationF1.toFixed(4),
    one.threshold.toFixed(4),
    one.f1Median.toFixed(4),
    one.fmr.toFixed(4),
    one.fnmr.toFixed(4),
    one.tarAtFmr1e2.toFixed(4),
    one.tarAtFmr1e3.toFixed(4),
    one.eer.toFixed(4),
    String(one.failedToAcquire),
  ]);
  const head = ['', '', 'F1', 'F1 on validation', 'threshold', 'F1, median rule', 'FMR', 'FNMR'];
  const tail = ['TAR@FMR 1%', 'TAR@FMR 0.1%', 'EER', 'no face'];
  const conditions = Object.keys(first!.conditions);
  const byCondition = systems.map((one) => [
    one.name,
    ...conditions.map((name) => one.conditions[name]?.f1.toFixed(4) ?? '-'),
  ]);
  return [
    `Task ${task}, ${TITLES[task]}, ${folder}: ${first!.pairs} test pairs, ${first!.genuine} of one person`,
    '',
    ...alignColumns([[...head, ...tail], ...rows]),
    '',
    'F1 by what the second picture shows:',
    ...alignColumns([
      ['', ...conditions.map((name) => `${name} (${first!.conditions[name]!.pairs})`)],
      ...byCondition,
    ]),
    '',
    'F1 with label 0 (one person) as the positive class, the threshold fixed on the validation pairs; the median rule is the',
    '2020 baseline’s, at the test pairs’ own median. In brackets 95 % intervals over people.',
    '',
  ].join('\n');
}
