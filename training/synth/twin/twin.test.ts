import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fivePointsOfKface } from '../../data/kface-landmarks.ts';
import { findKfaceTree, kfacePictures } from '../../data/kface-tree.ts';
import { picturesPerPerson, TWIN_SIZES, type TwinConfig, twinConfigSchema } from './config.ts';
import { drawPairs } from './pairs.ts';
import { drawPerson, twinPerson } from './person.ts';
import { checkTwinPairs, peopleOf, twinFiles, writeTwin } from './write.ts';

const config: TwinConfig = {
  ...TWIN_SIZES.small,
  resolutions: ['Low'],
  sessions: ['S001', 'S004'],
  expressions: ['neutral'],
  side: [1],
};
const PERSON = twinPerson('train', 1, 0);

describe('a drawn person', () => {
  const folders: string[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 2; i++) {
      const root = mkdtempSync(join(tmpdir(), 'twin-'));
      folders.push(root);
      await drawPerson({ person: PERSON, root, config }, () => {});
    }
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });

  it('is the same, byte by byte, for the same seed', () => {
    const [one, two] = folders.map((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length))
        .sort(),
    );
    expect(one).toEqual(two);
    expect(one!.filter((file) => file.endsWith('.jpg'))).toHaveLength(picturesPerPerson(config));
    for (const file of one!)
      expect(readFileSync(join(folders[0]!, file)).equals(readFileSync(join(folders[1]!, file)))).toBe(true);
  });

  it('has annotations that serve every condition, profiles without the hidden eye and ear', () => {
    const pictures = [...kfacePictures(findKfaceTree(folders[0]!)!)];
    expect(pictures.every(({ landmarks }) => landmarks !== null)).toBe(true);
    const profile = pictures.find(({ condition }) => condition.camera === 1)!;
    expect([profile.landmarks!.leftEye, profile.landmarks!.leftEar]).toEqual([null, null]);
    const front = pictures.find(({ condition }) => condition.session === 'S004')!;
    const [right, left, nose, rightMouth, leftMouth] = fivePointsOfKface(front.landmarks!, 0);
    expect(right.x).toBeLessThan(nose.x);
    expect(left.x).toBeGreaterThan(nose.x);
    expect(rightMouth.x).toBeLessThan(leftMouth.x);
    expect(nose.y).toBeGreaterThan(right.y);
    expect(rightMouth.y).toBeGreaterThan(nose.y);
  });
});

describe('sizes', () => {
  it('are valid, and the challenge’s is the original', () => {
    for (const size of Object.values(TWIN_SIZES)) expect(twinConfigSchema.parse(size)).toEqual(size);
    const { people, sessions, front, side, lights, expressions } = TWIN_SIZES.challenge;
    const each = lights.length * expressions.length;
    expect(people.train * each * front.length * sessions.length).toBe(132_300);
    expect(people.train * each * (front.length + side.length)).toBe(66_150);
  });

  it('keep a person’s number when another part grows', () => {
    const grown = { ...config, people: { ...config.people, train: 40 } };
    const before = [...peopleOf(config)];
    expect([...peopleOf(grown)].filter(([, part]) => part === 'test')).toEqual(
      before.filter(([, part]) => part === 'test'),
    );
    expect(new Set(before.map(([person]) => person)).size).toBe(before.length);
  });
});

describe('drawPairs', () => {
  const shelf = (person: string) => ({
    plain: [1, 2, 3].map((i) => `${person}-plain${i}`),
    other: [1, 2, 3].map((i) => `${person}-other${i}`),
  });
  const people = new Map(['a', 'b', 'c', 'd'].map((person) => [person, shelf(person)]));

  it('draws distinct pairs, half of one person, plain first, the same by seed', () => {
    const pairs = drawPairs(people, 40, createRng(1), 'test');
    expect(pairs).toEqual(drawPairs(people, 40, createRng(1), 'test'));
    expect(pairs).not.toEqual(drawPairs(people, 40, createRng(2), 'test'));
    expect(new Set(pairs.map(({ first, second }) => `${first} ${second}`)).size).toBe(40);
    expect(pairs.filter(({ label }) => label === 0)).toHaveLength(20);
    for (const { first, second, label } of pairs) {
      expect([first, second].map((name) => name.slice(2, -1))).toEqual(['plain', 'other']);
      expect(first[0] === second[0]).toBe(label === 0);
    }
  });

  it('says so when there are not that many', () => {
    expect(() => drawPairs(people, 100, createRng(1), 'test')).toThrow(
      /test: 4 people have 36 pairs of one person; 50 were asked/,
    );
  });
});

describe('checkTwinPairs', () => {
  it('takes every size', () => {
    for (const size of Object.values(TWIN_SIZES)) expect(() => checkTwinPairs(size)).not.toThrow();
  });

  it('counts what the pictures of a person give: as many pairs pass, two more do not', () => {
    // Task 05: 2 lights of one frontal bare picture, with 2 of S004: 4 pairs of one person; task 03 has 4 with the side.
    const people = { train: 1, validate: 3, test: 0 };
    const most = { ...config, people, pairs: { validate: 2 * 3 * 4, test: 0 } };
    expect(() => checkTwinPairs(most)).not.toThrow();
    const more = { ...most, pairs: { validate: 2 * 3 * 4 + 2, test: 0 } };
    expect(() => checkTwinPairs(more)).toThrow(/task 03, validate: 3 people have 12 pairs of one person; 13/);
    expect(() => checkTwinPairs({ ...most, people: { ...people, validate: 0 } })).toThrow(/0 people have 0/);
    expect(() => checkTwinPairs({ ...most, sessions: ['S001', 'S007'] })).toThrow(/task 05, validate/);
  });

  it('is asked before anything is drawn', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'twin-')), 'twin');
    const pairs = { validate: 1_000_000, test: 0 };
    const request = { folder, config: { ...config, pairs }, jobs: 1, onProgress: () => {} };
    await expect(writeTwin(request)).rejects.toThrow(/Ask for fewer/);
    expect(existsSync(twinFiles(folder).kface)).toBe(false);
  });
});
