import { keyStreamBytes } from '@rounz/core/match/protect.ts';
import { createRng } from '@rounz/core/math/random.ts';
import { describe, expect, it } from 'vitest';
import { type Attack, attack, inversions } from './attacks.ts';
import { costOfFusing } from './cost.ts';
import { linkability } from './dsys.ts';
import { randomPeople, readPeople } from './people.ts';

const WIDTH = 64;
const rng = createRng(3);
const keys = (bytes: number) => Uint8Array.from({ length: bytes }, () => rng.below(256));
const people = randomPeople(rng, 60, { width: WIDTH, alike: 0.6 });

describe('the linkability of two sets of scores', () => {
  it('is 0 where they lie alike, 1 where they lie apart', () => {
    const scores = Array.from({ length: 2000 }, (_, i) => i);
    expect(linkability(scores, scores)).toMatchObject({ dSys: 0, eer: expect.closeTo(0.5, 2) });
    const apart = linkability(
      scores.map((s) => s + 1e6),
      scores,
    );
    expect(apart).toMatchObject({ dSys: 1, eer: 0, linked: 1 });
  });

  it('is what the integral gives for two densities that are known', () => {
    // Uniform on 0..2 and on 1..3: half of the mated scores have a likelihood ratio of 1, half an infinite one.
    const uniform = (from: number) => Array.from({ length: 30_000 }, (_, i) => from + (2 * i) / 30_000);
    expect(linkability(uniform(1), uniform(0)).dSys).toBeCloseTo(0.5, 1);
  });
});

describe('an attacker with the templates of two stores', () => {
  const byName = (attacks: readonly Attack[], part: RegExp) =>
    attacks.find(({ name }) => part.test(name))!.linkability;

  it('links nobody by one template each, and everybody by several templates or the whole gallery', () => {
    const attacks = attack(people, keys);
    expect(attacks).toHaveLength(5);
    for (const where of [/one template.*re-key/, /one template.*two shops/])
      expect(byName(attacks, where).eer).toBeGreaterThan(0.35);
    for (const where of [/each picture/, /gallery, across a re-key/])
      expect(byName(attacks, where)).toMatchObject({ linked: 1, eer: 0 });
  });

  it('has no several templates of people with two pictures each', () => {
    const attacks = attack(
      people.map((pictures) => pictures.slice(0, 2)),
      keys,
    );
    expect(attacks.map(({ name }) => name).filter((name) => /each picture/.test(name))).toEqual([]);
    expect(byName(attacks, /gallery, across a re-key/)).toMatchObject({ linked: 1, eer: 0 });
  });

  it('has an embedding back once the known pairs span the space, and less before', () => {
    const [few, enough] = inversions(people, keys, [WIDTH / 4, 2 * WIDTH]);
    expect(enough!.cosine).toBeGreaterThan(0.999);
    expect(few!.cosine).toBeLessThan(0.9);
  });
});

describe('the cost of one template a person', () => {
  it('is none where pictures lie around a person evenly, and shows where each of them is another face', () => {
    const [each, one] = costOfFusing(people, keys(keyStreamBytes(WIDTH)))!;
    expect([each!.mated, each!.nonMated]).toEqual([60 * 6, 60 * 6 * 59]);
    expect(one!.tar[0]!).toBeGreaterThanOrEqual(each!.tar[0]!);
    // Two looks of a person that have nothing in common: their sum is half as near to either.
    const twofold = randomPeople(rng, 60, { width: WIDTH, alike: 0.9 });
    const looks = twofold.slice(0, 30).map((a, i) => {
      const b = twofold[30 + i]!;
      return [a[0]!, b[0]!, b[1]!, a[1]!, b[2]!, b[3]!];
    });
    const [kept, fused] = costOfFusing(looks, keys(keyStreamBytes(WIDTH)))!;
    expect(fused!.tar[2]!).toBeLessThan(kept!.tar[2]!);
    expect(costOfFusing([people[0]!.slice(0, 3)], keys(keyStreamBytes(WIDTH)))).toBeNull();
  });
});

describe('people of embedded pictures', () => {
  const line = (path: string) => `${path}\t${Array.from({ length: 8 }, () => rng.next()).join(',')}`;
  it('are the folders with enough pictures in which a face was found', () => {
    const lines = Array.from({ length: 21 }, (_, i) =>
      Array.from({ length: 7 }, (_, k) => line(`p${i}/${k}.jpg`)),
    );
    lines.push([line('few/1.jpg'), 'few/2.jpg\t']);
    expect(readPeople(lines.flat().join('\n')).map((pictures) => pictures.length)).toEqual(
      new Array(21).fill(6),
    );
    expect(() => readPeople(lines[0]!.join('\n'))).toThrow(/1 people have 2 or more pictures/);
    expect(() => readPeople('a/1.jpg\t1,x,3')).toThrow(/Line 1/);
  });
});
