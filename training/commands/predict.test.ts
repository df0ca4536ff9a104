import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { createRng } from '@rounz/core/math/random.ts';
import type { ChallengeLabel } from '@rounz/core/metrics/f1.ts';
import { planNetwork, RESNET50 } from '@rounz/core/model/architecture.ts';
import { initialWeights } from '@rounz/core/model/weights.ts';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { challengeF1 } from '../../test/reference/challenge-f1.ts';
import { useWasmBackend } from '../data/detector-models.ts';
import { challengeEvaluationSchema, formatChallenge } from '../evaluation/challenge-evaluation.ts';
import { challengeFolder, measureChallenge } from '../evaluation/challenge-job.ts';
import { loadModelSystem } from '../evaluation/model-recogniser.ts';
import { formatPredictions, parseOpenPairs } from '../evaluation/predictions.ts';
import { exportModel } from '../model/export.ts';
import { patternCrop } from '../model/golden.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { saveCheckpoint } from '../run/checkpoint.ts';
import { registerPredict } from './predict.ts';

const root = mkdtempSync(join(tmpdir(), 'predict-test-'));
const data = join(root, 'data');
const models = ['a', 'b'].map((name) => join(root, name));
const rng = createRng(77);

const nameOf = (person: number, session: string, light: number) =>
  `${String(person).padStart(8, '0')}_${session}_L${light}_E01_C7_cropped.jpg`;

