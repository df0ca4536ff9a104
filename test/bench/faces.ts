import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { SHIPPED_MODELS } from '../helpers/models.ts';
import type { Figure, Subject } from './figure.ts';

const root = join(import.meta.dirname, '../..');
const ROUNDS = { full: 20, quick: 3 } as const;

const timings = z.array(
  z.object({ name: z.string(), median: z.number(), worst: z.number(), ratio: z.number() }),
);
const report = z.object({ rounds: z.number(), pipelines: timings, embedders: timings });

/** The preferred recogniser beside human, face-api and onnxruntime-web, by the training workspace's `speed`. */
export function faces({ quick }: { readonly quick: boolean }): Subject {
  return {
    name: 'faces',
    async run(say) {
      const rounds = quick ? ROUNDS.quick : ROUNDS.full;
      say(`${rounds} turns of each, WASM, one thread`);
      const folder = mkdtempSync(join(tmpdir(), 'bench-faces-'));
      try {
        const file = join(folder, 'speed.json');
        await promisify(execFile)(
          process.execPath,
          [
            join(root, 'node_modules/tsx/dist/cli.mjs'),
            join(root, 'training/cli.ts'),
            'speed',
            '--model',
            join(root, 'public/models', SHIPPED_MODELS[0]!.folder),
            '--rounds',
            String(rounds),
            '--json',
            file,
          ],
          { cwd: root, maxBuffer: 1 << 24 },
        );
        const { pipelines, embedders } = report.parse(JSON.parse(readFileSync(file, 'utf8')));
        return [
          ...figuresOf('found and embedded', pipelines, rounds),
          ...figuresOf('embedded alone', embedders, rounds),
        ];
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  };
}

const figuresOf = (what: string, list: z.infer<typeof timings>, times: number): Figure[] =>
  list.map(({ name, median, worst, ratio }) => ({
    name: `${what}: ${name} (${ratio.toFixed(2)} x ours)`,
    median,
    worst,
    times,
    worked: null,
    unit: 'ms' as const,
    limit: null,
  }));
