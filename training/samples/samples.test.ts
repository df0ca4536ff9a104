import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { afterAll, describe, expect, it } from 'vitest';
import type { AlignedRecord, AlignedSet } from '../cache/aligned-set.ts';
import { readAccessories } from '../data/accessories.ts';
import { RECIPES } from '../recipes/recipes.ts';
import type { TrainConfig } from '../recipes/schema.ts';
import { epochOrder, repeated, splitSamples } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'samples-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const config: TrainConfig = {
  ...RECIPES['smoke']!,
  data: { sets: ['toy'], validationPeople: 0, validationImages: 2 },
  losses: {
    ...RECIPES['smoke']!.losses,
    distillation: { weight: 1, distanceWeight: 0, personShare: 0.5, centring: 0 },
  },
};

function record(path: string, identity: string | null, meshScore = 1): AlignedRecord {
  const measures = { yaw: 0, pitch: 0, roll: 0, luma: 0, sharpness: 0, interEyeDistance: 0 };
  return { path: `toy/${path}`, identity, boxScore: 1, meshScore, ...measures };
}

const setOf = (records: AlignedRecord[]): AlignedSet => ({
  name: 'toy',
  count: records.length,
  paths: records.map(({ path }) => path),
  identities: records.map(({ identity }) => identity),
  records,
  readCrop: () => new Uint8Array(),
  readMesh: () => new Float32Array(),
  close: () => {},
});

const embedding = (seed: number): Float32Array => {
  const rng = createRng(seed);
  return Float32Array.from({ length: 128 }, () => rng.between(-1, 1));
};
const cosine = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, v, i) => sum + v * b[i]!, 0) / Math.hypot(...a) / Math.hypot(...b);

describe('targets', () => {
  const records = [
    record('1/a.jpg', 'p1'),
    record('1/b.jpg', 'p1'),
    record('1/hat.jpg', 'p1'),
    record('u.jpg', null),
  ];
  const teacher = new Map(records.map(({ path }, i) => [path, embedding(i + 1)]));
  const targets = (covered: string[]) => {
    const { train } = splitSamples([setOf(records)], teacher, config, new Set(covered));
    return train.map(({ target }) => target!);
  };

  it('keep the teacher’s cosines', () => {
    const single = records.map((r) => ({ ...r, identity: null }));
    const { train } = splitSamples([setOf(single)], teacher, config);
    expect(cosine(train[0]!.target!, train[1]!.target!)).toBeCloseTo(cosine(embedding(1), embedding(2)), 5);
  });

  it('are centred and of root mean square length 1', () => {
    const single = records.map((r) => ({ ...r, identity: null }));
    const losses = { ...config.losses, distillation: { ...config.losses.distillation, centring: 1 } };
    const { train } = splitSamples([setOf(single)], teacher, { ...config, losses });
    const squares = train.map(({ target }) => target!.reduce((sum, v) => sum + v * v, 0));
    expect(squares.reduce((a, b) => a + b) / squares.length).toBeCloseTo(1, 4);
    const mean = train[0]!.target!.map((_, i) => train.reduce((sum, { target }) => sum + target![i]!, 0));
    expect(Math.hypot(...mean)).toBeLessThan(1e-4);
  });

  it('of a covered picture are the mean of its person’s bare pictures alone', () => {
    const unit = (v: Float32Array) => v.map((x) => x / Math.hypot(...v));
    const [a, b] = [unit(embedding(1)), unit(embedding(2))];
    const mean = a.map((value, i) => value + b[i]!);
    const [ofA, , ofHat, ofNobody] = targets(['toy/1/hat.jpg']);
    const blended = a.map((value, i) => 0.5 * value + 0.5 * (mean[i]! / 2));
    expect(cosine(ofHat!, ofA!)).toBeCloseTo(cosine(mean, blended), 4);
    expect(cosine(ofHat!, ofNobody!)).toBeCloseTo(cosine(mean, embedding(4)), 4);
    // Without the label, the hat's own embedding is in the target.
    expect(cosine(targets([])[2]!, ofHat!)).toBeLessThan(0.95);
  });
});

it('samples leave out crops without a face', () => {
  const { train } = splitSamples(
    [setOf([record('1/a.jpg', 'p1'), record('1/b.jpg', 'p1', 0.2)])],
    new Map([['toy/1/a.jpg', embedding(1)]]),
    config,
  );
  expect(train.map(({ index }) => index)).toEqual([0]);
});

it('samples need a class or a target, but for a teacher that is asked at each step with no other beside it', () => {
  const sets = [setOf([record('u.jpg', null), record('v.jpg', null)])];
  const stored = new Map([['toy/u.jpg', embedding(1)]]);
  const indexes = (losses: Partial<TrainConfig['losses']>) =>
    splitSamples(sets, stored, { ...config, losses: { ...config.losses, ...losses } }).train.map(
      ({ index }) => index,
    );
  const { consistent } = RECIPES['fine-tune']!.losses;
  expect(indexes({})).toEqual([0]);
  expect(indexes({ consistent: { ...consistent!, secondShare: 0.5 } })).toEqual([0]);
  expect(indexes({ consistent: { ...consistent!, secondShare: 0 } })).toEqual([0, 1]);
});

it('an epoch is shuffled anew, in the same order for the same seed', () => {
  const [first, again, next] = [epochOrder(50, 3, 0), epochOrder(50, 3, 0), epochOrder(50, 3, 1)];
  expect([...first]).toEqual([...again]);
  expect([...first]).not.toEqual([...next]);
  expect([...next].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
});

describe('accessory tables', () => {
  it('name the covered pictures', () => {
    const file = join(folder, 'a.tsv');
    writeFileSync(file, 'image\teyeglasses\that\n1/a.jpg\t0\t0\n1/b.jpg\t0\t1\n');
    expect(readAccessories(`celeba=${file}`)).toEqual(['celeba/1/b.jpg']);
  });

  it('say which line is wrong', () => {
    const file = join(folder, 'b.tsv');
    writeFileSync(file, 'image\that\n1/a.jpg\tyes\n');
    expect(() => readAccessories(`celeba=${file}`)).toThrow(/line 2/);
  });
});

describe('repeats', () => {
  const sample = (set: string, index: number) => ({
    set,
    index,
    person: null,
    label: 0,
    path: '',
    target: undefined,
  });
  const samples = [sample('few', 0), sample('many', 0), sample('many', 1)];

  it('bring the pictures of a set several times, the others once', () => {
    const names = repeated(samples, { repeats: { few: 3 } }).map(({ set, index }) => `${set}/${index}`);
    expect(names.sort()).toEqual(['few/0', 'few/0', 'few/0', 'many/0', 'many/1']);
    expect(repeated(samples, {})).toBe(samples);
  });

  it('bring real accessories several times more where the bare face is known', () => {
    const worn = { ...sample('many', 2), spoiled: true };
    const of = (more: object) =>
      repeated([...samples, worn], more).map(({ set, index }) => `${set}/${index}`);
    expect(of({ coveredRepeats: 2 })).toEqual(['few/0', 'many/0', 'many/1', 'many/2', 'many/2']);
    expect(of({ coveredRepeats: 2, repeats: { many: 2 } }).filter((name) => name === 'many/2')).toHaveLength(
      4,
    );
  });

  it('name sets that are there', () => {
    expect(() => repeated(samples, { repeats: { fwe: 2 } })).toThrow(/set fwe/);
  });
});
