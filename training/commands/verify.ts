import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { BACKENDS } from '../backend/ladder.ts';
import { alignColumns } from '../evaluation/report.ts';
import { readModelFolder } from '../model/model-folder.ts';
import type { Replay } from '../model/replay.ts';
import type { VerifyAnswer, VerifyJob } from '../model/verify-worker.ts';

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
  const child = fork(join(import.meta.dirname, '../model/verify-worker.mjs'), {
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

export function formatVerifications(list: readonly Verification[]): string {
  const rows = list.map((one) =>
    one.kind === 'replayed'
      ? [
          one.backend,
          agrees(one) ? 'agrees' : 'DIFFERS',
          one.worst.toExponential(1),
          one.lowestCosine.toFixed(6),
          one.description,
        ]
      : [one.backend, 'not here', '-', '-', one.reason.split('\n')[0]!.slice(0, 160)],
  );
  const head = ['backend', '', 'worst difference', 'lowest cosine', ''];
  return `${alignColumns([head, ...rows]).join('\n')}\n`;
}

/** `verify`: golden embeddings on every backend that is here. */
export function registerVerify(program: Command): void {
  program
    .command('verify')
    .description('replay a model’s golden embeddings on every backend that is here')
    .requiredOption('--model <dir>', 'exported model folder')
    .option('--backend <names...>', `only these of ${BACKENDS.join(', ')}`)
    .action(async ({ model, backend = [...BACKENDS] }: { model: string; backend?: string[] }) => {
      const unknown = backend.filter((name) => !(BACKENDS as readonly string[]).includes(name));
      if (unknown.length > 0)
        throw new Error(`There is no backend ${unknown.join(', ')}; there are ${BACKENDS.join(', ')}.`);
      // Missing files and wrong hashes end here, before any backend is blamed for them.
      const { manifest } = readModelFolder(model);
      process.stdout.write(`${manifest.name} ${manifest.version}\n`);
      const found: Verification[] = [];
      for (const name of backend) found.push(await verifyOn(model, name));
      process.stdout.write(formatVerifications(found));
      if (!found.some((one) => one.kind === 'replayed'))
        throw new Error('No backend could be tried; see the reasons above.');
      if (!found.every(agrees))
        throw new Error(
          'A backend computes other embeddings than the model’s. Do not evaluate or enrol on it; try another version of it, or export the model again.',
        );
    });
}
