import { describe, expect, it } from 'vitest';
import {
  assertDistinctPeople,
  foldedName,
  listedPath,
  normalName,
  normalPath,
  setName,
  UniquePaths,
  visible,
} from './names.ts';

describe('normalName', () => {
  it.each([
    ['NFD', '김민수'.normalize('NFD'), '김민수'],
    ['blanks around it', ' ann\t', 'ann'],
    ['a byte order mark', '\uFEFFann', 'ann'],
    ['a zero-width character', 'a\u200Bnn', 'ann'],
    ['nothing but a Hangul filler', '\u3164', ''],
  ])('takes %s', (_, raw, name) => expect(normalName(raw)).toBe(name));

  it('keeps case, which foldedName does not', () => {
    expect([normalName('Ann'), foldedName('Ann')]).toEqual(['Ann', 'ann']);
  });
});

describe('normalPath', () => {
  it.each([
    'ann/1.png',
    '/ann/1.png',
    './ann/1.png',
    'ann//1.png',
    'ann\\1.png',
    'C:\\ann\\1.png',
    'x/../ann/1.png',
  ])('makes one path of %s', (path) => expect(normalPath(path)).toBe('ann/1.png'));

  it('refuses what leaves the set, or has no name', () => {
    expect(() => normalPath('../ann/1.png')).toThrow(/out of the set/);
    expect(() => normalPath('ann/../../1.png')).toThrow(/out of the set/);
    expect(() => normalPath('\u200B/1.png')).toThrow(/no visible character/);
    expect(() => listedPath('../1.png', 'list.tsv, line 3')).toThrow(/list\.tsv, line 3: "\.\.\/1\.png"/);
  });
});

describe('setName', () => {
  it.each(['shop', '가게-2024', 'a.b_c', 'x-train'])('takes %s', (name) => expect(setName(name)).toBe(name));
  it.each(['shop/a', 'a\\b', '', '.hidden', 'a:b', 'a=b', '\u200B'])('refuses "%s"', (name) =>
    expect(() => setName(name)).toThrow(/cannot be a set's name/),
  );
});

describe('assertDistinctPeople', () => {
  it('names people who differ in case alone', () => {
    expect(() => assertDistinctPeople(['Ann', 'bob', 'ann'], 'shop')).toThrow(
      /shop: the people "Ann" and "ann"/,
    );
    expect(() => assertDistinctPeople(['Ann', 'bob', 'Ann'], 'shop')).not.toThrow();
  });
});

describe('UniquePaths', () => {
  it('gives every picture a path of its own', () => {
    const paths = new UniquePaths();
    expect(
      ['a/1.jpg', 'a/1.jpg', 'a/1~2.jpg', 'a/1.jpg', 'a.b/c', 'a.b/c'].map((path) => paths.claim(path)),
    ).toEqual(['a/1.jpg', 'a/1~2.jpg', 'a/1~2~2.jpg', 'a/1~3.jpg', 'a.b/c', 'a.b/c~2']);
  });
});

describe('visible', () => {
  it('writes what cannot be seen as its code point', () => {
    expect(visible('a\uFEFFb\u3164\n')).toBe('a\\u{FEFF}b\\u{3164}\\u{A}');
  });
});
