import type { Shot } from './compose.ts';
import { ATTACK_KINDS, type AttackKind } from './config.ts';
import { apcerAt, COMPARED_BPCER, type RateRow, rateOf, ratesAt, type Scored } from './rates.ts';
import type { Fitted } from './study.ts';

const shown = (share: number): string => `${(100 * share).toFixed(1)} %`;
const percent = (row: RateRow): string => shown(rateOf(row));
const isStill = (shot: Shot): boolean => shot.kind !== 'visit' && !shot.video;

/** APCER by attack and BPCER by accessory, as Markdown. */
export function rateTable({ scored, threshold }: Pick<Fitted, 'scored' | 'threshold'>): string {
  const rows = ratesAt(scored, threshold);
  const line = (row: RateRow) => `| ${row.name} | ${row.count} | ${percent(row)} |`;
  const missed = scored.filter(({ score }) => score === null);
  return [
    `Threshold ${threshold.toFixed(2)}. No face was found in ${missed.length} of ${scored.length} frames; they count nowhere.`,
    `Stills taken for a person where the threshold refuses ${shown(COMPARED_BPCER)} of these very visits: ` +
      `${shown(apcerAt(scored, COMPARED_BPCER, isStill))}.`,
    '',
    '| composed attack | frames | taken for a person (APCER) |',
    '| --- | --- | --- |',
    ...rows.filter(({ attack }) => attack).map(line),
    '',
    '| visit | frames | taken for a picture (BPCER) |',
    '| --- | --- | --- |',
    ...rows.filter(({ attack }) => !attack).map(line),
  ].join('\n');
}

/** The attacks of the kind that a network had not learnt, and its visits, as one line of a table. */
export function leftOutRow(kind: AttackKind, { scored, threshold }: Fitted): string {
  const rows = ratesAt(
    scored.filter(({ shot }) => shot.kind === kind || shot.kind === 'visit'),
    threshold,
  );
  const of = (name: string) => rows.find((row) => row.name === name);
  const told = (name: string) => {
    const row = of(name);
    return row ? `${percent(row)} of ${row.count}` : '';
  };
  const compared = shown(apcerAt(scored, COMPARED_BPCER, (shot) => isStill(shot) && shot.kind === kind));
  return `| ${kind} | ${told('all stills')} | ${told('all videos')} | ${told('all visits')} | ${compared} |`;
}

export const LEFT_OUT_HEAD = [
  '| left out of training | APCER of its stills | APCER of its videos | BPCER | stills at a BPCER of 5 % |',
  '| --- | --- | --- | --- | --- |',
].join('\n');

/** Cases that show each kind once, for the golden file: those nearest to the threshold tell most. */
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
