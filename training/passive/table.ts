import { ATTACK_KINDS, type AttackKind } from './config.ts';
import { COMPARED_BPCER, comparedThreshold, type RateRow, rateOf, ratesAt, type Scored } from './rates.ts';
import type { Fitted } from './study.ts';

const shown = (share: number): string => `${(100 * share).toFixed(1)} %`;
const percent = (row: RateRow): string => shown(rateOf(row));

/** APCER by attack and BPCER by accessory, as Markdown. */
export function rateTable({ scored, threshold }: Pick<Fitted, 'scored' | 'threshold'>): string {
  const missed = scored.filter(({ score }) => score === null);
  const compared = comparedThreshold(scored, COMPARED_BPCER);
  return [
    `Threshold ${threshold.toFixed(2)}. No face was found in ${missed.length} of ${scored.length} frames; they count nowhere.`,
    '',
    rowsTable(ratesAt(scored, threshold)),
    '',
    `With a threshold of ${compared.toFixed(2)}, which refuses ${shown(COMPARED_BPCER)} of these very visits:`,
    '',
    rowsTable(ratesAt(scored, compared)),
  ].join('\n');
}

/** Attacks and visits in a table each. */
export function rowsTable(rows: readonly RateRow[]): string {
  const line = (row: RateRow) => `| ${row.name} | ${row.count} | ${percent(row)} |`;
  return [
    '| composed attack | of | taken for a person (APCER) |',
    '| --- | --- | --- |',
    ...rows.filter(({ attack }) => attack).map(line),
    '',
    '| visit | of | taken for a picture (BPCER) |',
    '| --- | --- | --- |',
    ...rows.filter(({ attack }) => !attack).map(line),
  ].join('\n');
}

/** The attacks of the kind that a network had not learnt, and its visits, as one line of a table. */
export function leftOutRow(kind: AttackKind, { scored, threshold }: Fitted): string {
  const known = scored.filter(({ shot }) => shot.kind === kind || shot.kind === 'visit');
  const told = (name: string, at = threshold) => {
    const row = ratesAt(known, at).find((one) => one.name === name);
    return row ? `${percent(row)} of ${row.count}` : '';
  };
  const compared = told('all stills', comparedThreshold(known, COMPARED_BPCER));
  return `| ${kind} | ${told('all stills')} | ${told('all videos')} | ${told('all visits')} | ${compared} |`;
}

export const LEFT_OUT_HEAD = [
  '| left out of training | APCER of its stills | APCER of its videos | BPCER | stills at a BPCER of 5 % |',
  '| --- | --- | --- | --- | --- |',
].join('\n');

/**
 * Frames for the golden file: a visit and an attack of each of the first two kinds, each the one nearest to the threshold, which
 * tells most.
 */
export function goldenShots(scored: readonly Scored[], threshold: number): Scored[] {
  const nearest = (wanted: (one: Scored) => boolean) =>
    scored
      .filter((one) => one.score !== null && wanted(one))
      .sort((a, b) => Math.abs(a.score! - threshold) - Math.abs(b.score! - threshold))[0]!;
  return [
    nearest(({ shot }) => shot.kind === 'visit'),
    ...ATTACK_KINDS.slice(0, 2).map((kind) => nearest(({ shot }) => shot.kind === kind)),
  ];
}
