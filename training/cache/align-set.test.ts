import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findSources } from '../data/layout.ts';
import { jpeg } from '../data/picture.fixture.ts';
import { alignReport } from './align-report.ts';
import { type AlignJob, alignShare } from './align-set.ts';
import { type AlignedSetIndex, alignedFiles, CROP_BYTES } from './aligned-set.ts';
import { FIND } from './find-face.ts';
import { mergeShares } from './merge-shares.ts';
import { shareFiles } from './share-log.ts';

/** The challenge's crops are aligned already, so that no detector is needed. */
const noDetector = () => Promise.reject(new Error('crops need no detector'));
const SHARE = { index: 0, count: 1 };
const PICTURES = 30;
/** Pictures after which a run is killed in most tests: more than are written at once, fewer than all. */
const KILLED_AFTER = 24;
/** One file of the list is missing, one is cut. */
const [MISSING, CUT] = [7, 13];

let root: string;

const nameOf = (i: number) => `190000${String(10 + i)}_S001_L1_E01_C7_cropped.jpg`;

/** An uninterrupted run, which every other is held against. */
let whole: string[];
let index: AlignedSetIndex;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'align-set-'));
  const folder = join(root, 'task');
  mkdirSync(join(folder, 'train'), { recursive: true });
  for (let i = 0; i < PICTURES; i++) {
    const bytes = await jpeg(40 + i);
    if (i !== MISSING)
      writeFileSync(join(folder, 'train', nameOf(i)), i === CUT ? bytes.subarray(0, 660) : bytes);
  }
  writeList(PICTURES);
  await align('whole');
  [whole, index] = await merged('whole');
});
afterAll(() => rmSync(root, { recursive: true }));

async function jobOf(out: string): Promise<AlignJob> {
  const [source] = await findSources(join(root, 'task'));
  return { source: source!, outFolder: join(root, out), share: SHARE, find: FIND, afresh: false };
}

function writeList(count: number, without = -1): void {
  const rows = Array.from({ length: count }, (_, i) => i).filter((i) => i !== without);
  const lines = rows.map((i) => `${nameOf(i)},${nameOf(i).slice(0, 8)},front`);
  writeFileSync(
    join(root, 'task/train/train_meta.csv'),
    `file_name,face_id,cam_angle\n${lines.join('\n')}\n`,
  );
}

/** Aligns the set, as if its process were killed after some pictures. */
async function align(out: string, killedAfter = Number.POSITIVE_INFINITY): Promise<number> {
  let pictures = 0;
  const aligning = alignShare(noDetector, await jobOf(out), () => {
    if (++pictures >= killedAfter) throw new Error('killed');
  });
  if (killedAfter < PICTURES) await expect(aligning).rejects.toThrow('killed');
  else await aligning;
  return pictures;
}

/** Hashes of everything that a set has in the cache, and its index. */
async function merged(out: string): Promise<[string[], AlignedSetIndex]> {
  const content = await mergeShares(join(root, out), 'task-train', 1);
  const files = Object.values(alignedFiles(join(root, out), 'task-train'));
  return [files.map((file) => createHash('sha256').update(readFileSync(file)).digest('hex')), content];
}

/** What is done again after a stop is what had not been written. */
function doneAlready(out: string): number {
  const { log } = shareFiles(join(root, out), 'task-train', SHARE);
  return readFileSync(log, 'utf8').split('\n').length - 2;
}

describe('alignShare', () => {
  it('goes on where it was stopped, to the same bytes', async () => {
    await align('stopped', KILLED_AFTER);
    expect(doneAlready('stopped')).toBeGreaterThanOrEqual(16);
    expect(await align('stopped')).toBe(PICTURES);
    expect((await merged('stopped'))[0]).toEqual(whole);
  });

  it.each([
    [
      'a log that ends in the middle of a line',
      (log: string) => truncateSync(log, readFileSync(log).length - 20),
    ],
    [
      'a log that is ahead of the crops',
      (_: string, crops: string) => truncateSync(crops, 11 * CROP_BYTES + 5),
    ],
    [
      'crops that are ahead of the log',
      (_: string, crops: string) => appendFileSync(crops, Buffer.alloc(CROP_BYTES)),
    ],
    [
      'a log of another job',
      (log: string) => writeFileSync(log, readFileSync(log, 'utf8').replace('"auto"', '"never"')),
    ],
    ['no log at all', (log: string) => rmSync(log)],
  ])('goes on from %s, to the same bytes', async (what, damage) => {
    await align(what, KILLED_AFTER);
    const { log, crops } = shareFiles(join(root, what), 'task-train', SHARE);
    damage(log, crops);
    await align(what);
    expect((await merged(what))[0]).toEqual(whole);
  });

  it('does anew what changed in the set since it was stopped', async () => {
    writeList(PICTURES, 5);
    await align('other');
    writeList(PICTURES);
    await align('changed', KILLED_AFTER);
    writeList(PICTURES, 5);
    await align('changed');
    expect((await merged('changed'))[0]).toEqual((await merged('other'))[0]);
    writeList(PICTURES);
  });

  it('names every picture that gave no face, with its reason', async () => {
    expect(index.records).toHaveLength(PICTURES - 2);
    expect(index.skipped).toEqual([
      { path: `task-train/${nameOf(MISSING)}`, why: 'it is not there' },
      { path: `task-train/${nameOf(CUT)}`, why: expect.stringMatching(/middle of the picture|damaged/) },
    ]);
    expect(alignReport(index)).toContain(`task-train: 28 faces of 28 people, 0 pictures without one\n`);
    expect(alignReport(index)).toContain(
      `task-train: skipped 1, it is not there: task-train/${nameOf(MISSING)}\n`,
    );
  });
});

describe('alignReport', () => {
  const record = (path: string, identity: string | null) => ({
    path,
    identity,
    boxScore: 1,
    meshScore: 1,
    yaw: 0,
    pitch: 0,
    roll: 0,
    luma: 0,
    sharpness: 0,
    interEyeDistance: 0,
  });
  const other = {
    format: 1,
    missed: [],
    skipped: [],
    remarks: ['x/ is a link'],
    others: { txt: 3, '': 1 },
    litter: 4,
  } as const;

  it('says how many people there are, and whose a face is not', () => {
    const records = [
      record('shop/ann/1.jpg', 'shop:ann'),
      record('shop/ann/2.jpg', 'shop:ann'),
      record('shop/1.jpg', null),
    ];
    expect(
      alignReport({ ...other, set: 'shop', records, missed: [], skipped: [], remarks: [...other.remarks] }),
    ).toBe(
      "shop: 3 faces of 1 person, 1 of them nobody's, 0 pictures without one\n" +
        'shop: note: x/ is a link\n' +
        'shop: passed over files that are no pictures: .txt 3, no ending 1\n' +
        'shop: passed over 4 files and folders that systems leave behind\n',
    );
  });

  it('warns of a set in which nobody is known, unless its name says so', () => {
    const of = (set: string) =>
      alignReport({
        ...other,
        set,
        records: [record(`${set}/1.jpg`, null)],
        missed: [],
        skipped: [],
        remarks: [],
      });
    expect(of('shop')).toMatch(/warning: nobody in shop is known/);
    expect(of('unlabelled-shop')).not.toMatch(/warning/);
  });
});
