import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { challengeLabel } from '@rounz/core/metrics/f1.ts';
import { isPictureName } from '../data/formats.ts';
import { visible } from '../data/names.ts';
import type { SetFile } from '../data/set-file.ts';
import { linesOf } from '../data/text-list.ts';

/** Two pictures that nobody has labelled. */
export interface OpenPair {
  readonly first: string;
  readonly second: string;
}

/**
 * Reads pairs from lines of two names with commas or blanks between them; a third column is not looked at, and neither is
 * a header that begins with `image1`.
 *
 * @throws Error that names the line without two names
 */
export function parseOpenPairs(text: string): OpenPair[] {
  return linesOf(text).flatMap(({ number, text: line }, row) => {
    if (row === 0 && line.trim().startsWith('image1')) return [];
    const [first, second] = line.trim().split(/[\s,]+/);
    if (!first || !second)
      throw new Error(`Line ${number} of the pairs does not name two pictures: ${visible(line)}`);
    return [{ first, second }];
  });
}

/** Lines of `prediction.txt`: `image1 image2 label`, 0 for one person. */
export const formatPredictions = (
  pairs: readonly OpenPair[],
  scores: readonly number[],
  threshold: number,
): string =>
  pairs
    .map(({ first, second }, row) => {
      const score = scores[row]!;
      // A face that was not found is accepted as nobody, whatever the threshold.
      const label = score === Number.NEGATIVE_INFINITY ? 1 : challengeLabel(score, threshold);
      return `${first} ${second} ${label}\n`;
    })
    .join('');

/** A name may come without its extension, and with a folder before it. */
export async function* picturesOf(folder: string, names: readonly string[]): AsyncGenerator<SetFile> {
  for (const path of names) {
    const file = join(folder, isPictureName(path) ? basename(path) : `${basename(path)}.jpg`);
    yield { path, bytes: await readFile(file).catch(() => Buffer.alloc(0)) };
  }
}
