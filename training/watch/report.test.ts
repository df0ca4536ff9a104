import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { mulberry32 } from '@rounz/core/math/random.ts';
import { dot } from '@rounz/core/math/vector.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { markRendered } from '../data/rendered.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { pairFindings } from '../evaluation/protocols.ts';
import { differences, formatComparison, mergeChallenges } from './comparison.ts';
import { readEvaluationFile } from './evaluation-files.ts';
import { writeReport } from './report.ts';
import { buckets, parseRows, readRun } from './run-log.ts';
import { compact, niceTicks, normalCdf, percent, probit, scaleOf } from './scale.ts';

const root = mkdtempSync(join(tmpdir(), 'report-test-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('scales', () => {
  // Quantiles of N(0, 1) from its tables.
  it.each([
    [0.5, 0],
    [0.975, 1.959964],
    [0.01, -2.326348],
    [0.0001, -3.719016],
    [0.9986501, 3],
  ])('the normal deviate of %f is %f', (rate, deviate) => {
    expect(probit(rate)).toBeCloseTo(deviate, 5);
    expect(normalCdf(deviate)).toBeCloseTo(rate, 6);
  });

  it('puts the ends at the ends and the median of a symmetric DET axis in the middle', () => {
    for (const kind of ['probit', 'log', 'linear'] as const) {
      const { place } = scaleOf({ kind, from: 0.01, to: 0.99 });
      expect([place(0.01), place(0.99)]).toEqual([0, 1]);
      expect(place(0)).toBe(0);
    }
    expect(scaleOf({ kind: 'probit', from: 0.01, to: 0.99 }).place(0.5)).toBeCloseTo(0.5, 9);
    expect(scaleOf({ kind: 'log', from: 1e-4, to: 1 }).place(0.01)).toBeCloseTo(0.5, 9);
    expect(() => scaleOf({ kind: 'log', from: 0, to: 1 })).toThrow(RangeError);
  });

  it('ticks round numbers within the range', () => {
    expect(niceTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceTicks(0.13, 0.31, 5)).toEqual([0.15, 0.2, 0.25, 0.3]);
    expect(niceTicks(2, 2, 5)).toEqual([2]);
    expect(scaleOf({ kind: 'log', from: 1e-4, to: 1 }).ticks).toEqual([1e-4, 1e-3, 1e-2, 0.1, 1]);
  });

  it('writes numbers for readers', () => {
    expect([compact(26_112), compact(3_200_000), compact(0.05), compact(0)]).toEqual([
      '26.1k',
      '3.2M',
      '0.05',
      '0',
    ]);
    expect([percent(0.001), percent(0.2)]).toEqual(['0.1 %', '20 %']);
  });
});

describe('run logs', () => {
  const line = (imagesSeen: number, loss: number) => JSON.stringify({ imagesSeen, loss, text: 'left out' });

  it('let a resumed run replace what it repeats', () => {
    const rows = parseRows(
      `${[line(10, 3), line(20, 2), line(30, 9), line(20, 2.5), line(30, 1)].join('\n')}\n`,
      'f',
    );
    expect(rows).toEqual([
      { imagesSeen: 10, loss: 3 },
      { imagesSeen: 20, loss: 2.5 },
      { imagesSeen: 30, loss: 1 },
    ]);
  });

  it('forgive a last line that was cut off, and no other', () => {
    expect(parseRows(`${line(10, 3)}\n{"imagesSe`, 'f')).toHaveLength(1);
    expect(() => parseRows(`{"imagesSe\n${line(10, 3)}\n`, 'steps.jsonl')).toThrow(/steps.jsonl, line 1/);
  });

  it('are thinned to means and extremes', () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ imagesSeen: i, loss: i === 3 ? Number.NaN : i }));
    expect(buckets(rows, 'loss', 3)).toEqual([
      { x: 2, mean: 1, low: 0, high: 2 },
      { x: 6, mean: 5, low: 4, high: 6 },
      { x: 9, mean: 8, low: 7, high: 9 },
    ]);
  });

  it('need a run', () => {
    expect(() => readRun(root)).toThrow(/holds no run/);
  });
});

