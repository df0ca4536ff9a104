/**
 * The files of the 2020 challenge, tasks 03 (front against side) and 05 (bare against accessory):
 *
 *   <task>/train/train_meta.csv          file_name,face_id,acc_option        none|acc     (05)
 *                                        file_name,face_id,cam_angle         front|side   (03; also called ang_option)
 *   <task>/validate/validate_label.csv   image1,image2,label                 0 = same person, 1 = different
 *   <task>/test/test_label.csv           the same; bare (front) first, then accessory (side)
 *   <task>/{train,validate,test}/{ID8}_{S}_{L}_{E}_{C}_cropped.jpg           112x112, cropped already
 *
 * Contract for what evaluates them:
 *
 *   const { task, pairs } = readChallengePairs('data/task05', 'validate');   // or 'test'
 *   pairs[0] = { first, second, label: 0 | 1, people: [ID8, ID8], conditions: [KfaceCondition, KfaceCondition] }
 *   for await (const { path, bytes } of challengePictures('data/task05', 'validate')) ...   // each picture once
 *
 * `first`, `second` and `path` are file names in the part's folder, extension included, exactly as on disk.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ChallengeLabel } from '@rounz/core/metrics/f1.ts';
import { isPictureName } from './formats.ts';
import { conditionOf, type KfaceCondition } from './kface-condition.ts';
import type { SetFile } from './set-file.ts';
import { type ListRow, readRows } from './text-list.ts';

export type ChallengeTask = '03' | '05';
/** Parts with a list of pairs. */
export type PairPart = 'validate' | 'test';
export type ChallengePart = 'train' | PairPart;
export const CHALLENGE_PARTS: readonly ChallengePart[] = ['train', 'validate', 'test'];

export interface ChallengePair {
  readonly first: string;
  readonly second: string;
  /** 0: one person, 1: two */
  readonly label: ChallengeLabel;
  /** who is on the first and on the second picture */
  readonly people: readonly [string, string];
  readonly conditions: readonly [KfaceCondition, KfaceCondition];
}

export interface ChallengePairs {
  readonly part: PairPart;
  /** by what the second pictures show: 05 where something is worn, 03 where the camera stands aside */
  readonly task: ChallengeTask;
  /** folder of the part: the pictures lie here */
  readonly folder: string;
  readonly pairs: readonly ChallengePair[];
}

/** One row of `train_meta.csv`. */
export interface TrainRow {
  readonly file: string;
  readonly person: string;
  /** whether the row is bare (05) or frontal (03) */
  readonly plain: boolean;
  readonly condition: KfaceCondition;
}

export interface TrainMeta {
  readonly task: ChallengeTask;
  readonly folder: string;
  readonly rows: readonly TrainRow[];
}

const PAIR_FILES: Readonly<Record<PairPart, string>> = {
  validate: 'validate_label.csv',
  test: 'test_label.csv',
};

/** Header of the third column, the task that it means, and its values: plain first. */
const OPTIONS: Readonly<Record<string, { task: ChallengeTask; values: readonly [string, string] }>> = {
  acc_option: { task: '05', values: ['none', 'acc'] },
  cam_angle: { task: '03', values: ['front', 'side'] },
  ang_option: { task: '03', values: ['front', 'side'] },
};

/** Path of the list that belongs to a part of a task's folder. */
export const challengeList = (folder: string, part: ChallengePart): string =>
  join(folder, part, part === 'train' ? 'train_meta.csv' : PAIR_FILES[part]);

/** Whether a folder is a task's: one of its parts has its list. */
export const isChallengeFolder = (folder: string): boolean =>
  CHALLENGE_PARTS.some((part) => existsSync(challengeList(folder, part)));

