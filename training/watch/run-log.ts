import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { errorMessage } from '@rounz/core/error-message.ts';
import { z } from 'zod';
import { findCheckpoint } from '../run/checkpoint.ts';

/** A line of `steps.jsonl` or `validation.jsonl`: where it was, and whatever numbers came with it. */
const rowSchema = z.looseObject({ imagesSeen: z.number().min(0) });
export type LogRow = Readonly<Record<string, number>> & { readonly imagesSeen: number };

/** What a run left behind, as a reader sees it. */
export interface RunLog {
  readonly name: string;
  readonly folder: string;
  readonly steps: readonly LogRow[];
  readonly validation: readonly LogRow[];
  /** the configuration that its checkpoint carries; undefined before the first checkpoint */
  readonly config: Readonly<Record<string, unknown>> | undefined;
  readonly backend: string | undefined;
}

const numbersOf = (row: Record<string, unknown>): LogRow =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => typeof value === 'number')) as LogRow;

/**
 * Rows in order. A run that was cut off goes on from its checkpoint and repeats what came after it: the later rows replace
 * the earlier ones. A last line that was cut off in the middle is left out.
 */
export function parseRows(text: string, file: string): LogRow[] {
  const lines = text.split('\n');
  const rows: LogRow[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const row = readRow(line, index === lines.length - 1, `${file}, line ${index + 1}`);
    if (!row) continue;
    while (rows.length > 0 && rows.at(-1)!.imagesSeen >= row.imagesSeen) rows.pop();
    rows.push(row);
  }
  return rows;
}

function readRow(line: string, last: boolean, where: string): LogRow | undefined {
  try {
    return numbersOf(rowSchema.parse(JSON.parse(line)));
  } catch (error) {
    if (last) return undefined;
    throw new Error(`${where} is no record of a run (${errorMessage(error)}).`);
  }
}

const headerSchema = z.looseObject({
  config: z.record(z.string(), z.unknown()),
  backend: z.string().optional(),
});

/** @throws Error where the folder holds no run */
export function readRun(folder: string): RunLog {
  const rowsOf = (file: string): LogRow[] => {
    const path = join(folder, file);
    return existsSync(path) ? parseRows(readFileSync(path, 'utf8'), path) : [];
  };
  const steps = rowsOf('steps.jsonl');
  const checkpoint = findCheckpoint(join(folder, 'checkpoint'));
  if (steps.length === 0 && !checkpoint)
    throw new Error(`${folder} holds no run: neither steps.jsonl nor a checkpoint is there.`);
  const header = checkpoint
    ? headerSchema.parse(JSON.parse(readFileSync(join(checkpoint, 'state.json'), 'utf8')))
    : undefined;
  return {
    name: basename(resolve(folder)),
    folder,
    steps,
    validation: rowsOf('validation.jsonl'),
    config: header?.config,
    backend: header?.backend,
  };
}

export interface Bucket {
  readonly x: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/**
 * At most `count` buckets of neighbouring rows with the mean, lowest and highest value of a number in each; rows that lack
 * it, or hold no finite one, are left out.
 */
export function buckets(rows: readonly LogRow[], name: string, count: number): Bucket[] {
  const usable = rows.filter((row) => Number.isFinite(row[name]));
  const size = Math.max(1, Math.ceil(usable.length / count));
  const found: Bucket[] = [];
  for (let start = 0; start < usable.length; start += size) {
    const part = usable.slice(start, start + size);
    const values = part.map((row) => row[name]!);
    found.push({
      x: part.at(-1)!.imagesSeen,
      mean: values.reduce((sum, value) => sum + value, 0) / values.length,
      low: Math.min(...values),
      high: Math.max(...values),
    });
  }
  return found;
}
