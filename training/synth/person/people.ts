import { createIdentity, type Identity, type IdentityWish } from './identity.ts';

/** A named rendered person. The names are common ones and mean nobody. */
export interface Person {
  /** folder name */
  readonly id: string;
  readonly name: { readonly ko: string; readonly latin: string };
  readonly seed: number;
  readonly wish: IdentityWish;
  /** which of each accessory's models this person wears */
  readonly variant: number;
  /** plays in the demonstration, and whether it enrols them; absent: fixtures only */
  readonly demo?: 'enrolled' | 'stranger';
}

/**
 * The people of fixtures, clips and demonstration. Chosen among drawn identities by their mutual distance in the space
 * of a recogniser that knows nothing of this generator, bare and covered (`synth check` measures it again).
 */
export const PEOPLE: readonly Person[] = [
  {
    id: 'seo-jiwoo',
    name: { ko: '서지우', latin: 'Seo Jiwoo' },
    seed: 1003,
    variant: 0,
    demo: 'enrolled',
    wish: { presentation: 'feminine', age: 27, melanin: 0.1, hair: { cut: 'bangs' } },
  },
  {
    id: 'park-minjun',
    name: { ko: '박민준', latin: 'Park Minjun' },
    seed: 2005,
    variant: 1,
    demo: 'enrolled',
    wish: { presentation: 'masculine', age: 31, melanin: 0.36, hair: { cut: 'comma' } },
  },
  {
    id: 'kim-yeonghee',
    name: { ko: '김영희', latin: 'Kim Yeonghee' },
    seed: 3008,
    variant: 2,
    demo: 'enrolled',
    wish: { presentation: 'feminine', age: 61, melanin: 0.2, hair: { cut: 'perm' } },
  },
  {
    id: 'lee-dohyun',
    name: { ko: '이도현', latin: 'Lee Dohyun' },
    seed: 4006,
    variant: 4,
    demo: 'stranger',
    wish: { presentation: 'masculine', age: 24, melanin: 0.14, hair: { cut: 'dandy' } },
  },
  {
    id: 'choi-sooah',
    name: { ko: '최수아', latin: 'Choi Sooah' },
    seed: 5001,
    variant: 1,
    demo: 'stranger',
    wish: { presentation: 'feminine', age: 35, melanin: 0.26, hair: { cut: 'bob' } },
  },
  {
    id: 'jung-taesik',
    name: { ko: '정태식', latin: 'Jung Taesik' },
    seed: 6008,
    variant: 3,
    demo: 'stranger',
    wish: { presentation: 'masculine', age: 57, melanin: 0.44, hair: { cut: 'swept' } },
  },
  {
    id: 'han-yuna',
    name: { ko: '한유나', latin: 'Han Yuna' },
    seed: 7007,
    variant: 3,
    wish: { presentation: 'feminine', age: 22, melanin: 0.05, hair: { cut: 'straight' } },
  },
  {
    id: 'oh-jaeho',
    name: { ko: '오재호', latin: 'Oh Jaeho' },
    seed: 8002,
    variant: 1,
    wish: { presentation: 'masculine', age: 44, melanin: 0.3, hair: { cut: 'crop' } },
  },
];

const drawn = new Map<string, Identity>();

/** Throws a RangeError for an id that nobody has. */
export function personOf(id: string): Person {
  const person = PEOPLE.find((candidate) => candidate.id === id);
  if (!person)
    throw new RangeError(
      `No rendered person is called "${id}". Known: ${PEOPLE.map((p) => p.id).join(', ')}.`,
    );
  return person;
}

/** The person's identity, drawn once. */
export function identityOf(person: Person): Identity {
  const known = drawn.get(person.id) ?? createIdentity(person.seed, person.wish);
  drawn.set(person.id, known);
  return known;
}
