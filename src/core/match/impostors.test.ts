import { describe, expect, it } from 'vitest';
import { buildGallery, decide } from '../../../test/reference/matcher.ts';
import { MATCH } from './config.ts';
import { adaptThreshold, impostorScores, impostorSpread, spreadOf } from './impostors.ts';
import { thresholdFor } from './threshold.ts';

const artanh = (x: number): number => Math.log((1 + x) / (1 - x)) / 2;
const deviation = (values: readonly number[]): number => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length - mean * mean);
};

describe('impostorScores', () => {
  it('compares everybody with everybody else once', () => {
    const people = [1, 2, 4, 8];
    const scores = impostorScores(
      people.length,
      (place) => people[place]!,
      (a, b) => a + b,
    );
    expect([...scores].sort((a, b) => a - b)).toEqual([3, 5, 6, 9, 10, 12]);
    expect(
      impostorScores(
        1,
        (place) => people[place]!,
        (a, b) => a + b,
      ),
    ).toHaveLength(0);
    expect(
      impostorScores(
        0,
        (place) => people[place]!,
        (a, b) => a + b,
      ),
    ).toHaveLength(0);
  });

  it('takes no more people of a large gallery than its limit, from all over it', () => {
    const asked: number[] = [];
    const scores = impostorScores(
      100_000,
      (place) => asked.push(place),
      () => 0,
    );
    const { people } = MATCH.adaptation;
    expect(scores).toHaveLength((people * (people - 1)) / 2);
    expect(new Set(asked).size).toBe(people);
    const places: number[] = [];
    impostorScores(
      1000,
      (place) => places.push(place),
      () => 0,
    );
    expect(Math.min(...places)).toBe(0);
    expect(Math.max(...places)).toBeGreaterThan(980);
    expect(Math.max(...places)).toBeLessThan(1000);
  });
});

describe('impostorSpread', () => {
  const prior = { mean: 0.03, deviation: 0.1 };

  it('knows what the model came with before anybody can be compared', () => {
    expect(impostorSpread([], prior)).toEqual(prior);
  });

  it('is the spread of both samples together, recomputed from a sample that has the prior’s spread', () => {
    const seen = [0.2, -0.1, 0.35, 0.05, 0.15, 0];
    // Half of them one deviation above the mean and half below have just the prior's mean and deviation.
    const priorPairs = 40;
    const before = Array.from({ length: priorPairs }, (_, i) => (i % 2 ? 0.13 : -0.07));
    const all = [...before, ...seen.map(artanh)];
    const local = impostorSpread(seen, prior, priorPairs);
    expect(local.mean).toBeCloseTo(all.reduce((sum, value) => sum + value, 0) / all.length, 9);
    expect(local.deviation).toBeCloseTo(deviation(all), 9);
  });

  it('comes to believe a large gallery', () => {
    const seen = Float32Array.from({ length: 20_000 }, (_, i) => Math.tanh(i % 2 ? 0.3 : -0.1));
    const local = impostorSpread(seen, prior);
    expect(spreadOf(seen).mean).toBeCloseTo(0.1, 6);
    expect(local.mean).toBeCloseTo(0.1, 2);
    expect(local.deviation).toBeCloseTo(0.2, 2);
  });
});

describe('adaptThreshold', () => {
  const calibrated = { mean: 0, deviation: 0.08 };

  it('keeps the deviations that a threshold lies above the mean, on Fisher’s scale', () => {
    const local = { mean: 0.06, deviation: 0.1 };
    const threshold = Math.tanh(4 * 0.08);
    expect(adaptThreshold(threshold, calibrated, local)).toBeCloseTo(Math.tanh(0.06 + 4 * 0.1), 9);
  });

  it('is never below what was calibrated, and never beyond 1', () => {
    expect(adaptThreshold(0.4, calibrated, { mean: -0.1, deviation: 0.05 })).toBe(0.4);
    expect(adaptThreshold(1, calibrated, { mean: 0.2, deviation: 0.5 })).toBe(1);
  });
});

describe('a gallery whose people are alike', () => {
  const MODEL = 'a'.repeat(64);
  const impostors = { all: { mean: 0, deviation: 0.08 }, lookalikes: { mean: 0.02, deviation: 0.09 } };
  const calibration = [{ targetFpir: 0.01, gallerySize: 1, threshold: 0.35 }];
  const width = 64;
  /** Person `i` has a direction of their own and a part that all have in common, so that any two score `common`. */
  const person = (i: number, common: number): Float32Array => {
    const vector = new Float32Array(width);
    vector[0] = Math.sqrt(common);
    vector[1 + i] = Math.sqrt(1 - common);
    return vector;
  };
  const galleryOf = (people: number, common: number) =>
    buildGallery(
      Array.from({ length: people }, (_, i) => ({
        id: `p${i}`,
        templates: [{ embedding: person(i, common), modelHash: MODEL }],
      })),
      MODEL,
    );
  const stranger = (common: number) => ({ embedding: person(60, common), modelHash: MODEL });

  it('has a higher threshold than one whose people are not', () => {
    const options = { targetFpir: 0.01, minLead: 0 };
    const common = 0.4;
    const alike = decide(stranger(common), galleryOf(40, common), { calibration, impostors }, options);
    expect(alike).toMatchObject({ kind: 'unknown', cause: 'below-threshold' });
    // The calibrated thresholds accept the same stranger.
    expect(decide(stranger(common), galleryOf(40, common), { calibration }, options).kind).toBe('known');
    const unlike = decide(stranger(0), galleryOf(40, 0), { calibration, impostors }, options);
    expect(unlike.threshold!).toBeLessThan(alike.threshold!);
    // An enrolled person is still found.
    const own = { embedding: person(3, common), modelHash: MODEL };
    expect(decide(own, galleryOf(40, common), { calibration, impostors }, options)).toMatchObject({
      kind: 'known',
      personId: 'p3',
    });
  });

  it('starts from pictures that look alike, where only one is enrolled', () => {
    expect(thresholdFor({ calibration, impostors }, { gallerySize: 1 }, 0.01)).toBeCloseTo(
      Math.tanh(0.02 + (artanh(0.35) / 0.08) * 0.09),
      6,
    );
  });
});
