import { identityOf } from './identity.ts';
import { kfaceIdentity } from './kface-condition.ts';
import { kfacePeople } from './kface-tree.ts';
import { type FaceSource, listSource } from './sources.ts';
import { assertDisjoint, type Part, partOfSet } from './splits.ts';

/** Keys of the people of a set that is for one part. */
async function peopleOf(source: FaceSource): Promise<Iterable<string>> {
  const { name, location } = source;
  if (location.kind === 'kface') return (location.people ?? kfacePeople(location.tree)).map(kfaceIdentity);
  const people = new Set<string>();
  for await (const { path } of listSource(source)) people.add(identityOf(name, path) ?? '');
  people.delete('');
  return people;
}

/**
 * Makes sure that nobody is in sets of two parts, e.g. in `kface-train` and in `task05-test`. Sets whose name says no part
 * are for training where other sets are for something else.
 *
 * @throws SplitLeakError that names the person
 */
export async function assertNoLeak(sources: readonly FaceSource[]): Promise<void> {
  const parts = sources.map(({ name }): Part => partOfSet(name) ?? 'train');
  if (new Set(parts).size < 2) return;
  const people = await Promise.all(sources.map(peopleOf));
  assertDisjoint(parts.map((part, i) => [part, people[i]!] as const));
}
