import { describe, expect, it } from 'vitest';
import { mulberry32, normalFrom } from '../math/random.ts';
import { dot, normalise } from '../math/vector.ts';
import { createTransform, dequantise, keyStreamBytes, quantise } from './protect.ts';
import { createKernel, javascriptKernel } from './scan/kernel.ts';
import { cosineScore } from './score.ts';
import { TemplateIndex } from './template-index.ts';

const unit = (next: () => number, width: number): Float32Array =>
  normalise(Float32Array.from({ length: width }, () => normalFrom(next)));

/** A vector at about this cosine to `centre`. */
function near(centre: Float32Array, cosine: number, next: () => number): Float32Array {
  const other = unit(next, centre.length);
  return normalise(centre.map((value, i) => cosine * value + Math.sqrt(1 - cosine * cosine) * other[i]!));
}
const keyStream = (seed: number, width: number): Uint8Array => {
  const next = mulberry32(seed);
  return Uint8Array.from({ length: keyStreamBytes(width) }, () => Math.floor(next() * 256));
};

describe('the kernel', () => {
  it('computes in WASM what it computes in JavaScript, to the last bit', () => {
    const wasm = createKernel();
    expect(wasm.kind).toBe('wasm-simd');
    const [stride, count] = [96, 50];
    const results = [wasm, javascriptKernel()].map((kernel) => {
      const values = mulberry32(5);
      kernel.reserve(100_000);
      const memory = kernel.memory();
      new Int16Array(memory, 0, stride).set(Array.from({ length: stride }, () => values() * 8190 - 4095));
      new Int8Array(memory, 1024, count * stride).set(
        Array.from({ length: count * stride }, () => values() * 255 - 127),
      );
      kernel.scan(1024, count, stride, 0, 65_536);
      return [...new Int32Array(memory, 65_536, count)];
    });
    expect(results[0]).toEqual(results[1]);
  });

  it('stays exact at the largest values it is given', () => {
    const kernel = createKernel();
    const stride = 4096;
    kernel.reserve(200_000);
    new Int16Array(kernel.memory(), 0, stride).fill(-4095);
    new Int8Array(kernel.memory(), 16_384, stride).fill(127);
    kernel.scan(16_384, 1, stride, 0, 100_000);
    expect(new Int32Array(kernel.memory(), 100_000, 1)[0]).toBe(-4095 * 127 * 4096);
  });
});

