import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Replay } from './replay.ts';
import type { VerifyAnswer, VerifyJob } from './verify-worker.ts';

/** What a backend made of a model's golden inputs. */
export type Verification =
  | (Replay & { readonly kind: 'replayed'; readonly backend: string; readonly description: string })
  | { readonly kind: 'absent'; readonly backend: string; readonly reason: string };

/** NaN is no agreement. */
export const agrees = (one: Verification): boolean => one.kind === 'absent' || one.worst <= one.tolerance;

/** Longest that a backend may take: the plain CPU one needs minutes for a ResNet-50. */
const LIMIT_MS = 15 * 60_000;

/**
 * Replays a model's golden inputs on one backend, in a process of its own: backends live in module state, and one that
 * crashes takes its process with it.
 */
export function verifyOn(model: string, backend: string): Promise<Verification> {
  const child = fork(join(import.meta.dirname, 'verify-worker.mjs'), {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (text: Buffer) => {
    errors = (errors + text).slice(-2000);
  });
  return new Promise((resolve) => {
    const absent = (reason: string) => resolve({ kind: 'absent', backend, reason });
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      absent(`no answer within ${LIMIT_MS / 60_000} minutes`);
    }, LIMIT_MS);
    child.on('message', (answer: VerifyAnswer) => {
      clearTimeout(timer);
      child.kill();
      if ('reason' in answer) absent(answer.reason);
      else resolve({ kind: 'replayed', backend, ...answer });
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      absent(`its process ended with ${signal ?? `code ${code}`}${errors ? `: ${errors.trim()}` : ''}`);
    });
    child.send({ model, backend } satisfies VerifyJob);
  });
}