/** A folder of rendered colour squares with an evaluation over it. */
function writeEvaluation(name: string, marked: boolean): string {
  const folder = join(root, name);
  const random = mulberry32(3);
  const embeddings = new Map<string, Float32Array>();
  for (let person = 0; person < 6; person++)
    for (let k = 0; k < 3; k++) {
      const path = `<Person> & ${person}/${k}.png`;
      mkdirSync(join(folder, `<Person> & ${person}`), { recursive: true });
      const canvas = createCanvas(20, 20);
      canvas.getContext('2d').fillRect(person, k, 9, 9);
      writeFileSync(join(folder, path), canvas.toBuffer('image/png'));
      const vector = Float32Array.from({ length: 6 }, (_, i) => (i === person ? 1 : 0) + random() - 0.3);
      const length = Math.sqrt(dot(vector, vector));
      embeddings.set(
        path,
        vector.map((v) => v / length),
      );
    }
  if (marked) markRendered(folder);
  const yaw = new Map([...embeddings.keys()].map((path) => [path, 0]));
  const compared = { embeddings, similarity: dot };
  const findings = pairFindings(name, {
    compared,
    yaw,
    accessory: new Map(),
    drawn: new Map(),
    gallerySizes: [3],
    config: { splitSeed: 1, resamples: 20 },
  });
  const evaluation: Evaluation = {
    format: 1,
    recogniser: 'model <1>',
    set: name,
    source: folder,
    protocol: 'all pairs',
    date: '2026-01-01',
    pictures: 18,
    failedToAcquire: 0,
    thresholds: [{ targetFpir: 0.01, gallerySize: 6, threshold: 0.5, fpir: 0, fnir: 0.25 }],
    pooled: {
      people: 40,
      impostor: 5_153,
      sets: [
        { set: name, pictures: 18, people: 6, impostor: 153 },
        { set: 'others <3>', pictures: 101, people: 34, impostor: 5_000 },
      ],
      points: [
        {
          targetFmr: 0.001,
          threshold: 0.61,
          fmr: 0.00097,
          tar: 0.75,
          interval: { low: 0.5, high: 1 },
          bySet: [0, 0.001],
        },
        { targetFmr: 0.0001, threshold: Number.POSITIVE_INFINITY, fmr: 0, tar: 0, bySet: [0, 0] },
      ],
    },
    ...findings,
  };
  const file = join(root, `${name}.json`);
  writeFileSync(file, JSON.stringify(evaluation));
  return file;
}

