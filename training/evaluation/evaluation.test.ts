import type { RgbaImage } from '@rounz/core/image.ts';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { describe, expect, it } from 'vitest';
import { formatRow } from '../commands/embed.ts';
import { collectCaptures } from './collect.ts';
import { evaluationSchema } from './evaluation.ts';
import { figuresOf } from './figures.ts';
import { mirrorPadded } from './peers.ts';
import { parseProbes } from './probe-list.ts';
import type { Recogniser } from './recogniser.ts';
import { formatEvaluation } from './report.ts';
import { allPairTrials, probeTrials } from './trials.ts';

const HEADER = 'identity\taccessory\tprobe\tgallery';

/** Unit vectors around a direction of each person; `spread` 0 makes a person's pictures equal. */
function personEmbedding(person: number, spread: number, random: () => number): Float32Array {
  const of = mulberry32(person + 1);
  const values = Float32Array.from({ length: 16 }, () => of() - 0.5 + spread * (random() - 0.5));
  const length = Math.sqrt(dot(values, values));
  return values.map((value) => value / length);
}

function probeSet(people: number, spread: number) {
  const random = mulberry32(99);
  const lines = Array.from(
    { length: people },
    (_, i) => `${i}\t${i % 2 ? 'hat' : 'glasses'}\t${i}/p.jpg\t${i}/g.jpg`,
  );
  const embeddings = new Map<string, Float32Array | null>(
    Array.from({ length: people }, (_, i) => i).flatMap((i) => [
      [`${i}/p.jpg`, personEmbedding(i, spread, random)],
      [`${i}/g.jpg`, personEmbedding(i, spread, random)],
    ]),
  );
  return { probes: parseProbes([HEADER, ...lines, ''].join('\n')), embeddings };
}

describe('parseProbes', () => {
  it('reads accessories and several gallery pictures', () => {
    expect(parseProbes(`${HEADER}\n7\tglasses+hat\t7/a.jpg\t7/b.jpg|7/c.jpg\n`)).toEqual([
      { identity: '7', accessories: ['glasses', 'hat'], picture: '7/a.jpg', gallery: ['7/b.jpg', '7/c.jpg'] },
    ]);
  });

  it('names the line that does not fit', () => {
    expect(() => parseProbes(`${HEADER}\n7\that\t7/a.jpg\n`)).toThrow(/line 2/);
    expect(() => parseProbes('probe,gallery\n')).toThrow(/columns/);
  });
});

describe('probe protocol', () => {
  it('finds no error where people are apart', () => {
    const { probes, embeddings } = probeSet(20, 0);
    const { values, genuine, impostor } = figuresOf(
      probeTrials(probes, probes, { embeddings, similarity: dot }),
      {
        splitSeed: 1,
        resamples: 0,
      },
    );
    expect({ genuine, impostor }).toEqual({ genuine: 20, impostor: 380 });
    expect(values).toMatchObject({ f1: 1, tarAtFmr1e2: 1, eer: 0, rank1: 1, fnirAtFpir1e2: 0 });
  });

  it('counts a face that was not found as a missed match on either side', () => {
    const { probes, embeddings } = probeSet(20, 0);
    embeddings.set('3/p.jpg', null);
    embeddings.set('4/g.jpg', null);
    const { values } = figuresOf(probeTrials(probes, probes, { embeddings, similarity: dot }), {
      splitSeed: 1,
      resamples: 0,
    });
    expect(values).toMatchObject({ tarAtFmr1e2: 0.9, rank1: 0.9, fnirAtFpir1e1: 0.1 });
  });

  it('agrees with a plain count on noisy scores and lies within its own interval', () => {
    const { probes, embeddings } = probeSet(40, 1.2);
    const { values, intervals } = figuresOf(probeTrials(probes, probes, { embeddings, similarity: dot }), {
      splitSeed: 1,
      resamples: 200,
    });
    const score = (p: number, g: number) => dot(embeddings.get(`${p}/p.jpg`)!, embeddings.get(`${g}/g.jpg`)!);
    const everyone = Array.from({ length: 40 }, (_, i) => i);
    const first = everyone.filter((p) => everyone.every((g) => g === p || score(p, g) < score(p, p)));
    const impostors = everyone.flatMap((p) => everyone.filter((g) => g !== p).map((g) => score(p, g)));
    const limit = impostors.sort((a, b) => b - a)[Math.floor(0.01 * impostors.length)]!;
    expect(values.rank1).toBeCloseTo(first.length / 40, 12);
    expect(values.tarAtFmr1e2).toBeCloseTo(everyone.filter((p) => score(p, p) > limit).length / 40, 12);
    expect(values.f1).toBeLessThan(1);
    for (const name of ['f1', 'tarAtFmr1e2', 'rank1', 'eer'] as const) {
      expect(intervals[name]!.low).toBeLessThanOrEqual(values[name]!);
      expect(intervals[name]!.high).toBeGreaterThanOrEqual(values[name]!);
    }
  });

  it('says so where the pictures do not belong to the list', () => {
    const { probes, embeddings } = probeSet(3, 0);
    embeddings.delete('1/g.jpg');
    expect(() => probeTrials(probes, probes, { embeddings, similarity: dot })).toThrow(/1\/g.jpg/);
  });
});

