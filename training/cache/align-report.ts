import { isUnlabelled } from '../data/identity.ts';
import { type SetNotes, type Skipped, someOf } from '../data/set-notes.ts';
import type { AlignedRecord, AlignedSetIndex } from './aligned-set.ts';

/** Names that are printed for each reason; all of them stand in the set's index. */
const SHOWN = 10;

const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count} ${count === 1 ? one : many}`;

/** Skipped files by their reason, the most frequent first. */
function byReason(skipped: readonly Skipped[]): [why: string, paths: string[]][] {
  const reasons = new Map<string, string[]>();
  for (const { path, why } of skipped) {
    const paths = reasons.get(why);
    if (paths) paths.push(path);
    else reasons.set(why, [path]);
  }
  return [...reasons].sort((a, b) => b[1].length - a[1].length);
}

/** Lines that say what was left out and what was understood; empty where there is nothing to tell. */
export function noteLines({ skipped, remarks }: Pick<SetNotes, 'skipped' | 'remarks'>): string[] {
  return [
    ...byReason(skipped).map(([why, paths]) => `skipped ${paths.length}, ${why}: ${someOf(paths, SHOWN)}`),
    ...remarks.map((text) => `note: ${text}`),
  ];
}

/** Whether nobody in a set is known by name, though its name does not say so. */
export const lacksIdentities = (set: string, records: readonly AlignedRecord[]): boolean =>
  records.length > 0 && !isUnlabelled(set) && records.every(({ identity }) => identity === null);

/** What to do about a set in which nobody is known. */
export const identityAdvice = (set: string): string =>
  `nobody in ${set} is known: its pictures lie in no person's folder. Put each person's pictures into a folder of their own, or ` +
  'let the set’s name begin with "unlabelled" if that is meant';

/** What became of a set: faces, people, and everything that was left out, with names. */
export function alignReport(index: AlignedSetIndex): string {
  const { set, records, missed, others, litter } = index;
  const people = new Set(records.flatMap(({ identity }) => identity ?? [])).size;
  const nobody = records.filter(({ identity }) => identity === null).length;
  const whose = people > 0 && nobody > 0 ? `, ${nobody} of them nobody's` : '';
  const lines = [
    `${counted(records.length, 'face')} of ${counted(people, 'person', 'people')}${whose}, ${missed.length} pictures without one`,
    ...noteLines(index),
  ];
  const endings = Object.entries(others).map(
    ([ending, count]) => `${ending ? `.${ending}` : 'no ending'} ${count}`,
  );
  if (endings.length > 0) lines.push(`passed over files that are no pictures: ${endings.join(', ')}`);
  if (litter > 0) lines.push(`passed over ${litter} files and folders that systems leave behind`);
  if (lacksIdentities(set, records)) lines.push(`warning: ${identityAdvice(set)}`);
  return lines.map((line) => `${set}: ${line}\n`).join('');
}
