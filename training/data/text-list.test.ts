import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseOpenPairs } from '../evaluation/predictions.ts';
import { parseProbes } from '../evaluation/probe-list.ts';
import { readWornLabels } from './accessories.ts';
import { readTrainMeta } from './challenge-files.ts';
import { parseKfaceLandmarks } from './kface-landmarks.ts';
import { readSplits, SplitLeakError } from './splits.ts';
import { decodeList, linesOf } from './text-list.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lists-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');

/** How editors and spreadsheets save one text. */
const SAVED: readonly (readonly [string, (text: string) => Buffer])[] = [
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a byte order mark', (text) => Buffer.from(`\uFEFF${text}`)],
  ['CRLF', (text) => Buffer.from(text.replaceAll('\n', '\r\n'))],
  ['CR alone', (text) => Buffer.from(text.replaceAll('\n', '\r'))],
  ['blank lines', (text) => Buffer.from(`\n${text.replaceAll('\n', '\n \n')}\n\n`)],
  ['NFD', (text) => Buffer.from(text.normalize('NFD'))],
  ['UTF-16 with a mark', (text) => wide(`\uFEFF${text}`)],
  ['UTF-16 with a mark, big end first', (text) => swapped(wide(`\uFEFF${text}`))],
  ['UTF-16 without a mark', (text) => wide(text)],
  ['UTF-16 without a mark, big end first', (text) => swapped(wide(text))],
];

const put = (name: string, bytes: Buffer): string => {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  return file;
};

describe.each(SAVED)('every list saved as %s', (_, save) => {
  it('splits.tsv gives the first person and the last', () => {
    put('splits.tsv', save('김민수\ttrain\nbob\ttest\n'));
    expect([...readSplits(folder)!.values()]).toEqual([
      { person: '김민수', part: 'train' },
      { person: 'bob', part: 'test' },
    ]);
  });

  it('labels of accessories', () => {
    const file = put('worn.tsv', save('path\tglasses\n김민수/1.jpg\t1\nbob/1.jpg\t0\n'));
    expect([...readWornLabels(`shop=${file}`)].map(([path, worn]) => [path, worn.get('glasses')])).toEqual([
      ['shop/김민수/1.jpg', true],
      ['shop/bob/1.jpg', false],
    ]);
  });

  it('a probe list', () => {
    const file = put(
      'probes.tsv',
      save('identity\taccessory\tprobe\tgallery\n김\that\t./김/1.jpg\t김\\2.jpg\n'),
    );
    expect(
      parseProbes(
        decodeList(save('identity\taccessory\tprobe\tgallery\n김\that\t./김/1.jpg\t김\\2.jpg\n'), file),
      ),
    ).toEqual([{ identity: '김', accessories: ['hat'], picture: '김/1.jpg', gallery: ['김/2.jpg'] }]);
  });

  it('the challenge’s list, and pairs without labels', () => {
    const name = '19000001_S001_L1_E01_C7_cropped.jpg';
    put('train/train_meta.csv', save(`file_name,face_id,acc_option\n${name},19000001,none\n`));
    expect(readTrainMeta(folder).rows).toMatchObject([{ file: name, plain: true }]);
    expect(parseOpenPairs(decodeList(save('image1,image2\na.jpg,b.jpg\n'), 'pairs'))).toEqual([
      { first: 'a.jpg', second: 'b.jpg' },
    ]);
  });

  it('K-FACE’s annotation', () => {
    const text = '50 60\n40 45\n60 45\n42 75\n58 75\n30 50\n70 50\n';
    expect(parseKfaceLandmarks(decodeList(save(text), 'C7.txt')).nose).toEqual({ x: 50, y: 60 });
  });
});

describe('a list that is not read', () => {
  it('names its first line that is not UTF-8, and what to do', () => {
    const cp949 = Buffer.from([0xb1, 0xe8, 0x09, 0x74]);
    const bytes = Buffer.concat([Buffer.from('bob\ttest\n'), cp949]);
    expect(() => decodeList(bytes, 'splits.tsv')).toThrow(/splits\.tsv, line 2: this is not UTF-8.*CP949/);
  });

  it('is no text', () => {
    expect(() => decodeList(Buffer.from('a\0b, and much more text behind it'), 'x.tsv')).toThrow(/no text/);
  });

  it('shows what cannot be seen', () => {
    put('splits.tsv', Buffer.from('ann\u200B\u3000train\n'));
    expect(() => readSplits(folder)).toThrow(/line 1: .*ann\\u\{200B\}/);
  });
});

describe('linesOf', () => {
  it('counts lines as an editor does, whichever end they have', () => {
    expect(linesOf('a\r\n\r\nb\rc\n')).toEqual([
      { number: 1, text: 'a' },
      { number: 3, text: 'b' },
      { number: 4, text: 'c' },
    ]);
  });
});

describe('splits.tsv', () => {
  it.each([
    ['spellings', '김민수', '김민수'.normalize('NFD')],
    ['case', 'Ann', 'ann'],
    ['what cannot be seen', 'ann', 'ann\u200B '],
  ])('refuses a person in two parts who differs in %s', (_, one, other) => {
    put('splits.tsv', Buffer.from(`${one}\ttrain\n${other}\ttest\n`));
    expect(() => readSplits(folder)).toThrow(SplitLeakError);
  });
});
