import { type Rng, shuffle } from '@rounz/core/math/random.ts';

/** Names of one person's pictures in a task. */
export interface Shelf {
  readonly plain: string[];
  readonly other: string[];
}

/** How many plain and other pictures a person has. */
interface ShelfSize {
  readonly plain: number;
  readonly other: number;
}

/** Half of a list's pairs are of one person. */
const genuineOf = (count: number): number => Math.floor(count / 2);

/**
 * Whether the people have so many distinct pairs of a plain picture and another one.
 *
 * @param list which list it is, for the error
 * @throws Error that says how many pairs there are, and what to change
 */
export function checkPairCount(people: readonly ShelfSize[], count: number, list: string): void {
  const own = people.reduce((sum, { plain, other }) => sum + plain * other, 0);
  const plain = people.reduce((sum, person) => sum + person.plain, 0);
  const other = people.reduce((sum, person) => sum + person.other, 0);
  const kinds = [
    { of: 'one person', wanted: genuineOf(count), there: own },
    { of: 'two people', wanted: count - genuineOf(count), there: plain * other - own },
  ];
  for (const { of, wanted, there } of kinds)
    if (wanted > there)
      throw new Error(
        `${list}: ${people.length} people have ${there} pairs of ${of}; ${wanted} were asked for. Ask for fewer (pairs in --config), or draw more people.`,
      );
}

export interface ProtocolPair {
  readonly first: string;
  readonly second: string;
  readonly label: 0 | 1;
}

/**
 * Draws distinct pairs of a plain picture and another one, half of them of one person, in random order.
 *
 * @param list which list it is, for the error
 * @throws Error where the people do not have that many
 */
export function drawPairs(
  people: ReadonlyMap<string, Shelf>,
  count: number,
  rng: Rng,
  list: string,
): ProtocolPair[] {
  const shelves = [...people.values()].filter(({ plain, other }) => plain.length > 0 && other.length > 0);
  checkPairCount(
    shelves.map(({ plain, other }) => ({ plain: plain.length, other: other.length })),
    count,
    list,
  );
  const genuine = genuineOf(count);
  const seen = new Set<string>();
  const pairs: ProtocolPair[] = [];
  const pick = <T>(list: readonly T[]): T => list[rng.below(list.length)]!;
  while (pairs.length < count) {
    const label = pairs.length < genuine ? 0 : 1;
    const a = rng.below(shelves.length);
    const b = label === 0 ? a : rng.below(shelves.length);
    if (label === 1 && a === b) continue;
    const [first, second] = [pick(shelves[a]!.plain), pick(shelves[b]!.other)];
    const key = `${first},${second}`;
    if (seen.has(key)) continue;
    seen.add(key);
    pairs.push({ first, second, label });
  }
  return shuffle(rng, pairs);
}
