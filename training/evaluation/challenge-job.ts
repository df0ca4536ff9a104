import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Option } from 'commander';
import {
  type ChallengePair,
  type ChallengeTask,
  challengeNames,
  challengePictures,
  isChallengeFolder,
  type PairPart,
  readChallengePairs,
} from '../data/challenge-files.ts';
import type { KfaceCondition } from '../data/kface-condition.ts';
import { challengeFigures, type ScoredPair } from './challenge.ts';
import type { ChallengeEvaluation, ChallengeSystem } from './challenge-evaluation.ts';
import { type Captures, collectCaptures } from './collect.ts';
import type { System, View } from './model-recogniser.ts';

/** `--task`. */
export const taskOption = (): Option =>
  new Option(
    '--task <number>',
    'of the 2020 challenge: 03 front against side, 05 bare against accessory',
  ).choices(['03', '05'] satisfies ChallengeTask[]);

/**
 * The task's folder: the one given, or `task05` (`task03`) in it.
 *
 * @throws Error where neither holds the challenge's lists, or those of the other task
 */
export function challengeFolder(data: string, task: ChallengeTask): string {
  const folder = [data, join(data, `task${task}`), join(data, task)].find(
    (path) => existsSync(path) && isChallengeFolder(path),
  );
  if (!folder)
    throw new Error(
      `${data} holds no task ${task} of the challenge: there should be validate/validate_label.csv and test/test_label.csv, in it or in task${task}/.`,
    );
  return folder;
}

/** What the second picture of a pair is like. */
function conditionName(task: ChallengeTask, { accessory, yaw, camera }: KfaceCondition): string {
  if (task === '05') return accessory;
  return yaw === null ? `camera C${camera}` : `yaw ${Math.abs(yaw)}°`;
}

/** Embeds the pictures of a part, each once. */
export const capturePart = ({ recogniser }: System, folder: string, part: PairPart): Promise<Captures> =>
  collectCaptures(recogniser, challengePictures(folder, part), challengeNames(folder, part).length);

/** The score of two pictures of a part; -Infinity where either has no face. */
export function scoreOf(
  { recogniser: { similarity } }: System,
  { pick }: View,
  captures: Captures,
): (first: string, second: string) => number {
  return (first, second) => {
    const [a, b] = [captures.get(first), captures.get(second)];
    return a && b ? similarity(pick(a.embedding), pick(b.embedding)) : Number.NEGATIVE_INFINITY;
  };
}

export function scorePairs(
  system: System,
  view: View,
  captures: Captures,
  pairs: readonly ChallengePair[],
  task: ChallengeTask,
): ScoredPair[] {
  const score = scoreOf(system, view, captures);
  return pairs.map(({ first, second, label, people, conditions }) => ({
    score: score(first, second),
    label,
    people,
    condition: conditionName(task, conditions[1]),
  }));
}

/** Of several models the first view is the ensemble and the others its members; one alone is just a model. */
function roleOf(role: ChallengeEntry['role'], several: boolean, view: number): ChallengeSystem['role'] {
  if (several && view === 0) return 'ensemble';
  return role === 'member' && !several ? 'model' : role;
}

/** A system and its role. */
export interface ChallengeEntry {
  readonly role: 'member' | 'baseline';
  readonly system: System;
}

/**
 * Measures every reading of the systems on a task: the ensemble and its members, and whatever they are held against.
 *
 * @param folder of the task
 * @throws Error where the lists are of the other task
 */
export async function measureChallenge(
  systems: readonly ChallengeEntry[],
  folder: string,
  task: ChallengeTask,
  resamples: number,
): Promise<ChallengeEvaluation> {
  const [validation, test] = (['validate', 'test'] as const).map((part) => readChallengePairs(folder, part));
  for (const part of [validation!, test!])
    if (part.task !== task)
      throw new Error(`${part.folder} holds pairs of task ${part.task}, not of task ${task}.`);
  const results: ChallengeSystem[] = [];
  for (const { role, system } of systems) {
    const validated = await capturePart(system, folder, 'validate');
    const tested = await capturePart(system, folder, 'test');
    const failed = [...validated.values(), ...tested.values()].filter((capture) => capture === null).length;
    for (const [index, view] of system.views.entries()) {
      const figures = challengeFigures(
        scorePairs(system, view, validated, validation!.pairs, task),
        scorePairs(system, view, tested, test!.pairs, task),
        resamples,
      );
      const several = system.views.length > 1;
      results.push({
        name: view.name,
        role: roleOf(role, several, index),
        failedToAcquire: failed,
        ...figures,
      });
    }
  }
  return {
    format: 1,
    kind: 'challenge',
    task,
    folder,
    date: new Date().toISOString().slice(0, 10),
    systems: results,
  };
}
