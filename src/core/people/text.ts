import { PEOPLE } from './limits.ts';

/**
 * Characters that show nothing: controls, format characters, lone surrogates, private and unassigned ones (`C`), those that
 * Unicode says to ignore (Hangul fillers, variation selectors), and two blanks that count as symbols (Braille, music).
 */
const INVISIBLE = /[\p{C}\p{Default_Ignorable_Code_Point}\u2800\u{1D159}]/gu;
/** Joiners and the emoji selector between characters that they join; Persian, Indic names and emoji need them. */
const JOINING =
  /(?<=\p{L}|\p{M}|\p{Extended_Pictographic}|\uFE0F)(?:\u200C|\u200D)(?=[\p{L}\p{Extended_Pictographic}])|(?<=\p{Extended_Pictographic})\uFE0F/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

function withoutInvisible(text: string): string {
  const joining = new Set([...text.matchAll(JOINING)].map(({ index }) => index));
  return text.replace(INVISIBLE, (character, index: number) => (joining.has(index) ? character : ''));
}

const lengthOf = (text: string): number => [...text].length;

/** A name as it is kept: NFC, on one line, nothing invisible, single spaces. Empty where nothing of it can be seen. */
export function cleanName(text: string): string {
  const clean = withoutInvisible(text.normalize('NFC').replace(/\s+/gu, ' ')).replace(/ +/gu, ' ').trim();
  return VISIBLE.test(clean) ? clean.normalize('NFC') : '';
}

export type NameProblem = 'name-missing' | 'name-too-long';

/** What keeps a name from being saved, or null. */
export function nameProblem(text: string): NameProblem | null {
  const length = lengthOf(cleanName(text));
  if (length < PEOPLE.name.min) return 'name-missing';
  return length > PEOPLE.name.max ? 'name-too-long' : null;
}

/** Staff's note as it is kept: NFC, its lines kept, nothing invisible. Empty where nothing of it can be seen. */
export function cleanNote(text: string): string {
  const lines = text
    .normalize('NFC')
    .split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/u)
    .map((line) => withoutInvisible(line.replace(/\s/gu, ' ')).trimEnd());
  const clean = lines.join('\n').trim();
  return VISIBLE.test(clean) ? clean.normalize('NFC') : '';
}

export const isNoteTooLong = (text: string): boolean => lengthOf(cleanNote(text)) > PEOPLE.note.max;
