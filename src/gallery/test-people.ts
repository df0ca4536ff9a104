import { normalise } from '@rounz/core/math/vector.ts';
import type { RunningModel } from './contract/matching.ts';
import type { NewPerson, Template } from './contract/person.ts';

/** People for the tests of this folder: pseudo-random embeddings, no faces. */
export const MODEL = 'c'.repeat(64);
export const OTHER_MODEL = 'd'.repeat(64);
export const AT = '2026-11-24T01:02:03.000Z';

export const running: RunningModel = {
  modelHash: MODEL,
  calibration: [
    { targetFpir: 0.03, gallerySize: 1, threshold: 0.4 },
    { targetFpir: 0.01, gallerySize: 1, threshold: 0.5 },
    { targetFpir: 0.001, gallerySize: 1, threshold: 0.6 },
  ],
};

const fraction = (value: number): number => value - Math.floor(value);

/** The embedding of person `seed`: any two people are nearly orthogonal. */
export const embedding = (seed: number, size = 512): Float32Array =>
  normalise(
    Float32Array.from(
      { length: size },
      (_, i) => fraction(Math.sin(seed * 127.1 + i * 311.7) * 43758.5453) - 0.5,
    ),
  );

/** The same person seen another time, at a cosine of about 0.95. */
export function near(seed: number, size = 512): Float32Array {
  const other = embedding(seed + 0.123, size);
  return normalise(embedding(seed, size).map((value, i) => value + 0.3 * other[i]!));
}

export const template = (seed: number, modelHash = MODEL): Template => ({
  embedding: embedding(seed),
  modelHash,
  createdAt: AT,
});

export const newPerson = (name: string, seed: number, demo = false): NewPerson => ({
  name,
  consent: { version: '1', givenAt: AT },
  templates: [template(seed), { ...template(seed), embedding: near(seed) }, template(seed)],
  demo,
});