/** Nobody's face: a colour field for each person, with noise and, where something is worn, a bar across. */
function drawPicture(person: number, covered: boolean): Buffer {
  const { data: pixels } = patternCrop(person, 112);
  const canvas = createCanvas(112, 112);
  const context = canvas.getContext('2d');
  const image = context.createImageData(112, 112);
  for (let i = 0; i < 112 * 112; i++) {
    for (let c = 0; c < 3; c++) image.data[i * 4 + c] = pixels[i * 3 + c]! + rng.between(-30, 30);
    image.data[i * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  if (covered) context.fillRect(0, 36, 112, 14);
  return canvas.toBuffer('image/jpeg');
}

/** Pairs of a bare and a covered picture, half of them of one person. */
function writePart(part: 'validate' | 'test', people: readonly number[]): void {
  const folder = join(data, 'task05', part);
  mkdirSync(folder, { recursive: true });
  const rows = people.flatMap((person, i) => {
    const other = people[(i + 1) % people.length]!;
    const session = i % 2 ? 'S003' : 'S004';
    return [
      `${nameOf(person, 'S001', 1)},${nameOf(person, session, 2)},0`,
      `${nameOf(person, 'S001', 1)},${nameOf(other, ((i + 1) % people.length) % 2 ? 'S003' : 'S004', 2)},1`,
    ];
  });
  writeFileSync(join(folder, `${part}_label.csv`), `image1,image2,label\n${rows.join('\n')}\n`);
  for (const [i, person] of people.entries()) {
    writeFileSync(join(folder, nameOf(person, 'S001', 1)), drawPicture(person, false));
    writeFileSync(join(folder, nameOf(person, i % 2 ? 'S003' : 'S004', 2)), drawPicture(person, true));
  }
}

async function writeModel(folder: string, seed: number): Promise<void> {
  const config = {
    ...RECIPES['smoke']!,
    architecture: { ...RESNET50, blocks: [1, 1, 1, 1], width: 8, embeddingSize: 64 },
    sizes: [{ until: 1, size: 64 }],
  };
  const random = createRng(seed);
  const averaged = initialWeights(planNetwork(config.architecture), () => random.next());
  const checkpoint = `${folder}-checkpoint`;
  saveCheckpoint(checkpoint, { config, imagesSeen: 1, steps: 1, backend: 'test', groups: { averaged } });
  await exportModel(checkpoint, folder, { name: folder.at(-1)!, version: '0', dtype: 'float32' });
}

beforeAll(async () => {
  await useWasmBackend();
  for (const [i, folder] of models.entries()) await writeModel(folder, 30 + i);
  writePart('validate', [1, 2, 3, 4, 5, 6, 7, 8]);
  writePart('test', [11, 12, 13, 14, 15, 16, 17, 18, 19, 20]);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('challenge tasks on files', () => {
  it('measures an ensemble beside its members and a baseline, by accessory', async () => {
    const [system, baseline] = [
      await loadModelSystem(models, { cropped: true }),
      await loadModelSystem([models[0]!], { cropped: true }),
    ];
    const folder = challengeFolder(data, '05');
    const entries = [
      { role: 'member', system },
      { role: 'baseline', system: baseline },
    ] as const;
    const evaluation = await measureChallenge(entries, folder, '05', 20);
    expect(evaluation.systems.map(({ role }) => role)).toEqual(['ensemble', 'member', 'member', 'baseline']);
    const [, member, , same] = evaluation.systems;
    expect(member).toMatchObject({ pairs: 20, genuine: 10, failedToAcquire: 0 });
    // The baseline is the first member by another way: a system of its own.
    expect(same!.f1).toBeCloseTo(member!.f1, 12);
    expect(same!.threshold).toBeCloseTo(member!.threshold, 5);
    expect(Object.keys(member!.conditions)).toEqual(['horn-rimmed', 'sunglasses']);
    expect(challengeEvaluationSchema.parse(JSON.parse(JSON.stringify(evaluation))).task).toBe('05');
    expect(formatChallenge(evaluation)).toMatch(/ensemble of 2\s+ensemble\s+\d\.\d{4} \[/);
    await expect(measureChallenge(entries, folder, '03', 0)).rejects.toThrow(/task 05, not of task 03/);
    for (const { system: one } of entries) one.recogniser.dispose();
  });

  it('writes predictions whose F1 is what evaluate reports', async () => {
    const out = join(root, 'prediction.txt');
    const program = new Command();
    registerPredict(program);
    const args = ['predict', '--task', '05', '--data', data, '--model', ...models, '--out', out];
    await program.parseAsync(args, { from: 'user' });
    const answers = readFileSync(out, 'utf8').trimEnd().split('\n');
    const lists = readFileSync(join(data, 'task05/test/test_label.csv'), 'utf8')
      .trimEnd()
      .split('\n')
      .slice(1);
    expect(answers.map((line) => line.split(' ').slice(0, 2))).toEqual(
      lists.map((line) => line.split(',').slice(0, 2)),
    );
    const system = await loadModelSystem(models, { cropped: true });
    const { systems } = await measureChallenge(
      [{ role: 'member', system }],
      challengeFolder(data, '05'),
      '05',
      0,
    );
    const labels = (lines: string[], by: string) =>
      lines.map((line) => Number(line.split(by)[2]) as ChallengeLabel);
    expect(challengeF1(labels(answers, ' '), labels(lists, ','))).toBeCloseTo(systems[0]!.f1, 12);
    system.recogniser.dispose();
  });

  it('says what a folder lacks', () => {
    expect(() => challengeFolder(root, '03')).toThrow(/no task 03/);
  });
});

describe('predictions', () => {
  it('are 0 from the threshold on, and 1 below it and where no face was found', () => {
    const pairs = parseOpenPairs('image1,image2\na.jpg,b.jpg\nc.jpg d.jpg 1\ne.jpg\tf.jpg\n');
    expect(pairs).toHaveLength(3);
    expect(formatPredictions(pairs, [0.5, 0.49, Number.NEGATIVE_INFINITY], 0.5)).toBe(
      'a.jpg b.jpg 0\nc.jpg d.jpg 1\ne.jpg f.jpg 1\n',
    );
    expect(formatPredictions(pairs.slice(2), [Number.NEGATIVE_INFINITY], Number.NEGATIVE_INFINITY)).toBe(
      'e.jpg f.jpg 1\n',
    );
    expect(() => parseOpenPairs('lonely.jpg')).toThrow(/Line 1/);
  });
});
