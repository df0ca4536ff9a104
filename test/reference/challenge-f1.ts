import type { ChallengeLabel } from '@rounz/core/metrics/f1.ts';

/**
 * The challenge's metric: F1 over its pairs with label 0 (one person) as the positive class; 0 where no pair is or is said to
 * be positive.
 *
 * @throws RangeError where the lists differ in length
 */
export function challengeF1(answers: readonly ChallengeLabel[], truth: readonly ChallengeLabel[]): number {
  if (answers.length !== truth.length)
    throw new RangeError(`${answers.length} answers came for ${truth.length} pairs.`);
  let both = 0;
  let either = 0;
  for (const [row, answer] of answers.entries()) {
    both += Number(answer === 0 && truth[row] === 0);
    either += Number(answer === 0) + Number(truth[row] === 0);
  }
  return either === 0 ? 0 : (2 * both) / either;
}
