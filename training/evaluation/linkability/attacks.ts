import { fuseTemplates } from '@rounz/core/match/fuse.ts';
import { createTransform, dequantise, keyStreamBytes, quantise } from '@rounz/core/match/protect.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { type Linkability, linkability } from './dsys.ts';
import { invert } from './inversion.ts';

/** Embeddings of each person, all of unit length: as many as a person has pictures. */
export type People = readonly (readonly Float32Array[])[];

export interface Attack {
  readonly name: string;
  readonly linkability: Linkability;
}

export interface Inversion {
  /** pairs of a template and its embedding that the attacker has */
  readonly pairs: number;
  /** mean cosine of another embedding with what the attacker makes of its template */
  readonly cosine: number;
}

/** pictures of which a kiosk's enrolment makes a record */
export const PICTURES = 3;

/** What a shop keeps of its people: turned by its key and quantised. @param key uniform bytes */
export function keptBy(embeddings: readonly Float32Array[], key: Uint8Array): Float32Array[] {
  const { apply } = createTransform(embeddings[0]!.length, key);
  return embeddings.map((embedding) => dequantise(quantise(apply(embedding))));
}

/**
 * What an attacker links who has the templates of two stores and no key: across a re-key of one shop (the same pictures under
 * two keys), and across two shops (other pictures under two keys).
 *
 * @param people with two pictures or more: each shop gets half of them, and at most as many as an enrolment takes
 * @param keys uniform secret bytes for a width
 */
export function attack(people: People, keys: (bytes: number) => Uint8Array): readonly Attack[] {
  const width = people[0]![0]!.length;
  const key = () => keys(keyStreamBytes(width));
  const enrolled = (pictures: readonly Float32Array[]) => fuseTemplates(pictures);
  const half = ({ length }: readonly unknown[]) => Math.min(PICTURES, length >> 1);
  const first = people.map((pictures) => pictures.slice(0, half(pictures)));
  const second = people.map((pictures) => pictures.slice(half(pictures), half(pictures) + PICTURES));
  const several = people.flatMap((pictures) =>
    pictures.length < PICTURES ? [] : [pictures.slice(0, PICTURES)],
  );
  const one = keptBy(first.map(enrolled), key());
  const again = keptBy(first.map(enrolled), key());
  const other = keptBy(second.map(enrolled), key());
  return [
    { name: 'one template a person, across a re-key: cosine', linkability: pairs(one, again, dot) },
    { name: 'one template a person, across two shops: cosine', linkability: pairs(one, other, dot) },
    ...bySeveral(several, [key(), key()]),
    {
      name: 'the whole gallery, across a re-key: cosines to everybody',
      linkability: pairs(profiles(one), profiles(again), nearness),
    },
    {
      name: 'the whole gallery, across two shops with the same people: cosines to everybody',
      linkability: pairs(profiles(one), profiles(other), nearness),
    },
  ];
}

/** What several templates of one person give away; nothing where fewer than two people have several pictures. */
function bySeveral(people: People, keys: readonly [Uint8Array, Uint8Array]): readonly Attack[] {
  if (people.length < 2) return [];
  const [here, rekeyed] = keys.map((key) => separately(people, key).map(mutual));
  return [
    {
      name: 'a template of each picture, across a re-key: their cosines to each other',
      linkability: pairs(here!, rekeyed!, nearness),
    },
  ];
}

/** What an attacker makes of a template who knows some pairs of embedding and template of that store, and not its key. */
export function inversions(
  people: People,
  keys: (bytes: number) => Uint8Array,
  counts: readonly number[],
): readonly Inversion[] {
  const width = people[0]![0]!.length;
  const embeddings = people.flat();
  const templates = keptBy(embeddings, keys(keyStreamBytes(width)));
  const last = people.at(-1)!.length;
  const from = embeddings.length - last;
  return counts
    .filter((count) => count <= from)
    .map((pairs) => {
      const guess = invert(embeddings.slice(0, pairs), templates.slice(0, pairs));
      const cosines = embeddings.slice(from).map((truth, i) => dot(truth, guess(templates[from + i]!)));
      return { pairs, cosine: cosines.reduce((sum, value) => sum + value, 0) / last };
    });
}

function pairs<T>(here: readonly T[], there: readonly T[], score: (a: T, b: T) => number): Linkability {
  const mated = here.map((one, i) => score(one, there[i]!));
  const nonMated = here.flatMap((one, i) => there.flatMap((two, j) => (i === j ? [] : score(one, two))));
  return linkability(mated, nonMated);
}

/** The templates of each person's pictures, all under one key. */
function separately(people: People, key: Uint8Array): Float32Array[][] {
  const kept = keptBy(people.flat(), key);
  return people.map((pictures, i) => kept.slice(i * pictures.length, (i + 1) * pictures.length));
}

const mutual = (templates: readonly Float32Array[]): Float32Array =>
  Float32Array.from(templates.flatMap((a, i) => templates.slice(i + 1).map((b) => dot(a, b)))).sort();

/** Each one's cosines to all others, sorted: no rotation changes them. */
const profiles = (templates: readonly Float32Array[]): Float32Array[] =>
  templates.map((a, i) => Float32Array.from(templates.flatMap((b, j) => (i === j ? [] : dot(a, b)))).sort());

/** Euclidean distance, negated. */
function nearness(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return -Math.sqrt(sum);
}