describe.each([
  ['wasm', createKernel],
  ['javascript', javascriptKernel],
] as const)('the index, %s', (_, kernel) => {
  const width = 128;

  it('ranks as a full float search does, also where all scores crowd near 1', () => {
    for (const crowd of [0, 0.98]) {
      const next = mulberry32(11);
      const centre = unit(next, width);
      const people = Array.from({ length: 3000 }, () => near(centre, crowd, next));
      const index = new TemplateIndex(width, kernel(), { block: 1024, rescored: 64 });
      for (const [i, vector] of people.entries())
        index.add({ personId: `p${i}`, template: quantise(vector) });
      for (let trial = 0; trial < 20; trial++) {
        const probe = near(people[trial * 7]!, 0.9, next);
        const truth = people
          .map((vector, i) => ({ personId: `p${i}`, score: dot(probe, vector) }))
          .sort((a, b) => b.score - a.score);
        const found = index.search(probe, 2);
        expect(found.map(({ personId }) => personId)).toEqual([truth[0]!.personId, truth[1]!.personId]);
        expect(found[0]!.score).toBeCloseTo(truth[0]!.score, 4);
        const others = index.search(probe, 1, new Set([truth[0]!.personId]));
        expect(others[0]!.personId).toBe(truth[1]!.personId);
      }
    }
  });

  it.each([8, 32])(
    'of %i values has the same rows whether they are added one by one or in blocks',
    (width) => {
      const next = mulberry32(11);
      // More than the index makes room for at a time.
      const rows = Array.from({ length: 5000 }, (_, i) => ({
        personId: String(i),
        template: quantise(unit(next, width)),
      }));
      const [one, blocks] = [new TemplateIndex(width), new TemplateIndex(width)];
      for (const row of rows) one.add(row);
      for (const [from, to] of [
        [0, 3000],
        [3000, 3000],
        [3000, 5000],
      ] as const) {
        const some = rows.slice(from, to);
        const plane = (of: 'high' | 'low') =>
          Int8Array.from(some.flatMap(({ template }) => [...template[of]]));
        blocks.addAll({
          personIds: some.map(({ personId }) => personId),
          scales: Float32Array.from(some, ({ template }) => template.scale),
          high: plane('high'),
          low: plane('low'),
        });
      }
      expect(blocks.length).toBe(one.length);
      for (let row = 0; row < one.length; row++) expect(blocks.row(row)).toEqual(one.row(row));
      const probe = unit(next, width);
      expect(blocks.search(probe, 5)).toEqual(one.search(probe, 5));
      const again = { personIds: ['7'], scales: new Float32Array(1) };
      const plane = new Int8Array(width);
      expect(() => blocks.addAll({ ...again, high: plane, low: plane })).toThrow(/already/);
      expect(() => blocks.addAll({ ...again, high: plane, low: new Int8Array(1) })).toThrow(/do not fit/);
    },
  );

  it('searches rows whose low planes have not come, and scores them exactly once they have', () => {
    const next = mulberry32(19);
    // More than the low planes that lie together.
    const vectors = Array.from({ length: 5000 }, () => unit(next, width));
    const templates = vectors.map(quantise);
    const plane = (of: 'high' | 'low') => Int8Array.from(templates.flatMap((one) => [...one[of]]));
    const block = {
      personIds: vectors.map((_, i) => `p${i}`),
      scales: Float32Array.from(templates, ({ scale }) => scale),
      high: plane('high'),
      low: plane('low'),
    };
    const [whole, partial] = [new TemplateIndex(width, kernel()), new TemplateIndex(width, kernel())];
    whole.addAll(block);
    partial.addAll({ ...block, low: null });
    const probe = near(vectors[4500]!, 0.9, next);
    const [early] = partial.search(probe, 1);
    expect(early!.personId).toBe('p4500');
    expect(early!.score).toBeCloseTo(dot(probe, vectors[4500]!), 2);
    const before = partial.impostors();
    partial.putLow(0, block.low.subarray(0, 3000 * width));
    partial.putLow(3000, block.low.subarray(3000 * width));
    expect(partial.search(probe, 5)).toEqual(whole.search(probe, 5));
    expect(partial.impostors()).toEqual(whole.impostors());
    expect(partial.impostors()).not.toEqual(before);
    expect(partial.row(4999)).toEqual(whole.row(4999));
    expect(() => partial.putLow(4999, block.low.subarray(0, 2 * width))).toThrow(/do not fit/);
    expect(() => partial.putLow(0, block.low.subarray(1))).toThrow(/do not fit/);
  });

  it('takes one row of a person, and no other width', () => {
    const next = mulberry32(2);
    const index = new TemplateIndex(width, kernel());
    index.add({ personId: 'one', template: quantise(unit(next, width)) });
    expect(() => index.add({ personId: 'one', template: quantise(unit(next, width)) })).toThrow(/already/);
    expect(() => index.add({ personId: 'two', template: quantise(unit(next, 8)) })).toThrow(RangeError);
    expect(index.length).toBe(1);
    expect(index.remove('one')).toBeNull();
    expect(index.remove('one')).toBeNull();
    expect(index.length).toBe(0);
  });

  it('adds and removes at random as a plain list does', () => {
    const next = mulberry32(17);
    const index = new TemplateIndex(width, kernel());
    const truth = new Map<string, Float32Array>();
    for (let step = 0; step < 600; step++) {
      const ids = [...truth.keys()];
      if (next() < 0.4 && ids.length > 0) {
        const id = ids[Math.floor(next() * ids.length)]!;
        index.remove(id);
        truth.delete(id);
      } else {
        const id = next() < 0.3 && ids.length > 0 ? ids[0]! : `p${step}`;
        const vector = unit(next, width);
        index.remove(id);
        index.add({ personId: id, template: quantise(vector) });
        truth.set(id, vector);
      }
    }
    expect(index.length).toBe(truth.size);
    for (const [id, vector] of truth) {
      const [best] = index.search(vector, 1);
      expect(best!.personId).toBe(id);
      expect(best!.score).toBeCloseTo(1, 4);
    }
  });
});

