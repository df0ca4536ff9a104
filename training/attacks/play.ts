import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VIDEO_DETECTOR } from '@rounz/core/face/detector.ts';
import { CHALLENGE } from '@rounz/core/liveness/config.ts';
import { loadNodeDetector, useWasmBackend } from '../data/detector-models.ts';
import { type Case, type CaseCounts, casesOf } from './cases.ts';
import type { Half } from './people.ts';
import { type CaseOutcome, runCase } from './run-case.ts';
import type { Portraits } from './scene.ts';

export interface PlayOptions {
  readonly half: Half;
  readonly counts: CaseCounts;
  /** shown by still attacks; their outcomes are not kept */
  readonly portraits?: Portraits | undefined;
  /** plays nothing: the kept outcomes alone */
  readonly keptOnly?: boolean;
  /** folder of the outcomes that are kept */
  readonly cache: string;
  readonly onCase: (done: number) => void;
}

/** A case and what became of it. */
export interface Played {
  readonly one: Case;
  readonly outcome: CaseOutcome;
}

/** Sources that an outcome depends on: another version plays anew. */
function sourceHash(): string {
  const hash = createHash('sha256').update(JSON.stringify(CHALLENGE));
  for (const folder of [import.meta.dirname, join(import.meta.dirname, '../../src/core/liveness')])
    for (const name of readdirSync(folder).sort())
      if (/\.ts$/.test(name) && !/\.test\.ts$|^(table|play|portraits)\.ts$/.test(name))
        hash.update(readFileSync(join(folder, name)));
  return hash.digest('hex').slice(0, 12);
}

/** Plays the cases of a half, one after another; goes on where an earlier run stopped. */
export async function playCases({
  half,
  counts,
  portraits,
  keptOnly = false,
  cache,
  onCase,
}: PlayOptions): Promise<Played[]> {
  const file = portraits ? undefined : join(cache, `${half}-${sourceHash()}.jsonl`);
  const known = file && existsSync(file) ? readOutcomes(file) : new Map<string, CaseOutcome>();
  const cases = inStep(casesOf(half, counts));
  if (keptOnly)
    return cases.filter(({ id }) => known.has(id)).map((one) => ({ one, outcome: known.get(one.id)! }));
  await useWasmBackend();
  const detector = await loadNodeDetector(VIDEO_DETECTOR);
  const played: Played[] = [];
  for (const one of cases) {
    let outcome = known.get(one.id);
    if (!outcome) {
      outcome = await runCase(one, detector, CHALLENGE, portraits);
      if (file) appendFileSync(file, `${JSON.stringify(outcome)}\n`);
    }
    played.push({ one, outcome });
    onCase(played.length);
  }
  detector.dispose();
  return played;
}

/** The groups in step, so that a run that is cut short has played its share of each. */
function inStep(cases: readonly Case[]): Case[] {
  const groups = new Map<string, Case[]>();
  for (const one of cases) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const place = (one: Case) => groups.get(one.group)!.indexOf(one) / groups.get(one.group)!.length;
  return cases
    .map((one) => ({ one, at: place(one) }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

const readOutcomes = (file: string): Map<string, CaseOutcome> =>
  new Map(
    readFileSync(file, 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as CaseOutcome)
      .map((outcome) => [outcome.id, outcome]),
  );
