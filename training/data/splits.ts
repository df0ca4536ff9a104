import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CHALLENGE_PARTS, type ChallengePart } from './challenge-files.ts';
import { foldedName, normalName } from './names.ts';
import { readRows } from './text-list.ts';

/** What a picture is for. */
export type Part = ChallengePart;
export const PARTS = CHALLENGE_PARTS;

/** File beside the pictures that says who is for what: `person<TAB>train|validate|test`, without a header. */
export const SPLIT_FILE = 'splits.tsv';

/** A person in two parts: what was learned would be measured. */
export class SplitLeakError extends Error {
  override readonly name = 'SplitLeakError';
  readonly person: string;

  constructor(person: string, parts: readonly [string, string]) {
    super(
      `${person} is both in ${parts[0]} and in ${parts[1]}. Parts are split by person, never by picture: ` +
        'what is measured on somebody who was trained on says nothing about strangers. Leave one of the two out.',
    );
    this.person = person;
  }
}

/**
 * Names that differ in spelling or case alone are taken for one person here.
 *
 * @param parts people by the name of their part
 * @throws SplitLeakError for the first person who is in two of them
 */
export function assertDisjoint(parts: Iterable<readonly [part: string, people: Iterable<string>]>): void {
  const seen = new Map<string, string>();
  for (const [part, people] of parts)
    for (const person of people) {
      const key = foldedName(person);
      const other = seen.get(key);
      if (other !== undefined && other !== part) throw new SplitLeakError(person, [other, part]);
      seen.set(key, part);
    }
}

/** A line of `splits.tsv`. */
export interface SplitPerson {
  /** in normal form */
  readonly person: string;
  readonly part: Part;
}

/**
 * Who is for what, from a folder's `splits.tsv`, by the person's folded name; undefined where it has none.
 *
 * @throws SplitLeakError for a person in two parts; Error for a line that doesn't fit
 */
export function readSplits(folder: string): Map<string, SplitPerson> | undefined {
  const file = join(folder, SPLIT_FILE);
  if (!existsSync(file)) return undefined;
  const parts = new Map<string, SplitPerson>();
  for (const { number, cells, shown } of readRows(file, '\t')) {
    const [raw = '', name, ...rest] = cells;
    const person = normalName(raw);
    const part = PARTS.find((one) => one === name);
    if (!person || !part || rest.length > 0)
      throw new Error(`${file}, line ${number}: a person, a tab and ${PARTS.join(', ')}; not "${shown}".`);
    const other = parts.get(foldedName(person))?.part;
    if (other && other !== part) throw new SplitLeakError(person, [other, part]);
    parts.set(foldedName(person), { person, part });
  }
  return parts;
}

/** Part that a set's name ends with, `-train`, `-validate` or `-test`; undefined where it names none. */
export const partOfSet = (set: string): Part | undefined => PARTS.find((part) => set.endsWith(`-${part}`));
