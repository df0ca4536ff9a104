import { mulberry32 } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { poolImpostors } from './impostor-pool.ts';
import { allPairTrials } from './trials.ts';

/** Noisy unit vectors; the path says whose. Scores are rounded so that some are equal. */
function crowd(seed: number, people: number, each: number, spread: number): Map<string, Float32Array> {
  const random = mulberry32(seed);
  const set = new Map<string, Float32Array>();
  for (let p = 0; p < people; p++) {
    const centre = Float32Array.from({ length: 8 }, () => random() - 0.5);
    for (let k = 0; k < each; k++) {
      const vector = centre.map((v) => v + spread * (random() - 0.5));
      const length = Math.sqrt(dot(vector, vector));
      set.set(
        `p${p}/${k}.jpg`,
        vector.map((v) => v / length),
      );
    }
  }
  return set;
}

const rounded = (a: Float32Array, b: Float32Array): number => Math.round(dot(a, b) * 500) / 500;
const personOf = (path: string) => path.split('/')[0]!;

/** Scores of all pairs of two people, and of one person's pictures, counted plainly. */
function pairsOf(set: ReadonlyMap<string, Float32Array | null>) {
  const entries = [...set];
  const scores: { impostor: number[]; genuine: number[] } = { impostor: [], genuine: [] };
  entries.forEach(([path, a], i) => {
    for (const [other, b] of entries.slice(i + 1))
      scores[personOf(path) === personOf(other) ? 'genuine' : 'impostor'].push(
        a && b ? rounded(a, b) : Number.NEGATIVE_INFINITY,
      );
  });
  return scores;
}

describe('poolImpostors', () => {
  const own = new Map<string, Float32Array | null>(crowd(1, 20, 3, 0.9));
  own.set('p3/1.jpg', null);
  const other = new Map<string, Float32Array | null>(crowd(2, 300, 1, 0));
  other.set('p7/0.jpg', null);
  const third = crowd(3, 40, 2, 0.6);
  const trials = allPairTrials('own', { embeddings: own, similarity: rounded });
  const others = [
    { name: 'other', embeddings: other, personOf },
    { name: 'third', embeddings: third, personOf },
  ];
  const pooled = poolImpostors('own', trials, others, rounded, 0);
  const sets = [own, other, third].map(pairsOf);
  const impostors = sets.flatMap(({ impostor }) => impostor);

  it('counts pairs within each set alone, those without a face too', () => {
    expect(pooled.impostor).toBe(impostors.length);
    expect(pooled.sets).toEqual([
      { set: 'own', pictures: 60, people: 20, impostor: sets[0]!.impostor.length },
      { set: 'other', pictures: 300, people: 300, impostor: sets[1]!.impostor.length },
      { set: 'third', pictures: 80, people: 40, impostor: sets[2]!.impostor.length },
    ]);
    expect(pooled.people).toBe(360);
  });

  it('finds the most lenient threshold of each false match rate, as a plain search does', () => {
    const { genuine } = sets[0]!;
    const share = (scores: readonly number[], threshold: number) =>
      scores.filter((score) => score >= threshold).length / scores.length;
    const observed = new Set([...impostors, ...genuine].filter((score) => score > Number.NEGATIVE_INFINITY));
    const candidates = [...observed];
    for (const point of pooled.points) {
      const passing = candidates.filter((threshold) => share(impostors, threshold) <= point.targetFmr);
      const threshold = passing.reduce((low, score) => Math.min(low, score), Number.POSITIVE_INFINITY);
      expect(point.threshold).toBe(threshold);
      expect(point.fmr).toBeCloseTo(share(impostors, threshold), 12);
      expect(point.tar).toBeCloseTo(share(genuine, threshold), 12);
      expect(point.bySet).toEqual(sets.map(({ impostor }) => expect.closeTo(share(impostor, threshold), 12)));
    }
    expect(pooled.points.map(({ targetFmr }) => targetFmr)).toEqual([0.01, 0.001, 0.0001]);
    expect(pooled.points[1]!.fmr).toBeGreaterThan(0);
  });

  it('takes thresholds from all sets: hard impostors elsewhere lower the rate', () => {
    const twins = new Map(
      Array.from({ length: 60 }, (_, p) => [`p${p}/0.jpg`, [...own.values()][0]!] as const),
    );
    const harder = poolImpostors(
      'own',
      trials,
      [...others, { name: 'twins', embeddings: twins, personOf }],
      rounded,
      0,
    );
    expect(harder.points[1]!.tar).toBeLessThan(pooled.points[1]!.tar);
  });

  it('draws people for its intervals, which hold the figure', () => {
    const { points } = poolImpostors('own', trials, others, rounded, 60);
    for (const { tar, interval } of points.slice(0, 2)) {
      expect(interval!.low).toBeLessThanOrEqual(tar);
      expect(interval!.high).toBeGreaterThanOrEqual(tar);
      expect(interval!.high).toBeGreaterThan(interval!.low);
    }
  });

  it('keeps the highest scores of a large pool and finds the same thresholds', () => {
    const large = { name: 'large', embeddings: crowd(4, 700, 1, 0), personOf };
    const { points, impostor } = poolImpostors('own', trials, [large], rounded, 0);
    expect(impostor).toBeGreaterThan(200_000);
    const scores = [...sets[0]!.impostor, ...pairsOf(large.embeddings).impostor].sort((a, b) => b - a);
    points.forEach(({ targetFmr, threshold, fmr }) => {
      const refused = scores[Math.floor(targetFmr * scores.length + 1e-9)]!;
      expect(threshold).toBeGreaterThan(refused);
      expect(fmr).toBeCloseTo(scores.filter((score) => score > refused).length / scores.length, 12);
    });
  });
});
