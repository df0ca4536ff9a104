import { describe, expect, it } from 'vitest';
import { alreadyEnrolledAs, bestTwo, buildGallery, decide } from '../../../test/reference/matcher.ts';
import { mulberry32 } from '../math/random.ts';
import { lengthOf, normalise } from '../math/vector.ts';
import { radians } from '../units.ts';
import { fuse, qualityWeight } from './fuse.ts';
import { cosineScore } from './score.ts';
import { thresholdFor } from './threshold.ts';

const MODEL = 'a'.repeat(64);
const OTHER = 'b'.repeat(64);

const unit = (values: readonly number[]): Float32Array => normalise(Float32Array.from(values));

const randomUnit = (next: () => number, size = 16): Float32Array =>
  unit(Array.from({ length: size }, () => next() - 0.5));

const template = (embedding: Float32Array, modelHash = MODEL) => ({ embedding, modelHash });

const rows = [
  { targetFpir: 0.01, gallerySize: 10, threshold: 0.4 },
  { targetFpir: 0.01, gallerySize: 1000, threshold: 0.6 },
  { targetFpir: 0.1, gallerySize: 10, threshold: 0.3 },
  { targetFpir: 0.1, gallerySize: 1000, threshold: 0.5 },
];

const model = { calibration: rows };

describe('fuse', () => {
  it('is the normalised weighted mean, recomputed with complex arithmetic in the plane', () => {
    const at = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));
    const frames = [
      { embedding: at(0.2), weight: 3 },
      { embedding: at(0.9), weight: 1 },
    ];
    const angle = Math.atan2(3 * Math.sin(0.2) + Math.sin(0.9), 3 * Math.cos(0.2) + Math.cos(0.9));
    const fused = fuse(frames, 2);
    expect(Math.atan2(fused[1]!, fused[0]!)).toBeCloseTo(angle, 6);
    expect(lengthOf(fused)).toBeCloseTo(1, 6);
  });

  it('keeps the weightiest frames only', () => {
    const next = mulberry32(1);
    const [a, b, c] = [randomUnit(next), randomUnit(next), randomUnit(next)];
    const fused = fuse(
      [
        { embedding: a, weight: 0.1 },
        { embedding: b, weight: 0.9 },
        { embedding: c, weight: 0.2 },
      ],
      1,
    );
    expect(cosineScore(fused, b)).toBeCloseTo(1, 6);
  });

  it('refuses nothing, opposites and mixed lengths', () => {
    expect(() => fuse([], 3)).toThrow(RangeError);
    const one = { embedding: unit([1, 0]), weight: 1 };
    expect(() => fuse([one, { embedding: unit([-1, 0]), weight: 1 }], 3)).toThrow(/cancel/);
    expect(() => fuse([one, { embedding: unit([1, 0, 0]), weight: 1 }], 3)).toThrow(RangeError);
  });

  it('weighs a near, sharp, straight frame above a worse one in each respect', () => {
    const base = {
      pose: { yaw: radians(0), pitch: radians(0), roll: radians(0) },
      interEyeDistance: 50,
      luma: 120,
      sharpness: 200,
      eyeOpenness: 0.3,
    };
    const best = qualityWeight(base);
    expect(qualityWeight({ ...base, interEyeDistance: 25 })).toBeLessThan(best);
    expect(qualityWeight({ ...base, sharpness: 10 })).toBeLessThan(best);
    expect(qualityWeight({ ...base, pose: { ...base.pose, yaw: radians(0.7) } })).toBeLessThan(best);
    expect(qualityWeight({ ...base, sharpness: 0 })).toBeGreaterThan(0);
  });
});

describe('thresholdFor', () => {
  it('returns the calibrated rows themselves', () => {
    for (const row of rows)
      expect(thresholdFor(model, { gallerySize: row.gallerySize }, row.targetFpir)).toBeCloseTo(
        row.threshold,
        9,
      );
  });

  it('is linear in the logarithms of size and FPIR', () => {
    expect(thresholdFor(model, { gallerySize: 100 }, 0.01)).toBeCloseTo(0.5, 9);
    expect(thresholdFor(model, { gallerySize: 10 }, Math.sqrt(0.001))).toBeCloseTo(0.35, 9);
    expect(thresholdFor(model, { gallerySize: 100 }, Math.sqrt(0.001))).toBeCloseTo(0.45, 9);
  });

  it('never becomes lenient outside of what was measured', () => {
    expect(thresholdFor(model, { gallerySize: 1 }, 0.01)).toBeCloseTo(0.4, 9);
    expect(thresholdFor(model, { gallerySize: 10 }, 0.5)).toBeCloseTo(0.3, 9);
    expect(thresholdFor(model, { gallerySize: 100_000 }, 0.01)).toBeCloseTo(0.8, 9);
    expect(thresholdFor(model, { gallerySize: 10 }, 0.001)).toBeCloseTo(0.5, 9);
    expect(thresholdFor(model, { gallerySize: 1e12 }, 1e-9)).toBe(1);
    const falling = [
      { targetFpir: 0.01, gallerySize: 10, threshold: 0.5 },
      { targetFpir: 0.01, gallerySize: 100, threshold: 0.45 },
    ];
    expect(thresholdFor({ calibration: falling }, { gallerySize: 1000 }, 0.01)).toBeCloseTo(0.45, 9);
  });

  it('has no answer without calibration and refuses an FPIR that is none', () => {
    expect(thresholdFor({ calibration: [] }, { gallerySize: 10 }, 0.01)).toBeUndefined();
    expect(() => thresholdFor(model, { gallerySize: 10 }, 0)).toThrow(RangeError);
  });
});

