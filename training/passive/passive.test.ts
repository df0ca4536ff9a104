import { VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import { PASSIVE_VIEWS } from '@rounz/core/liveness/passive/config.ts';
import type { AddBias } from '@rounz/core/liveness/passive/network.ts';
import type { PassiveViews } from '@rounz/core/liveness/passive/views.ts';
import { createRng } from '@rounz/core/math/random.ts';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { casesOf } from '../attacks/cases.ts';
import { useWasmBackend } from '../backend/wasm.ts';
import { loadNodeDetector, useWasmBackend as useDetectorBackend } from '../data/detector-models.ts';
import { judgeApproach } from './approach.ts';
import { addBias } from './bias.ts';
import type { Shot } from './compose.ts';
import { ATTACK_KINDS, COMPOSED, WEARS } from './config.ts';
import { type Example, FIT, fitPassive, scoresOf } from './fit.ts';
import { comparedThreshold, ratesAt, type Scored, thresholdFor } from './rates.ts';
import { shotAt } from './set.ts';

const shots = (half: 'train' | 'test') => Array.from({ length: 1_000 }, (_, index) => shotAt(half, index));

describe('the composed shots', () => {
  it('are visits and attacks in equal number, with every accessory and every kind as often as every other', () => {
    const all = shots('test');
    for (const wear of WEARS)
      expect(all.filter((shot) => shot.kind === 'visit' && shot.wear === wear)).toHaveLength(100);
    for (const kind of ATTACK_KINDS) expect(all.filter((shot) => shot.kind === kind)).toHaveLength(100);
    const videos = all.filter((shot) => shot.kind !== 'visit' && shot.video);
    expect(videos.length).toBeGreaterThan(60);
    expect(new Set(videos.map(({ kind }) => kind))).toEqual(new Set(['phone', 'tablet']));
  });

  it('share neither seeds nor people nor shops between the halves', () => {
    const seeds = new Set(shots('train').map(({ seed }) => seed));
    expect(shots('test').some(({ seed }) => seeds.has(seed))).toBe(false);
    for (const { train, test } of [COMPOSED.seeds, COMPOSED.shops])
      expect(train.first + train.count).toBeLessThanOrEqual(test.first);
  });
});

const base = { half: 'test', seed: 1, wear: 'bare' } as const;
const visit = (score: number | null, wear: Shot['wear'] = 'bare'): Scored => ({
  shot: { ...base, wear, kind: 'visit' },
  score,
});
const attack = (score: number | null, video = false): Scored => ({
  shot: { ...base, kind: 'phone', video },
  score,
});

describe('ratesAt', () => {
  it('counts attacks below the threshold and visits from it on, by kind and by accessory, where a face was found', () => {
    const rows = ratesAt(
      [visit(0.9), visit(1), visit(3, 'mask'), visit(null), attack(1), attack(0.5), attack(0.2, true)],
      1,
    );
    const of = (name: string) => rows.find((row) => row.name === name);
    expect(of('visit, bare')).toMatchObject({ attack: false, count: 2, wrong: 1 });
    expect(of('visit, mask')).toMatchObject({ count: 1, wrong: 1 });
    expect(of('all visits')).toMatchObject({ count: 3, wrong: 2 });
    expect(of('phone')).toMatchObject({ attack: true, count: 2, wrong: 1 });
    expect(of('phone, video')).toMatchObject({ count: 1, wrong: 1 });
    expect(of('all stills')).toMatchObject({ count: 2, wrong: 1 });
  });
});

describe('comparedThreshold', () => {
  it('refuses no more than that share of the visits', () => {
    const scored = [...Array.from({ length: 20 }, (_, i) => visit(i)), visit(null), attack(30), attack(17)];
    const refused = (bpcer: number) =>
      ratesAt(scored, comparedThreshold(scored, bpcer)).find(({ name }) => name === 'all visits')!.wrong;
    expect([0, 0.04, 0.05, 0.1].map(refused)).toEqual([0, 0, 1, 2]);
  });
});

describe('thresholdFor', () => {
  it('refuses that share of the visits that it is chosen on', () => {
    const scores = Array.from({ length: 200 }, (_, i) => (i * 37) % 200);
    const threshold = thresholdFor(scores, 0.025);
    expect(scores.filter((score) => score >= threshold)).toHaveLength(5);
  });
});

describe('judgeApproach', () => {
  it('takes the mean of the frames of a case, and names it by what it shows', async () => {
    await useDetectorBackend();
    const detector = await loadNodeDetector(VIDEO_DETECTOR);
    const odds = [4, -1, 2, 3];
    let looks = 0;
    const model = { threshold: 0, score: async () => odds[looks++]!, dispose: () => {} };
    const [visitor, held] = casesOf('test', { visits: 1, stills: 1, videos: 0 });
    expect(await judgeApproach(visitor!, detector, model)).toEqual({
      names: ['visit, bare', 'all visits'],
      attack: false,
      score: 2,
    });
    looks = 0;
    expect(await judgeApproach(held!, detector, model)).toMatchObject({
      names: ['print', 'all stills'],
      attack: true,
    });
    detector.dispose();
  });
});

describe('addBias', () => {
  beforeAll(async () => {
    await useWasmBackend();
  });

  it('has the value and the gradients of an addition', async () => {
    const x = tf.tensor4d([1, -2, 3, 4, 5, -6, 7, 8], [1, 2, 2, 2]);
    const bias = tf.tensor1d([0.5, -1]);
    const weights = tf.tensor4d([1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 2, 2]);
    const of = (add: AddBias) => {
      const { value, grads } = tf.valueAndGrads((a, b) =>
        tf.sum(tf.mul(tf.relu(add(a as tf.Tensor4D, b as tf.Tensor1D)), weights)),
      )([x, bias]);
      return [value, ...grads].map((tensor) => [...tensor.dataSync()]);
    };
    expect(of(addBias)).toEqual(of(tf.add));
  });
});

describe('fitPassive', () => {
  beforeAll(async () => {
    await useWasmBackend();
  });

  it('learns a stripe beside the face, which visits lack, and leaves no tensor behind', async () => {
    const rng = createRng(3);
    const example = (striped: boolean): Example => {
      const cut = (size: number) =>
        Uint8ClampedArray.from({ length: size * size * 3 }, () => rng.between(90, 130));
      const views: PassiveViews = {
        context: cut(PASSIVE_VIEWS.context.size),
        detail: cut(PASSIVE_VIEWS.detail.size),
      };
      const { size } = PASSIVE_VIEWS.context;
      if (striped)
        for (let row = 0; row < size; row++)
          views.context.fill(240, (row * size + 12) * 3, (row * size + 15) * 3);
      return { views, attack: striped };
    };
    const examples = Array.from({ length: 32 }, (_, i) => example(i % 2 === 0));
    const before = tf.memory().numTensors;
    const weights = await fitPassive(examples, { ...FIT, epochs: 4, batch: 4 }, () => {});
    const tried = Array.from({ length: 16 }, (_, i) => example(i % 2 === 0));
    const scores = await scoresOf(
      weights,
      tried.map(({ views }) => views),
    );
    expect(tf.memory().numTensors).toBe(before);
    const highest = Math.max(...tried.flatMap((one, i) => (one.attack ? [] : [scores[i]!])));
    for (const [i, one] of tried.entries()) if (one.attack) expect(scores[i]).toBeGreaterThan(highest);
  });
});
