import { cleanName } from '@rounz/core/people/text.ts';

/**
 * Names from outside: what a disk, an archive or a list calls a person, a picture or a set is brought to its normal form here,
 * once. Two spellings of one name (NFC and NFD, a trailing blank, a zero-width character) are one name from then on.
 */

/** Normal form of a name, the kiosk's own: NFC, nothing invisible, single blanks; empty where nothing can be seen. */
export const normalName = cleanName;

/** What two names share that are one folder on Windows and macOS: the normal form without case. */
export const foldedName = (raw: string): string => normalName(raw).toLowerCase();

/** A text as a message shows it: what cannot be seen is written as its code point. */
export const visible = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u2800\u3164\uFFA0\uFFFD]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16).toUpperCase()}}`,
  );

/** Why a path cannot be a picture's, in words that end a sentence. */
export class PathError extends Error {
  override readonly name = 'PathError';
}

/**
 * A path as an archive has it, with one kind of slash: `.\ann\1.jpg`, `/ann//1.jpg` and `C:\ann\1.jpg` are `ann/1.jpg`.
 *
 * @throws PathError where it leads out of its root by `..`
 */
export function slashedPath(raw: string): string {
  const parts: string[] = [];
  for (const part of raw.replaceAll('\\', '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) throw new PathError('its path leads out of the set by ".."');
  }
  if (/^[A-Za-z]:$/.test(parts[0] ?? '')) parts.shift();
  return parts.join('/');
}

/**
 * Normal form of a path within a set: every part is a name in its normal form.
 *
 * @throws PathError where it leads out of the set, or a part has no visible character
 */
export function normalPath(raw: string): string {
  const parts = slashedPath(raw).split('/').map(normalName);
  if (parts.includes('')) throw new PathError('a part of its path has no visible character');
  return parts.join('/');
}

/**
 * A path that a list names, in normal form.
 *
 * @param where file and line, for the error
 * @throws Error where it cannot be a picture's
 */
export function listedPath(raw: string, where: string): string {
  try {
    return normalPath(raw);
  } catch (error) {
    throw new Error(`${where}: "${visible(raw)}" cannot be a picture's: ${(error as Error).message}.`);
  }
}

/** Gives every picture of a set a path of its own: a path that is taken already becomes `ann/1~2.jpg`. */
export class UniquePaths {
  readonly #taken = new Set<string>();

  claim(path: string): string {
    const dot = path.lastIndexOf('.');
    const [stem, ending] = dot > path.lastIndexOf('/') ? [path.slice(0, dot), path.slice(dot)] : [path, ''];
    let own = path;
    for (let copy = 2; this.#taken.has(own); copy++) own = `${stem}~${copy}${ending}`;
    this.#taken.add(own);
    return own;
  }
}

/** Characters that no file name has on one system or another. */
const NOT_IN_FILE_NAMES = /[/\\:*?"<>|=]/;

/**
 * A set's name in its normal form; the cache has files of this name.
 *
 * @throws Error where it cannot be one
 */
export function setName(raw: string): string {
  const name = normalName(raw);
  if (name === '' || name.startsWith('.') || NOT_IN_FILE_NAMES.test(name))
    throw new Error(
      `"${visible(raw)}" cannot be a set's name: its files in the cache bear it. Take letters, digits, - and _, as in --set shop=DIR.`,
    );
  return name;
}

/**
 * Refuses people whose names differ in case alone: one folder on Windows and macOS, two on Linux, and nobody here knows
 * which is meant.
 *
 * @throws Error that names them
 */
export function assertDistinctPeople(people: Iterable<string>, where: string): void {
  const seen = new Map<string, string>();
  for (const person of people) {
    const other = seen.get(foldedName(person));
    if (other !== undefined && other !== person)
      throw new Error(
        `${where}: the people "${other}" and "${person}" differ in upper and lower case alone. If they are one person, move the ` +
          'pictures into one folder; if not, rename one of the folders.',
      );
    seen.set(foldedName(person), person);
  }
}
