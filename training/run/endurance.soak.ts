import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRng } from '@rounz/core/math/random.ts';
import { RESNET50 } from '@rounz/core/model/architecture.ts';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chooseBackend } from '../backend/ladder.ts';
import { openAlignedSets } from '../cache/aligned-set.ts';
import { writeToySet } from '../cache/toy-set.ts';
import { RECIPES } from '../recipes/recipes.ts';
import { splitSamples } from '../samples/samples.ts';
import { TEACHER_SIZE } from '../teacher/embeddings.ts';
import { readRun } from '../watch/run-log.ts';
import { findCheckpoint, loadCheckpoint } from './checkpoint.ts';
import { Trainer } from './trainer.ts';

const folder = mkdtempSync(join(tmpdir(), 'endurance-'));
const IMAGES = 320;
/** The smoke recipe's network with a block in each stage. */
const SMALL = { ...RESNET50, stem: 'conv3' as const, blocks: [1, 1, 1, 1], embeddingSize: TEACHER_SIZE };
const PATCH = {
  data: { sets: ['toy'], validationPeople: 0.3, validationImages: 3 },
  architecture: { ...SMALL, width: 4 },
  augmentation: 'none',
  batch: 8,
  totalImages: IMAGES,
  sizes: [{ until: 1, size: 32 }],
};

beforeAll(() => writeToySet(folder, 8, 4));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/**
 * The command as a developer starts it, in a process of its own.
 *
 * @param largestFile bytes: the system refuses to write more into one file, as it does when a disk is full
 */
function startTraining(run: string, patch: object = {}, largestFile?: number): ChildProcess {
  const config = join(folder, 'config.json');
  writeFileSync(config, JSON.stringify({ ...PATCH, ...patch }));
  const train = ['train', '--recipe', 'smoke', '--config', config, '--cache', folder, '--out', run];
  const often = ['--backend', 'cpu', '--checkpoint-minutes', '0.001', '--threads', '1'];
  const args = ['--import', 'tsx', join(import.meta.dirname, '../cli.ts'), ...train, ...often];
  const limit = largestFile === undefined ? '' : `ulimit -f ${Math.floor(largestFile / 512)};`;
  return spawn('sh', ['-c', `${limit} exec "$0" "$@"`, process.execPath, ...args], {
    cwd: join(import.meta.dirname, '..'),
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
}

async function complaint(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, text };
}

const ended = async (child: ChildProcess): Promise<number | null> => (await complaint(child)).code;

const seenBy = (run: string): number => {
  const file = join(run, 'steps.jsonl');
  if (!existsSync(file)) return 0;
  const lines = readFileSync(file, 'utf8').split('\n');
  return (lines.length - 1) * PATCH.batch;
};

async function killAfter(run: string, images: number): Promise<void> {
  const child = startTraining(run);
  const gone = ended(child);
  while (seenBy(run) < images && child.exitCode === null) await new Promise((next) => setTimeout(next, 20));
  expect(child.exitCode, 'the run ended before it could be killed').toBeNull();
  process.kill(-child.pid!, 'SIGKILL');
  await gone;
}

const losses = (run: string) => readRun(run).steps.map(({ imagesSeen, loss }) => [imagesSeen, loss] as const);

it('a run that is killed at any moment goes on to the same losses', async () => {
  const [whole, killed] = [join(folder, 'whole'), join(folder, 'killed')];
  expect(await ended(startTraining(whole))).toBe(0);
  const rng = createRng(Date.now() % 1e6);
  const moments = [0.1, 0.4, 0.7].map((share) => (share + 0.2 * rng.next()) * IMAGES);
  for (const moment of moments) {
    await killAfter(killed, moment);
    const checkpoint = findCheckpoint(join(killed, 'checkpoint'));
    if (checkpoint) expect(loadCheckpoint(join(killed, 'checkpoint')).imagesSeen).toBeGreaterThan(0);
  }
  expect(await ended(startTraining(killed))).toBe(0);
  const [wanted, found] = [losses(whole), losses(killed)];
  expect(wanted).toHaveLength(IMAGES / PATCH.batch);
  expect(found.map(([seen]) => seen)).toEqual(wanted.map(([seen]) => seen));
  found.forEach(([seen, loss], i) => {
    expect(loss, `killed at ${moments.join(', ')}; after ${seen} images`).toBeCloseTo(wanted[i]![1]!, 4);
  });
});

describe('what goes wrong', () => {
  it('a full disk ends with a clear message, and the checkpoint before still loads', async () => {
    const run = join(folder, 'full');
    await killAfter(run, IMAGES / 2);
    const checkpoint = join(run, 'checkpoint');
    const before = loadCheckpoint(checkpoint).imagesSeen;
    const bytes = statSync(join(findCheckpoint(checkpoint)!, 'state.bin')).size;
    const { code, text } = await complaint(startTraining(run, {}, bytes / 2));
    expect(code).toBe(1);
    expect(text).toMatch(/could not be written \(E.*stands: make room and give the same command again/);
    expect(loadCheckpoint(checkpoint).imagesSeen).toBe(before);
    expect(await ended(startTraining(run))).toBe(0);
  });

  it('a loss that is not a number ends with a clear message, and the checkpoint before still loads', async () => {
    const run = join(folder, 'nan');
    await killAfter(run, IMAGES / 2);
    const optimiser = { ...RECIPES['smoke']!.optimiser, rate: 1e30, clipNorm: 1e30, relative: undefined };
    const { code, text } = await complaint(startTraining(run, { optimiser }));
    expect(code).toBe(1);
    expect(text).toMatch(/loss/);
    const { groups } = loadCheckpoint(join(run, 'checkpoint'));
    for (const tensors of Object.values(groups))
      for (const { data } of tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('a missing file is named', async () => {
    const run = join(folder, 'missing');
    const absent = { data: { ...PATCH.data, sets: ['nowhere'] } };
    const { code, text } = await complaint(startTraining(run, absent));
    expect(code).toBe(1);
    expect(text).toMatch(/nowhere/);
  });
});

describe('a thousand steps', () => {
  it('leave tensors and memory as they were', async () => {
    await chooseBackend('cpu', { say: () => {} });
    const config = {
      ...RECIPES['smoke']!,
      ...PATCH,
      augmentation: 'none' as const,
      batch: 2,
      totalImages: 2000,
      sizes: [{ until: 1, size: 16 }],
      architecture: { ...SMALL, width: 2 },
    };
    const sets = openAlignedSets(folder, ['toy']);
    const run = join(folder, 'thousand');
    mkdirSync(run);
    const tensors: number[] = [];
    const heap: number[] = [];
    const trainer = new Trainer({
      config,
      split: splitSamples(sets, new Map(), config),
      cacheDir: folder,
      runFolder: run,
      backend: 'test',
      checkpointMinutes: 60,
      validateMinutes: 60,
      threads: 1,
      signal: new AbortController().signal,
      onStep: () => {
        tensors.push(tf.memory().numTensors);
        heap.push(tf.memory().numBytes);
      },
      onValidation: () => {},
    });
    await trainer.run();
    trainer.dispose();
    for (const set of sets) set.close();
    expect(tensors).toHaveLength(1000);
    // The first steps make the optimiser's state.
    expect(new Set(tensors.slice(5))).toEqual(new Set([tensors[5]]));
    expect(new Set(heap.slice(5))).toEqual(new Set([heap[5]]));
  });
});
