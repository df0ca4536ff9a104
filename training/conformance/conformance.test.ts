import { fork } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { BACKENDS } from '../backend/ladder.ts';
import type { Course } from './conformance.ts';
import type { ConformanceAnswer } from './conformance-worker.ts';

/**
 * Share by which a loss, a gradient's length or a unit embedding's value may differ from the CPU backend's after three steps.
 * Measured: 3e-6 (WASM); three steps of a network that has just begun magnify what rounding turns over.
 */
const TOLERANCE = 1e-3;

/** Runs the courses on one backend in a process of its own: backends live in module state, and one may crash. */
function coursesOn(backend: string): Promise<ConformanceAnswer> {
  const child = fork(join(import.meta.dirname, 'conformance-worker.mjs'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = (errors + text).slice(-4000);
  });
  return new Promise((resolve, reject) => {
    child.on('message', (answer: ConformanceAnswer) => {
      resolve(answer);
      child.kill();
    });
    child.on('exit', (code, signal) =>
      reject(new Error(`${backend} ended with ${signal ?? code}: ${errors}`)),
    );
    child.send(backend);
  });
}

const farthest = (found: readonly number[], wanted: readonly number[], scale: (value: number) => number) =>
  Math.max(...wanted.map((value, i) => Math.abs(found[i]! - value) / scale(value)));

/** Largest difference of a course, relative for losses and lengths, absolute for the unit embedding. */
function distance(found: Course, wanted: Course): number {
  expect(found.losses).toHaveLength(wanted.losses.length);
  expect(found.embedding).toHaveLength(wanted.embedding.length);
  return Math.max(
    farthest(found.losses, wanted.losses, Math.abs),
    farthest(found.norms, wanted.norms, Math.abs),
    farthest(found.embedding, wanted.embedding, () => 1),
  );
}

describe('the same small network from the same seed', () => {
  let reference: Readonly<Record<string, Course>>;

  beforeAll(async () => {
    const answer = await coursesOn('cpu');
    if ('absent' in answer) throw new Error(answer.absent);
    reference = answer.courses;
    // A course that stands still or is no number would agree with anything.
    for (const { losses, norms } of Object.values(reference)) {
      expect(losses.every((loss) => Number.isFinite(loss) && loss > 0.1)).toBe(true);
      expect(norms.every((norm) => norm > 0.1)).toBe(true);
    }
  });

  it.for(BACKENDS.filter((name) => name !== 'cpu'))(
    'has the CPU backend’s losses, gradients and embedding on %s',
    { timeout: 600_000 },
    async (backend, { skip }) => {
      const answer = await coursesOn(backend);
      if ('absent' in answer) return skip(answer.absent);
      for (const [name, course] of Object.entries(reference)) {
        const off = distance(answer.courses[name]!, course);
        expect(off, `${name} on ${answer.description}`).toBeLessThan(TOLERANCE);
      }
    },
  );
});