describe('reports', () => {
  const run = join(root, 'run');
  const out = join(root, 'report.html');
  let rendered: string;
  let photographs: string;

  beforeAll(() => {
    mkdirSync(run);
    const rows = Array.from({ length: 60 }, (_, i) => ({
      imagesSeen: (i + 1) * 16,
      loss: 3 / (i + 1),
      rate: 0.1,
    }));
    writeFileSync(join(run, 'steps.jsonl'), `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`);
    writeFileSync(join(run, 'validation.jsonl'), '{"imagesSeen":960,"tarAtFmr1":0.5,"genuinePairs":3}\n');
    rendered = writeEvaluation('rendered', true);
    photographs = writeEvaluation('photographs', false);
  });

  const reportOn = async (options: Omit<Parameters<typeof writeReport>[0], 'out'>): Promise<string> => {
    await writeReport({ ...options, out });
    return readFileSync(out, 'utf8');
  };

  it('need nothing from anywhere and run nothing', async () => {
    const html = await reportOn({ run, evaluations: [rendered] });
    expect(html).not.toMatch(/<script|https?:|url\(|@import|<link|src="(?!data:)/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('prefers-color-scheme:dark');
  });

  it('show thresholds from the impostors of several sets', async () => {
    const html = await reportOn({ evaluations: [rendered] });
    expect(html).toContain('5,153 impostor pairs of 2 sets, 40 people');
    expect(html).toContain('FMR, others &lt;3&gt;');
    expect(html).toContain('<th scope="row">0.01 %</th><td>accepts none</td><td>0 %</td><td>0.000</td>');
    expect(html).toContain('0.750<small>0.500–1.000</small>');
  });

  it('show the run’s curves and the evaluation’s', async () => {
    const html = await reportOn({ run, evaluations: [rendered] });
    for (const title of [
      'Loss',
      'TAR at FMR 1 %',
      'DET, normal deviates',
      'ROC',
      'Scores, all',
      'gallery of 3',
    ])
      expect(html).toContain(title);
    // A rate that never changed is no curve.
    expect(html).not.toContain('<figcaption>Learning rate');
    expect(html).not.toContain('NaN');
    expect(html).not.toContain('undefined');
  });

  it('show the worst mistakes of rendered people, with names escaped', async () => {
    const html = await reportOn({ evaluations: [rendered] });
    expect(html.match(/<img src="data:image\/webp/g)!.length).toBeGreaterThan(4);
    expect(html).toContain('&lt;Person&gt; &amp; 0/0.png');
    expect(html).not.toContain('<Person>');
  });

  it('show neither picture nor name of anybody else, unless asked', async () => {
    const html = await reportOn({ evaluations: [photographs] });
    expect(html).not.toContain('<img');
    expect(html).not.toContain('Person');
    expect(html).toContain('not marked as rendered');
    const blurred = await reportOn({ evaluations: [photographs], thumbnails: 'blurred' });
    const [, bytes] = /data:image\/webp;base64,([^"]+)/.exec(blurred)!;
    const { loadImage } = await import('@napi-rs/canvas');
    expect((await loadImage(Buffer.from(bytes!, 'base64'))).width).toBe(7);
  });

  it('say what is no evaluation', () => {
    const file = join(root, 'other.json');
    writeFileSync(file, '{"format":1}');
    expect(() => readEvaluationFile(file)).toThrow(/measure again/);
  });
});

describe('comparisons', () => {
  it('name what was configured unlike, and only that', () => {
    const runs = [
      { config: { batch: 64, optimiser: { kind: 'sgd', rate: 0.1 }, sizes: [1] } },
      { config: { batch: 64, optimiser: { kind: 'adamw', rate: 0.1 }, sizes: [1, 2] } },
      { config: undefined },
    ];
    expect(differences(runs.slice(0, 2))).toEqual([
      ['optimiser.kind', '"sgd"', '"adamw"'],
      ['sizes', '[1]', '[1,2]'],
    ]);
    expect(differences(runs).find(([key]) => key === 'batch')).toEqual(['batch', '64', '64', '–']);
  });

  it('put runs and evaluations of one set side by side', () => {
    const steps = (loss: number) => [1, 2].map((i) => ({ imagesSeen: i * 100, loss: loss / i }));
    const log = (name: string, loss: number) => ({
      name,
      folder: name,
      steps: steps(loss),
      validation: [],
      config: undefined,
      backend: undefined,
    });
    const { measured } = readEvaluationFile(join(root, 'rendered.json'));
    const other = { ...measured[0]!, recogniser: 'model <2>' };
    const text = formatComparison([log('a', 4), log('b', 8)], [...measured, other]);
    expect(text).toMatch(/train: Loss\s+3\s+6/);
    expect(text.match(/^rendered$/gm)).toHaveLength(1);
    expect(text).toContain('model <2>');
  });

  it('join the systems of one task', () => {
    const one = { format: 1, kind: 'challenge', task: '05', folder: 'f', date: 'd', systems: [] } as const;
    const system = { name: 'x' } as never;
    const merged = mergeChallenges([
      { ...one, systems: [system] },
      { ...one, systems: [system, system] },
      { ...one, task: '03', systems: [system] },
    ]);
    expect(merged.map(({ task, systems }) => [task, systems.length])).toEqual([
      ['05', 3],
      ['03', 1],
    ]);
  });
});
