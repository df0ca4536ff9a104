import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import { PASSIVE_VIEWS } from '@rounz/core/liveness/passive/config.ts';
import { type PassiveViews, passiveViews } from '@rounz/core/liveness/passive/views.ts';
import { composeShot, type Shot } from './compose.ts';
import { ATTACK_KINDS, COMPOSED, type Half, WEARS } from './config.ts';
import type { FaceFinder } from './find.ts';

/** Bytes of each cut-out. */
export const CONTEXT_BYTES = PASSIVE_VIEWS.context.size ** 2 * 3;
export const DETAIL_BYTES = PASSIVE_VIEWS.detail.size ** 2 * 3;
const ROW_BYTES = CONTEXT_BYTES + DETAIL_BYTES;

/** A composed frame in a set: what it shows, and whether the detector found its face. */
export interface ShotRecord {
  readonly shot: Shot;
  /** row of its cut-outs; null where no face was found */
  readonly row: number | null;
}

/** A set, read. */
export interface ShotSet {
  readonly records: readonly ShotRecord[];
  views(row: number): PassiveViews;
}

/** Seeds of the halves' frames lie far apart. */
const FIRST_SEED: Readonly<Record<Half, number>> = { train: 7_000_000, test: 9_000_000 };

/** The shots of a half in a fixed order: visits and attacks in turns, every kind, wear and medium as often as every other. */
export function shotAt(half: Half, index: number): Shot {
  const base = { half, seed: FIRST_SEED[half] + index, wear: WEARS[(index >> 1) % WEARS.length]! };
  if (index % 2 === 0) return { ...base, kind: 'visit' };
  const turn = index >> 1;
  const kind = ATTACK_KINDS[Math.floor(turn / WEARS.length) % ATTACK_KINDS.length]!;
  const screen = kind === 'phone' || kind === 'tablet';
  return { ...base, kind, video: screen && (turn * 7919) % 100 < COMPOSED.video * 100 };
}

const filesOf = (folder: string, half: Half) => ({
  views: join(folder, `${half}.views.u8`),
  records: join(folder, `${half}.jsonl`),
});

/** Composes the shots of a half that are not in the folder yet. */
export async function composeSet(
  folder: string,
  half: Half,
  count: number,
  finder: FaceFinder,
  onShot: (done: number) => void,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const files = filesOf(folder, half);
  const known = readRecords(files.records);
  let rows = known.filter(({ row }) => row !== null).length;
  // A run that was cut short may have left half a row.
  if (existsSync(files.views)) truncateSync(files.views, rows * ROW_BYTES);
  for (let index = known.length; index < count; index++) {
    const shot = shotAt(half, index);
    const views = await shotViews(shot, finder);
    if (views)
      appendFileSync(
        files.views,
        Buffer.concat([Buffer.from(views.context.buffer), Buffer.from(views.detail.buffer)]),
      );
    const record: ShotRecord = { shot, row: views ? rows++ : null };
    appendFileSync(files.records, `${JSON.stringify(record)}\n`);
    onShot(index + 1);
  }
}

/** The cut-outs of a shot's face; undefined where the detector does not find it. */
export async function shotViews(shot: Shot, finder: FaceFinder): Promise<PassiveViews | undefined> {
  const composed = await composeShot(shot);
  const pyramid = buildPyramid(composed.frame);
  const face = await finder(pyramid, composed);
  return face && passiveViews(pyramid, face.points);
}

function readRecords(file: string): ShotRecord[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ShotRecord);
}

/** Reads a composed set. @throws Error where it was not composed */
export function readShotSet(folder: string, half: Half): ShotSet {
  const files = filesOf(folder, half);
  const records = readRecords(files.records);
  if (records.length === 0)
    throw new Error(`There are no composed frames in ${folder}. Run \`passive compose\` first.`);
  const bytes = readFileSync(files.views);
  return {
    records,
    views(row) {
      const from = row * ROW_BYTES;
      const cut = (start: number, length: number) =>
        new Uint8ClampedArray(bytes.buffer, bytes.byteOffset + start, length);
      return { context: cut(from, CONTEXT_BYTES), detail: cut(from + CONTEXT_BYTES, DETAIL_BYTES) };
    },
  };
}
