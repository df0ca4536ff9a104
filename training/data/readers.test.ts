import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { interEyeDistance } from '@rounz/core/face/landmarks.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { alignShare } from '../cache/align-set.ts';
import { readShare, shareFiles } from '../cache/share-log.ts';
import { challengePictures, readChallengePairs, readTrainMeta } from './challenge-files.ts';
import { decodeImage } from './decode.ts';
import { identityOf } from './identity.ts';
import { conditionOf } from './kface-condition.ts';
import { fivePointsOfKface, parseKfaceLandmarks } from './kface-landmarks.ts';
import { findKfaceTree, kfacePictures } from './kface-tree.ts';
import { findSources } from './layout.ts';
import { assertNoLeak } from './leak.ts';
import { SetNotes } from './set-notes.ts';
import { listSource } from './sources.ts';
import { assertDisjoint, readSplits, SplitLeakError } from './splits.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'readers-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const put = (path: string, content: string | Buffer = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

/** A drawn picture that decodes. */
function picture(side = 112): Buffer {
  const canvas = createCanvas(side, side);
  const context = canvas.getContext('2d');
  for (let i = 0; i < side; i++) {
    context.fillStyle = `rgb(${i * 2}, ${255 - i}, ${(i * 37) % 255})`;
    context.fillRect(i, 0, 1, side);
  }
  return canvas.toBuffer('image/jpeg', 90);
}

const SEVEN = [
  [50, 60],
  [40, 45],
  [60, 45],
  [42, 75],
  [58, 75],
  [30, 50],
  [70, 50],
];
const BOX = [10, 10, 80, 90];
const lines = (rows: readonly (readonly number[])[], separator: string, end = '\n') =>
  rows.map((row) => row.join(separator)).join(end) + end;

describe('conditionOf', () => {
  it('reads the tree and the flat names alike', () => {
    const condition = {
      person: '19062421',
      session: 'S006',
      accessory: 'cap-horn-rimmed',
      light: 7,
      lux: 0,
      expression: 'frown',
      camera: 13,
      yaw: -90,
    };
    expect(conditionOf('High_Resolution/19062421/S006/L7/E03/C13.jpg')).toEqual(condition);
    expect(conditionOf('19062421_S006_L7_E03_C13_cropped.jpg')).toEqual(condition);
  });
  it('does not guess at what K-FACE does not say', () => {
    expect(conditionOf('19062421/S001/L8/E01/C7.jpg')).toMatchObject({ lux: null, yaw: 0 });
    expect(conditionOf('19062421/S001/L1/E01/C14.jpg')).toMatchObject({ lux: 1000, yaw: null });
  });
  it.each(['19062421/S001/L31/E01/C7.jpg', '19062421/S001/L1/E04/C7.jpg', '1/S001/L1/E01/C7.jpg', 'a/b.jpg'])(
    'knows no condition of %s',
    (path) => expect(conditionOf(path)).toBeNull(),
  );
});

describe('parseKfaceLandmarks', () => {
  it.each([' ', '\t', ',', ';', ', ', ' ; '])('takes "%s" for a separator', (separator) => {
    const marks = parseKfaceLandmarks(`\uFEFF${lines([...SEVEN, BOX, BOX], separator, '\r\n')}\r\n`);
    expect(marks.rightEye).toEqual({ x: 40, y: 45 });
    expect(marks.leftEar).toEqual({ x: 70, y: 50 });
    expect(marks.boxes).toEqual([BOX, BOX]);
  });

  it('sees from the nose which half is hidden', () => {
    // nose right of the eye: the wearer's right half is seen
    const right = parseKfaceLandmarks(lines([[70, 60], [50, 45], [62, 75], [68, 75], [30, 50], BOX], ' '));
    expect([right.rightEye, right.leftEye]).toEqual([{ x: 50, y: 45 }, null]);
    expect([right.rightEar, right.leftEar]).toEqual([{ x: 30, y: 50 }, null]);
    const left = parseKfaceLandmarks(lines([[30, 60], [50, 45], [32, 75], [38, 75], [70, 50], BOX], ' '));
    expect([left.rightEye, left.leftEye]).toEqual([null, { x: 50, y: 45 }]);
    const six = parseKfaceLandmarks(lines([...SEVEN.slice(0, 5), SEVEN[6]!], ' '));
    expect([six.rightEar, six.leftEar]).toEqual([null, { x: 70, y: 50 }]);
  });

  it('puts a hidden eye beside the visible one, closer the more the head is turned', () => {
    const marks = parseKfaceLandmarks(
      lines(
        [
          [70, 60],
          [50, 45],
          [62, 75],
          [68, 75],
          [30, 50],
        ],
        ' ',
      ),
    );
    const apart = (yaw: number | null) => interEyeDistance(fivePointsOfKface(marks, yaw));
    expect(apart(90)).toBeCloseTo(0, 6);
    expect(apart(null)).toBeCloseTo(0, 6);
    // 0.866 of the distance from the eye to the mouth's middle, times the cosine of 60 degrees
    expect(apart(60)).toBeCloseTo(0.866 * Math.hypot(15, 30) * 0.5, 6);
    const [right, leftEye] = fivePointsOfKface(marks, 60);
    expect(leftEye.x).toBeGreaterThan(right.x);
  });

  it.each([
    ['too few points', lines(SEVEN.slice(0, 4), ' ')],
    ['words', 'nose 1\n'],
    ['three numbers', '1 2 3\n'],
    ['nothing', ''],
  ])('refuses %s', (_, text) => expect(() => parseKfaceLandmarks(text)).toThrow(/annotation/i));
});

describe('kfacePictures', () => {
  const ID = '19062421';
  const tree = () => findKfaceTree(root)!;
  const at = (place: string, resolution = 'Middle') => `${resolution}_Resolution/${ID}/${place}`;
  const annotation = lines([...SEVEN, BOX], ' ');

  it('reuses S001/L1/E01 of the same camera, another of S001 where that is missing, and none elsewhere', () => {
    put(at('S001/L1/E01/C7.jpg'));
    put(at('S001/L1/E01/C7.txt'), annotation);
    put(at('S004/L5/E02/C7.jpg'));
    put(at('S004/L5/E02/C8.jpg'));
    put(at('S001/L3/E02/C8.txt'), lines([[51, 61], ...SEVEN.slice(1), BOX], ';'));
    put(at('S002/L1/E01/C9.jpg'));
    const found = Object.fromEntries(
      [...kfacePictures(tree())].map(({ path, landmarks }) => [path, landmarks]),
    );
    expect(found[`${ID}/S004/L5/E02/C7.jpg`]?.nose).toEqual({ x: 50, y: 60 });
    expect(found[`${ID}/S004/L5/E02/C8.jpg`]?.nose).toEqual({ x: 51, y: 61 });
    expect(found[`${ID}/S002/L1/E01/C9.jpg`]).toBeNull();
  });

  it('prefers a picture’s own annotation and sorts by number', () => {
    put(at('S001/L1/E01/C2.txt'), annotation);
    put(at('S001/L3/E01/C2.txt'), lines([[1, 2], ...SEVEN.slice(1)], ' '));
    for (const name of ['C10', 'C2']) put(at(`S001/L3/E01/${name}.jpg`));
    const all = [...kfacePictures(tree())];
    expect(all.map(({ condition }) => condition.camera)).toEqual([2, 10]);
    expect(all[0]!.landmarks?.nose).toEqual({ x: 1, y: 2 });
  });

  it('takes annotations of another resolution to its own', () => {
    put(at('S001/L1/E01/C7.jpg', 'Low'));
    put(at('S001/L1/E01/C7.txt', 'High'), annotation);
    const low = findKfaceTree(root, 'Low')!;
    const [only] = [...kfacePictures(low)];
    expect(only!.landmarks!.nose.x).toBeCloseTo((50 * 173) / 864, 9);
    expect(findKfaceTree(root)!.resolution).toBe('High');
    expect(() => findKfaceTree(root, 'Middle')).toThrow(/no Middle_Resolution/);
  });

  it('names what is strange and goes on', () => {
    put(at('S001/L1/E01/C7.jpg'));
    put(at('S001/L1/E01/C7.txt'), 'not numbers');
    put(at('S001/L1/E01/C7 (1).jpg'));
    put(at('S099/L1/E01/C7.jpg'));
    put(at('S001/.DS_Store'));
    put('Middle_Resolution/readme/notes.txt');
    const notes = new SetNotes();
    const all = [...kfacePictures(tree(), undefined, notes)];
    expect(all.map(({ path, landmarks }) => [path, landmarks])).toEqual([[`${ID}/S001/L1/E01/C7.jpg`, null]]);
    expect(notes.skipped.map(({ path }) => path).sort()).toEqual([
      `${ID}/S001/L1/E01/C7 (1).jpg`,
      `${ID}/S099/L1/E01/C7.jpg`,
    ]);
    expect(notes.remarks).toHaveLength(1);
  });
});

describe('the challenge’s lists', () => {
  const [A, B] = ['19000001', '19000002'];
  const name = (person: string, session = 'S001', camera = 7) =>
    `${person}_${session}_L1_E01_C${camera}_cropped.jpg`;

  it.each([
    ['cam_angle', 'front', 'side', '03'],
    ['ang_option', 'front', 'side', '03'],
    ['acc_option', 'none', 'acc', '05'],
  ])('reads a training list with %s', (column, plain, other, task) => {
    put(
      't/train/train_meta.csv',
      `file_name,face_id,${column}\r\n${name(A)},${A},${plain}\r\n${name(B)},${B},${other}\r\n`,
    );
    const meta = readTrainMeta(join(root, 't'));
    expect(meta.task).toBe(task);
    expect(meta.rows.map(({ person, plain: own }) => [person, own])).toEqual([
      [A, true],
      [B, false],
    ]);
  });

  it('reads pairs with 0 for one person, and each picture once', async () => {
    const rows = [`${name(A)},${name(A, 'S004')},0`, `${name(A)},${name(B, 'S005')},1`];
    put('t/test/test_label.csv', `image1,image2,label\n${rows.join('\n')}\n`);
    put(`t/test/${name(A)}`, picture());
    const { task, pairs } = readChallengePairs(join(root, 't'), 'test');
    expect(task).toBe('05');
    expect(pairs.map(({ label, people }) => [label, ...people])).toEqual([
      [0, A, A],
      [1, A, B],
    ]);
    const files: [string, boolean][] = [];
    for await (const { path, bytes } of challengePictures(join(root, 't'), 'test'))
      files.push([path, bytes.length > 0]);
    expect(files).toEqual([
      [name(A), true],
      [name(A, 'S004'), false],
      [name(B, 'S005'), false],
    ]);
  });

  it.each([
    ['a label of 2', `${name(A)},${name(B)},2`],
    ['0 for two people', `${name(A)},${name(B)},0`],
    ['1 for one person', `${name(A)},${name(A, 'S002')},1`],
    ['a strange name', `x.jpg,${name(A)},0`],
  ])('refuses %s and names the line', (_, row) => {
    put('t/test/test_label.csv', `image1,image2,label\n${row}\n`);
    expect(() => readChallengePairs(join(root, 't'), 'test')).toThrow(/line 2/);
  });

  it('refuses a leak between training and test and names the person', async () => {
    put('t/train/train_meta.csv', `file_name,face_id,acc_option\n${name(A)},${A},none\n`);
    put('t/test/test_label.csv', `image1,image2,label\n${name(A)},${name(A, 'S002')},0\n`);
    const sources = await findSources(join(root, 't'));
    expect(sources.map((source) => source.name)).toEqual(['t-train', 't-test']);
    await expect(assertNoLeak(sources)).rejects.toThrow(
      new RegExp(`kface:${A} is both in train and in test`),
    );
  });

  it('knows a person of the tree in the challenge’s files', async () => {
    put(`kface/Low_Resolution/${A}/S001/L1/E01/C7.jpg`);
    put('task05/test/test_label.csv', `image1,image2,label\n${name(A)},${name(A, 'S002')},0\n`);
    await expect(assertNoLeak(await findSources(root))).rejects.toThrow(SplitLeakError);
    expect(identityOf('task05-test', name(A))).toBe(identityOf('kface', `${A}/S001/L1/E01/C7.jpg`));
  });
});

it('identityOf knows a person of the London set by the number, whatever the expression', () => {
  const neutral = identityOf('london', 'neutral_front/001_03.jpg');
  expect(neutral).toBe(identityOf('london', 'smiling_front/001_08.jpg'));
  expect(neutral).not.toBe(identityOf('london', 'neutral_front/002_03.jpg'));
});

describe('splits', () => {
  it('part a folder by person', async () => {
    for (const person of ['ann', 'bob', 'cyd']) put(`shop/${person}/1.jpg`);
    put('shop/splits.tsv', 'ann\ttrain\nbob\ttest\n');
    const sources = await findSources(root);
    const paths = async (i: number) => {
      const found: string[] = [];
      for await (const { path } of listSource(sources[i]!)) found.push(path);
      return found;
    };
    expect(sources.map((source) => source.name)).toEqual(['shop-train', 'shop-test']);
    expect([await paths(0), await paths(1)]).toEqual([['ann/1.jpg'], ['bob/1.jpg']]);
    await expect(assertNoLeak(sources)).resolves.toBeUndefined();
  });

  it('refuse a person in two parts by name', () => {
    put('splits.tsv', 'ann\ttrain\nbob\ttest\nann\ttest\n');
    expect(() => readSplits(root)).toThrow(/ann is both in train and in test/);
    expect(() =>
      assertDisjoint([
        ['train', ['x', 'y']],
        ['validate', ['z', 'y']],
      ]),
    ).toThrow(expect.objectContaining({ person: 'y' }));
  });
});

describe('unreadable pictures', () => {
  it('are told from pictures: cut short, empty, no picture at all', async () => {
    const whole = picture();
    await expect(decodeImage(whole)).resolves.toMatchObject({ width: 112 });
    await expect(decodeImage(whole.subarray(0, whole.length / 2))).rejects.toThrow(/damaged/);
    await expect(decodeImage(Buffer.alloc(0))).rejects.toThrow(/empty/);
    await expect(decodeImage(Buffer.from('text'))).rejects.toThrow();
  });

  it('are counted, named and skipped by align, which takes crops as they are', async () => {
    const names = [1, 2, 3].map((camera) => `19000001_S001_L1_E01_C${camera + 5}_cropped.jpg`);
    const rows = names.map((name) => `${name},19000001,front`);
    put('t/train/train_meta.csv', `file_name,face_id,cam_angle\n${rows.join('\n')}\n`);
    put(`t/train/${names[0]}`, picture());
    put(`t/train/${names[1]}`, picture().subarray(0, 500));
    const [source] = await findSources(join(root, 't'));
    const share = { index: 0, count: 1 };
    const noDetector = () => Promise.reject(new Error('crops need no detector'));
    const job = {
      source: source!,
      outFolder: root,
      share,
      find: { landmarks: 'auto', detectCrops: false },
      afresh: false,
    } as const;
    await alignShare(noDetector, job, () => {});
    const done = await readShare(shareFiles(root, 't-train', share));
    expect(done.rows).toMatchObject([
      { record: { identity: 'kface:19000001', by: 'crop', yaw: 15 * (Math.PI / 180) } },
      { path: `t-train/${names[1]}`, why: expect.stringMatching(/ends in the middle/) },
      { path: `t-train/${names[2]}`, why: 'it is not there' },
    ]);
  });
});
