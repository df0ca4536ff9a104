import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { ConsistentTerm } from './consistent.ts';

const samples = [0, 1].map((index) => ({
  set: 's',
  index,
  path: `s/${index}`,
  person: null,
  label: -1,
  target: undefined,
}));

describe('ConsistentTerm', () => {
  beforeAll(() => tf.setBackend('cpu'));

  const term = new ConsistentTerm({
    teacher: 'mobilefacenet',
    weight: 4,
    mapWeight: 2,
    coveredShare: 0.25,
    secondShare: 0.5,
    thirdShare: 0,
  });
  const embeddings = () => tf.tensor2d([3, 0, 0, 2], [2, 2]);
  const lesson = () => ({
    targets: tf.tensor2d([1, 0, 0.6, 0.8], [2, 2]),
    maps: tf.tensor4d([1, 6], [2, 1, 1, 1]),
  });

  it('gives the mean of 1 - cosine, and the maps’ squared difference below 6, less of covered pictures', () => {
    const neck = tf.tensor4d([3, 9], [2, 1, 1, 1]);
    const context = { embeddings: embeddings(), samples, imagesSeen: 0, neck, lesson: lesson() };
    const [direction, map] = term.losses({ ...context, covered: [true, false] });
    expect(direction).toMatchObject({ name: 'teacher', weight: 4 });
    expect(direction!.value.dataSync()[0]).toBeCloseTo((0 + 0.2) / 2, 6);
    expect(map).toMatchObject({ name: 'map', weight: 2 });
    // (3 - 1)^2 counts a quarter, min(9, 6) is what the teacher has.
    expect(map!.value.dataSync()[0]).toBeCloseTo((0.25 * 4 + 0) / 2, 6);
  });

  it('takes no map from a photograph that shows an accessory itself', () => {
    const neck = tf.tensor4d([3, 9], [2, 1, 1, 1]);
    const worn = samples.map((sample, i) => ({ ...sample, spoiled: i === 0 }));
    const context = { embeddings: embeddings(), samples: worn, imagesSeen: 0, neck, lesson: lesson() };
    const [, map] = term.losses({ ...context, covered: [false, false] });
    expect(map!.value.dataSync()[0]).toBeCloseTo(0, 6);
  });

  it('leaves the maps out where the network has no neck', () => {
    const terms = term.losses({ embeddings: embeddings(), samples, imagesSeen: 0, lesson: lesson() });
    expect(terms.map(({ name }) => name)).toEqual(['teacher']);
  });

  it('takes SFace’s map from the last channels, as a share of the map’s mean square', () => {
    const sface = new ConsistentTerm({
      teacher: 'sface',
      weight: 4,
      mapWeight: 2,
      coveredShare: 0.25,
      secondShare: 0,
      thirdShare: 0,
    });
    const map = tf.tensor4d([100, 3, 100, 8], [2, 1, 1, 2]);
    const context = { embeddings: embeddings(), samples, imagesSeen: 0, map, lesson: lesson() };
    const [, missed] = sface.losses({ ...context, covered: [false, true] });
    // (3 - 1)^2, and a quarter of (8 - 6)^2, of a mean square of (1 + 36) / 2
    expect(missed!.value.dataSync()[0]).toBeCloseTo((4 + 1) / 2 / 18.5, 6);
  });

  it('refuses a step in which no teacher was asked', () => {
    expect(() => term.losses({ embeddings: embeddings(), samples, imagesSeen: 0 })).toThrow('none was asked');
  });
});
