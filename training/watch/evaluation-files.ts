import { readFileSync } from 'node:fs';
import { type ChallengeEvaluation, challengeEvaluationSchema } from '../evaluation/challenge-evaluation.ts';
import { type Evaluation, evaluationFileSchema } from '../evaluation/evaluation.ts';

/** What a file of `evaluate --json` holds. */
export interface Measurements {
  /** the recogniser measured, then the members of the ensemble or the other number formats */
  readonly measured: readonly Evaluation[];
  /** of a task of the challenge */
  readonly challenge: readonly ChallengeEvaluation[];
}

/** @throws Error where the file is none of `evaluate --json` */
export function readEvaluationFile(file: string): Measurements {
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const isChallenge = typeof content === 'object' && content !== null && 'kind' in content;
  if (isChallenge) return { measured: [], challenge: [parse(challengeEvaluationSchema, content, file)] };
  const { others, ...first } = parse(evaluationFileSchema, content, file);
  return { measured: [first, ...others], challenge: [] };
}

function parse<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  content: unknown,
  file: string,
): T {
  const { data } = schema.safeParse(content);
  if (data === undefined)
    throw new Error(`${file} is not a file of \`evaluate --json\`, or of another version: measure again.`);
  return data;
}