describe('all pairs', () => {
  it('compares each two pictures once', () => {
    const random = mulberry32(5);
    const paths = ['a/1.jpg', 'a/2.jpg', 'a/3.jpg', 'b/1.jpg', 'b/2.jpg', 'c/1.jpg'];
    const embeddings = new Map(paths.map((path) => [path, personEmbedding(path.charCodeAt(0), 0.1, random)]));
    const figures = figuresOf(allPairTrials('set', { embeddings, similarity: dot }), {
      splitSeed: 1,
      resamples: 0,
    });
    expect(figures).toMatchObject({ genuine: 4, impostor: 11, people: 3 });
    // a's and b's later pictures search the three first ones
    expect(figures).toMatchObject({ searches: 3, gallerySize: 3, values: { rank1: 1 } });
  });
});

describe('collectCaptures', () => {
  it('keeps rows and pictures together where some are unreadable', async () => {
    const seen: number[] = [];
    const recogniser: Recogniser = {
      name: 'width',
      similarity: dot,
      dispose: () => {},
      capture: async (pictures: readonly RgbaImage[]) => {
        seen.push(pictures.length);
        return pictures.map(({ width }) =>
          width === 2 ? null : { embedding: Float32Array.of(width), yaw: null, drawn: new Map() },
        );
      },
    };
    const { createCanvas } = await import('@napi-rs/canvas');
    const png = (width: number) => createCanvas(width, 4).toBuffer('image/png');
    async function* files() {
      yield { path: 'one', bytes: png(1) };
      yield { path: 'broken', bytes: Buffer.from('no picture') };
      yield { path: 'two', bytes: png(2) };
      yield { path: 'three', bytes: png(3) };
    }
    const captures = await collectCaptures(recogniser, files(), 4);
    expect(seen).toEqual([3]);
    expect([...captures].map(([path, capture]) => [path, capture?.embedding[0] ?? null])).toEqual([
      ['one', 1],
      ['broken', null],
      ['two', null],
      ['three', 3],
    ]);
  });
});

describe('mirrorPadded', () => {
  it('reflects without repeating the edge', () => {
    const data = new Uint8ClampedArray(5 * 5 * 4).map((_, i) => (i % 4 === 0 ? (i / 4) % 5 : 0));
    const { values, width, height } = mirrorPadded({ data, width: 5, height: 5 }, 0.4);
    expect([width, height]).toEqual([9, 9]);
    const firstRow = Array.from({ length: 9 }, (_, x) => values[x * 3]);
    expect(firstRow).toEqual([2, 1, 0, 1, 2, 3, 4, 3, 2]);
  });
});

describe('reports', () => {
  it('shows every group with its figures', () => {
    const { probes, embeddings } = probeSet(20, 0.4);
    const all = figuresOf(probeTrials(probes, probes, { embeddings, similarity: dot }), {
      splitSeed: 1,
      resamples: 20,
    });
    const evaluation = {
      format: 1 as const,
      recogniser: 'r',
      set: 's',
      source: 'pictures',
      protocol: 'p',
      date: '2026-01-01',
      pictures: 40,
      failedToAcquire: 2,
      groups: { all },
      thresholds: [{ targetFpir: 0.01, gallerySize: 20, threshold: 0.5, fpir: 0, fnir: 0.25 }],
      mistakes: [],
    };
    const text = formatEvaluation(evaluation);
    expect(text).toContain('no face found in 2');
    expect(text).toMatch(/all\s+20\s+380\s+\d\.\d{3} \[\d\.\d{3}, \d\.\d{3}\]/);
    expect(text).toMatch(/all\s+20\s+20\s+1\.000/);
    expect(text).toMatch(/for 20 people:\n.*\n1 %\s+0\.5000\s+0\.000\s+0\.250/);
    // What is written can be read again, the point that accepts nothing included.
    expect(evaluationSchema.parse(JSON.parse(JSON.stringify(evaluation)))).toEqual(evaluation);
  });

  it('writes what a float32 holds', () => {
    expect(formatRow('a b.jpg', Float32Array.of(0.1, -1))).toBe('a b.jpg\t0.1,-1\n');
    expect(formatRow('x', null)).toBe('x\t\n');
  });
});