describe('template protection', () => {
  it.each([1, 3, 8, 100, 512])('keeps cosines and inverts, %i values', (width) => {
    const next = mulberry32(width);
    const { apply, invert } = createTransform(width, keyStream(1, width));
    const [a, b] = [unit(next, width), unit(next, width)];
    expect(cosineScore(apply(a), apply(b))).toBeCloseTo(cosineScore(a, b), 5);
    const back = invert(apply(a));
    for (let i = 0; i < width; i++) expect(back[i]).toBeCloseTo(a[i]!, 5);
  });

  it('keeps a template to 16 bits', () => {
    const vector = unit(mulberry32(1), 512);
    const back = dequantise(quantise(vector));
    expect(cosineScore(vector, back)).toBeGreaterThan(1 - 1e-8);
    expect(() => quantise(new Float32Array(4))).toThrow(RangeError);
    expect(() => quantise(Float32Array.of(1, Number.NaN))).toThrow(RangeError);
  });

  /** Area under the ROC of "same person" against "different people"; 0.5 is chance. */
  function auc(same: readonly number[], different: readonly number[]): number {
    let wins = 0;
    for (const s of same) for (const d of different) wins += s > d ? 1 : s === d ? 0.5 : 0;
    return wins / (same.length * different.length);
  }

  it('single templates of two installations score like strangers; those of one do not', () => {
    const width = 512;
    const next = mulberry32(99);
    const people = Array.from({ length: 300 }, () => unit(next, width));
    const same: number[] = [];
    const different: number[] = [];
    const within: number[] = [];
    // Many pairs of installations, because one pair is a single random rotation.
    for (let trial = 0; trial < 10; trial++) {
      const [here, there] = [trial * 2 + 1, trial * 2 + 2].map((s) =>
        createTransform(width, keyStream(s, width)),
      );
      const kept = people.map((p) => dequantise(quantise(here!.apply(near(p, 0.8, next)))));
      const other = people.map((p) => dequantise(quantise(there!.apply(near(p, 0.8, next)))));
      const again = people.map((p) => dequantise(quantise(here!.apply(near(p, 0.8, next)))));
      for (let i = 0; i < people.length; i++) {
        same.push(cosineScore(kept[i]!, other[i]!));
        different.push(cosineScore(kept[i]!, other[(i + 1) % people.length]!));
        within.push(cosineScore(kept[i]!, again[i]!));
      }
    }
    expect(auc(within.slice(0, 300), different.slice(0, 300))).toBeGreaterThan(0.999);
    // Standard error of an AUC by chance with 3,000 of each: sqrt(1/(6 * 3000)) = 0.0075; four of them.
    expect(Math.abs(auc(same, different) - 0.5)).toBeLessThan(0.03);
  });

  it('loses at most 0.001 TAR at the same FMR', () => {
    const width = 512;
    const next = mulberry32(4);
    const { apply } = createTransform(width, keyStream(8, width));
    const genuine: [number, number][] = [];
    const impostor: [number, number][] = [];
    const people = Array.from({ length: 2000 }, () => unit(next, width));
    const kept = people.map((p) => dequantise(quantise(apply(p))));
    for (const [i, person] of people.entries()) {
      const probe = near(person, 0.05 + 0.25 * next(), next);
      const turned = apply(probe);
      genuine.push([cosineScore(probe, person), cosineScore(turned, kept[i]!)]);
      for (const step of [1, 2, 3]) {
        const j = (i + step) % people.length;
        impostor.push([cosineScore(probe, people[j]!), cosineScore(turned, kept[j]!)]);
      }
    }
    const tar = (which: 0 | 1, fmr: number): number => {
      const sorted = impostor.map((pair) => pair[which]).sort((a, b) => b - a);
      const threshold = sorted[Math.floor(fmr * sorted.length)]!;
      return genuine.filter((pair) => pair[which] > threshold).length / genuine.length;
    };
    for (const fmr of [0.01, 0.001]) {
      expect(tar(0, fmr)).toBeGreaterThan(0.3);
      expect(tar(0, fmr)).toBeLessThan(0.99);
      expect(Math.abs(tar(0, fmr) - tar(1, fmr))).toBeLessThanOrEqual(0.001);
    }
  });
});