/** @throws Error that names file and line of what doesn't fit */
export function readTrainMeta(folder: string): TrainMeta {
  const file = challengeList(folder, 'train');
  const [first, ...lines] = readCsv(file);
  const header = first?.cells ?? [];
  const option = OPTIONS[header[2] ?? ''];
  if (header[0] !== 'file_name' || header[1] !== 'face_id' || !option)
    throw new Error(
      `${file} begins with "${first?.shown ?? ''}"; it should be file_name,face_id and one of ` +
        `${Object.keys(OPTIONS).join(', ')}.`,
    );
  const rows = lines.map(({ number, cells: [name = '', person = '', value = ''] }) => {
    const where = `${file}, line ${number}`;
    const condition = requireCondition(name, where);
    const [plain, other] = option.values;
    if (value !== plain && value !== other)
      throw new Error(`${where}: ${header[2]} is ${plain} or ${other}, not "${value}".`);
    if (samePerson(person) !== samePerson(condition.person))
      throw new Error(`${where}: face_id says ${person} and the file name ${condition.person}.`);
    return { file: withExtension(name), person: condition.person, plain: value === plain, condition };
  });
  return { task: option.task, folder: join(folder, 'train'), rows };
}

/** @throws Error that names file and line of what doesn't fit */
export function readChallengePairs(folder: string, part: PairPart): ChallengePairs {
  const file = challengeList(folder, part);
  const [header, ...lines] = readCsv(file);
  if (header?.cells.slice(0, 3).join(',') !== 'image1,image2,label')
    throw new Error(`${file} begins with "${header?.shown ?? ''}"; it should be image1,image2,label.`);
  const pairs = lines.map(({ number, cells: [one = '', two = '', label = ''] }): ChallengePair => {
    const where = `${file}, line ${number}`;
    if (label !== '0' && label !== '1')
      throw new Error(`${where}: the label is 0 (one person) or 1 (two), not "${label}".`);
    const conditions = [requireCondition(one, where), requireCondition(two, where)] as const;
    const people = [conditions[0].person, conditions[1].person] as const;
    if ((people[0] === people[1]) !== (label === '0'))
      throw new Error(`${where}: the label ${label} does not fit the people ${people.join(' and ')}.`);
    const [first, second] = [withExtension(one), withExtension(two)];
    return { first, second, label: label === '0' ? 0 : 1, people, conditions };
  });
  if (pairs.length === 0) throw new Error(`${file} holds no pair.`);
  const task = pairs.some(({ conditions: [, second] }) => second.session !== 'S001') ? '05' : '03';
  return { part, task, folder: join(folder, part), pairs };
}

/** The names of a part's pictures, each once, in the list's order. */
export function challengeNames(folder: string, part: ChallengePart): string[] {
  if (part === 'train') return [...new Set(readTrainMeta(folder).rows.map(({ file }) => file))];
  return [...new Set(readChallengePairs(folder, part).pairs.flatMap(({ first, second }) => [first, second]))];
}

/** The pictures of a part, each once, one at a time; a file that is missing has no bytes, and so is no picture. */
export async function* challengePictures(folder: string, part: ChallengePart): AsyncGenerator<SetFile> {
  for (const path of challengeNames(folder, part))
    yield { path, bytes: await readFile(join(folder, part, path)).catch(() => Buffer.alloc(0)) };
}

function readCsv(file: string): ListRow[] {
  if (!existsSync(file)) throw new Error(`There is no ${file}; is this a folder of the challenge's task?`);
  return readRows(file, ',');
}

function requireCondition(name: string, where: string): KfaceCondition {
  const condition = conditionOf(basename(name));
  if (!condition)
    throw new Error(`${where}: "${name}" is no name of the form ID8_S001_L1_E01_C7_cropped.jpg.`);
  return condition;
}

/** Lists name files with and without their folder and their extension. */
const withExtension = (name: string): string =>
  isPictureName(name) ? basename(name) : `${basename(name)}.jpg`;

/** Spreadsheets take leading zeros off ids. */
const samePerson = (id: string): string => id.replace(/^0+/, '');