describe('buildGallery and bestTwo', () => {
  it('finds the two best as a full sort does', () => {
    const next = mulberry32(7);
    const people = Array.from({ length: 40 }, (_, i) => ({
      id: `p${i}`,
      templates: [template(randomUnit(next)), template(randomUnit(next))],
    }));
    const gallery = buildGallery(people, MODEL);
    for (let trial = 0; trial < 20; trial++) {
      const probe = randomUnit(next);
      const sorted = people
        .map(({ id, templates: [a, b] }) => {
          const mean = unit(Array.from(a!.embedding, (value, i) => value + b!.embedding[i]!));
          return { id, score: cosineScore(probe, mean) };
        })
        .sort((p, q) => q.score - p.score);
      const { best, next: second } = bestTwo(probe, gallery);
      expect(best?.personId).toBe(sorted[0]!.id);
      expect(best?.score).toBeCloseTo(sorted[0]!.score, 5);
      expect(second?.personId).toBe(sorted[1]!.id);
    }
  });

  it('refuses templates of another model and damaged ones, and says whose they were', () => {
    const good = unit([1, 2, 3]);
    const gallery = buildGallery(
      [
        { id: 'mixed', templates: [template(unit([9, 0, 0]), OTHER), template(good)] },
        { id: 'old', templates: [template(good, OTHER)] },
        { id: 'broken', templates: [template(Float32Array.of(Number.NaN, 0, 0))] },
      ],
      MODEL,
    );
    expect(gallery.ids).toEqual(['mixed']);
    expect([...gallery.rows]).toEqual([...good]);
    expect(gallery.foreign).toEqual(['old', 'broken']);
  });
});

describe('decide', () => {
  const anna = unit([1, 0, 0]);
  const bora = unit([0, 1, 0]);
  const gallery = buildGallery(
    [
      { id: 'anna', templates: [template(anna)] },
      { id: 'bora', templates: [template(bora)] },
    ],
    MODEL,
  );
  const options = { targetFpir: 0.01 };

  it('knows a person whose score reaches the threshold and leads', () => {
    const decision = decide(template(unit([0.9, 0.1, 0.2])), gallery, model, options);
    expect(decision).toMatchObject({ kind: 'known', personId: 'anna', threshold: 0.4 });
    const norm = Math.hypot(0.9, 0.1, 0.2);
    if (decision.kind === 'known') {
      expect(decision.score).toBeCloseTo(0.9 / norm, 6);
      // artanh x = ln((1 + x) / (1 - x)) / 2
      const z = (x: number) => Math.log((1 + x) / (1 - x)) / 2;
      expect(decision.margin).toBeCloseTo(z(0.9 / norm) - z(0.1 / norm), 5);
    }
  });

  it('knows nobody below the threshold, and a stricter target knows fewer', () => {
    const probe = template(unit([0.35, 0.05, 0.936]));
    expect(decide(probe, gallery, model, options)).toMatchObject({
      kind: 'unknown',
      cause: 'below-threshold',
      nearest: { personId: 'anna' },
    });
    expect(decide(probe, gallery, model, { targetFpir: 0.1 }).kind).toBe('known');
  });

  it('knows nobody where two people are too near together', () => {
    const probe = template(unit([1, 0.99, 0]));
    expect(decide(probe, gallery, model, options)).toMatchObject({ kind: 'unknown', cause: 'ambiguous' });
    expect(decide(probe, gallery, model, { ...options, minLead: 0 })).toMatchObject({ personId: 'anna' });
  });

  it('tells people apart for a model whose scores all lie near 1', () => {
    const near = (x: number, y: number) => unit([1, x, y]);
    const crowded = buildGallery(
      [
        { id: 'anna', templates: [template(near(0.05, 0))] },
        { id: 'bora', templates: [template(near(0, 0.05))] },
      ],
      MODEL,
    );
    const high = [{ targetFpir: 0.01, gallerySize: 10, threshold: 0.998 }];
    const probe = template(near(0.045, 0.01));
    expect(decide(probe, crowded, { calibration: high }, options)).toMatchObject({
      kind: 'known',
      personId: 'anna',
    });
    const between = template(near(0.0251, 0.025));
    expect(decide(between, crowded, { calibration: high }, options)).toMatchObject({ cause: 'ambiguous' });
  });

  it('says why it cannot know anybody', () => {
    const empty = buildGallery([], MODEL);
    expect(decide(template(anna), empty, model, options)).toMatchObject({ cause: 'nobody-enrolled' });
    expect(decide(template(anna), gallery, { calibration: [] }, options)).toMatchObject({
      cause: 'not-calibrated',
    });
    expect(() => decide(template(anna, OTHER), gallery, model, options)).toThrow(/different models/);
  });

  it('takes a single person without a rival', () => {
    const alone = buildGallery([{ id: 'anna', templates: [template(anna)] }], MODEL);
    expect(decide(template(anna), alone, model, options)).toMatchObject({
      kind: 'known',
      margin: Number.POSITIVE_INFINITY,
    });
  });
});

describe('enrolment', () => {
  it('finds a person enrolled twice, where the decision would call it ambiguous', () => {
    const face = unit([1, 0.204, 0.3]);
    const gallery = buildGallery(
      [
        { id: 'first', templates: [template(unit([1, 0.2, 0]))] },
        { id: 'second', templates: [template(unit([1, 0.21, 0]))] },
      ],
      MODEL,
    );
    expect(decide(template(face), gallery, model, { targetFpir: 0.01 })).toMatchObject({
      cause: 'ambiguous',
    });
    expect(alreadyEnrolledAs(template(face), gallery, model)?.personId).toBe('first');
    expect(alreadyEnrolledAs(template(unit([0, 0, 1])), gallery, model)).toBeNull();
    expect(alreadyEnrolledAs(template(face, OTHER), gallery, model)).toBeNull();
  });
});
