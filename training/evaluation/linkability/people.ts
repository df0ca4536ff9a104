import { dirname } from 'node:path';
import { normalFrom, type Rng } from '@rounz/core/math/random.ts';
import { normalise } from '@rounz/core/math/vector.ts';
import { visible } from '../../data/names.ts';
import { linesOf } from '../../data/text-list.ts';
import type { People } from './attacks.ts';

/** pictures of a person: one in each of two shops */
const NEEDED = 2;
/** two enrolments of three */
const MOST = 6;

/** Random people: a direction each, and pictures around it at a mean cosine of `alike` to each other. */
export function randomPeople(
  rng: Rng,
  count: number,
  { width, alike }: { width: number; alike: number },
): People {
  const direction = () => normalise(Float32Array.from({ length: width }, () => normalFrom(rng.next)));
  return Array.from({ length: count }, () => {
    const person = direction();
    return Array.from({ length: MOST }, () => {
      const noise = direction();
      return normalise(person.map((value, i) => Math.sqrt(alike) * value + Math.sqrt(1 - alike) * noise[i]!));
    });
  });
}

/**
 * People of a file of `embed`: a folder is a person. Those with too few pictures in which a face was found are left out.
 *
 * @throws Error that names a line without values, or says that too few people are left
 */
export function readPeople(text: string): People {
  const byFolder = new Map<string, Float32Array[]>();
  for (const { number, text: line } of linesOf(text)) {
    const [path, values = ''] = line.split('\t');
    if (!path || values === '') continue;
    const embedding = Float32Array.from(values.split(','), Number);
    if (embedding.some(Number.isNaN))
      throw new Error(`Line ${number} holds something other than numbers: ${visible(line.slice(0, 80))}`);
    const folder = dirname(path);
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), normalise(embedding)]);
  }
  const people = [...byFolder.values()].filter((pictures) => pictures.length >= NEEDED);
  if (people.length < 20)
    throw new Error(
      `${people.length} people have ${NEEDED} or more pictures with a face; 20 are needed. Each folder of the list is a person.`,
    );
  return people.map((pictures) => pictures.slice(0, MOST));
}
