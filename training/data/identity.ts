import { conditionOf, kfaceIdentity } from './kface-condition.ts';
import { partOfSet } from './splits.ts';

/** Sets whose folder names are one numbering or are people's names, so that a person in two sets is one identity. */
const IDENTITY_SPACES: Readonly<Record<string, string>> = {
  celeba: 'celeba',
  'celeba-wild': 'celeba',
  lfw: 'name',
  glint: 'name',
};

/** The Face Research Lab London set as published: a folder for each expression, the person's number before the view's. */
const LONDON = /^(?:neutral|smiling)_front\/(\d{3})_\d{2}\.\w+$/;

/**
 * Key of the person over all sets: the K-FACE number where the path has K-FACE's or the challenge's form, else the
 * path's first folder in its set's name space, however deep the picture lies in it; null for a picture without a folder.
 *
 * @param path in normal form, as the set's reader gives it
 */
export function identityOf(set: string, path: string): string | null {
  const condition = conditionOf(path);
  if (condition) return kfaceIdentity(condition.person);
  const slash = path.indexOf('/');
  if (slash < 0) return null;
  const part = partOfSet(set);
  const whole = part ? set.slice(0, -part.length - 1) : set;
  const person = LONDON.exec(path)?.[1] ?? path.slice(0, slash);
  return `${IDENTITY_SPACES[whole] ?? whole}:${person}`;
}

/** Sets of this name have no identities, and nobody is warned about it. */
export const isUnlabelled = (set: string): boolean => set.startsWith('unlabelled');
