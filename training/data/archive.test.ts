import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findSources, sourcesFromSpec } from './layout.ts';
import { SetNotes } from './set-notes.ts';
import { listSource } from './sources.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Member = readonly [header: Partial<Header> & { name: string }, content?: string];

function packed(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const [header, content] of members)
    if (content === undefined) archive.entry(header);
    else archive.entry(header, content);
  archive.finalize();
  return buffer(archive);
}

const files = (...names: string[]): Member[] => names.map((name) => [{ name }, `bytes of ${name}`]);

const put = (name: string, bytes: Buffer): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

interface Found {
  readonly pictures: Record<string, string>;
  readonly notes: SetNotes;
}

/** What an archive gives as a set. */
async function read(file: string, charset?: string): Promise<Found> {
  const notes = new SetNotes();
  const [source] = await sourcesFromSpec(`shop=${file}`, { charset, notes });
  const pictures: Record<string, string> = {};
  for await (const entry of listSource(source!, notes))
    pictures[entry.path] = (await entry.read()).toString();
  return { pictures, notes };
}

const skipped = ({ notes }: Found) => Object.fromEntries(notes.skipped.map(({ path, why }) => [path, why]));

/** A header block whose name has these bytes, with a picture behind it: as old systems write it. */
function rawMember(name: Buffer, content = 'x', type = '0'): Buffer {
  const header = Buffer.alloc(512);
  name.copy(header);
  header.write('0000644\0', 100);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write(type, 156);
  header.write('ustar\x0000', 257, 'latin1');
  header.fill(' ', 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc(512 - content.length)]);
}

const END = Buffer.alloc(1024);
/** "김/1.jpg" and "철/1.jpg" in CP949 */
const KIM = Buffer.concat([Buffer.from([0xb1, 0xe8]), Buffer.from('/1.jpg')]);
const CHEOL = Buffer.concat([Buffer.from([0xc3, 0xb6]), Buffer.from('/1.jpg')]);

describe('names that are not UTF-8', () => {
  it('are refused with how they read, and what to do', async () => {
    const file = put('a.tar', Buffer.concat([rawMember(KIM), rawMember(CHEOL), END]));
    await expect(read(file)).rejects.toThrow(
      /a\.tar: names are not UTF-8.*"김\/1\.jpg" in cp949.*--charset/s,
    );
  });

  it('are read in the encoding that was named, each person apart', async () => {
    const file = put('a.tar', Buffer.concat([rawMember(KIM), rawMember(CHEOL), END]));
    expect(Object.keys((await read(file, 'cp949')).pictures)).toEqual(['김/1.jpg', '철/1.jpg']);
    const japanese = Buffer.concat([Buffer.from([0x93, 0x63]), Buffer.from('/1.jpg')]);
    const other = put('b.tar', Buffer.concat([rawMember(japanese), END]));
    expect(Object.keys((await read(other, 'shift_jis')).pictures)).toEqual(['田/1.jpg']);
    await expect(read(other, 'ascii')).resolves.toBeDefined();
    await expect(
      read(put('c.tar', Buffer.concat([rawMember(Buffer.from([0xff, 0xff])), END])), 'cp949'),
    ).rejects.toThrow(/no cp949 either/);
  });

  it('pax names are UTF-8 by their own rule, whatever was named', async () => {
    const file = put('a.tar', await packed([[{ name: '김민수/1.jpg', pax: { path: '김민수/1.jpg' } }, 'x']]));
    expect(Object.keys((await read(file, 'cp949')).pictures)).toEqual(['김민수/1.jpg']);
  });
});

describe('spellings of one path', () => {
  it('are one person: NFC and NFD, slashes, backslashes', async () => {
    const korean = '김민수';
    const names = [
      `${korean}/1.jpg`,
      `${korean.normalize('NFD')}/2.jpg`,
      `/${korean}/3.jpg`,
      `.\\${korean}\\4.jpg`,
    ];
    const { pictures } = await read(put('a.tar', await packed(files(...names, 'ann/1.jpg'))));
    expect(Object.keys(pictures)).toEqual([1, 2, 3, 4].map((i) => `${korean}/${i}.jpg`).concat('ann/1.jpg'));
  });

  it('keep both pictures where two spellings meet, and say so', async () => {
    const names = ['김/1.jpg', '김/1.jpg'.normalize('NFD'), 'ann/1.jpg'];
    const { pictures, notes } = await read(put('a.tar', await packed(files(...names))));
    expect(Object.keys(pictures)).toEqual(['김/1.jpg', '김/1~2.jpg', 'ann/1.jpg']);
    expect(notes.remarks.join()).toMatch(/two spellings.*1~2\.jpg/);
  });

  it('take the later member of one name, as unpacking does, and name the earlier', async () => {
    const members: Member[] = [
      [{ name: 'ann/1.jpg' }, 'old'],
      [{ name: 'bob/1.jpg' }, 'bob'],
      [{ name: '/ann/1.jpg' }, 'new'],
    ];
    const found = await read(put('a.tar', await packed(members)));
    expect(found.pictures).toEqual({ 'bob/1.jpg': 'bob', 'ann/1.jpg': 'new' });
    expect(skipped(found)).toEqual({ 'ann/1.jpg': expect.stringMatching(/later member/) });
  });

  it('refuse people who differ in case alone', async () => {
    await expect(read(put('a.tar', await packed(files('Ann/1.jpg', 'ann/2.jpg'))))).rejects.toThrow(
      /a\.tar: the people "Ann" and "ann" differ in upper and lower case/,
    );
  });

  it('tell of a path that leaves the archive', async () => {
    const found = await read(put('a.tar', await packed(files('ann/1.jpg', '../bob/1.jpg'))));
    expect(Object.keys(found.pictures)).toEqual(['ann/1.jpg']);
    expect(skipped(found)['../bob/1.jpg']).toMatch(/out of the set/);
  });
});

describe('links and other members', () => {
  it('give the bytes that they stand for', async () => {
    const members: Member[] = [
      ...files('ann/1.jpg'),
      [{ name: 'ann/hard.jpg', type: 'link', linkname: 'ann/1.jpg' }],
      [{ name: 'bob/soft.jpg', type: 'symlink', linkname: '../ann/hard.jpg' }],
      [{ name: 'cyd', type: 'symlink', linkname: 'ann' }],
      [{ name: 'ann/contiguous.jpg', type: 'contiguous-file' }, 'contiguous'],
    ];
    const { pictures } = await read(put('a.tar', await packed(members)));
    expect(pictures).toEqual({
      'ann/1.jpg': 'bytes of ann/1.jpg',
      'ann/hard.jpg': 'bytes of ann/1.jpg',
      'bob/soft.jpg': 'bytes of ann/1.jpg',
      'cyd/1.jpg': 'bytes of ann/1.jpg',
      'ann/contiguous.jpg': 'contiguous',
      'cyd/contiguous.jpg': 'contiguous',
    });
  });

  it('are named where there is nothing to give', async () => {
    const members: Member[] = [
      ...files('ann/1.jpg'),
      [{ name: 'ann/out.jpg', type: 'symlink', linkname: '../../etc/1.jpg' }],
      [{ name: 'ann/absolute.jpg', type: 'symlink', linkname: '/photos/1.jpg' }],
      [{ name: 'ann/gone.jpg', type: 'link', linkname: 'ann/nowhere.jpg' }],
      [{ name: 'ann/circle.jpg', type: 'symlink', linkname: 'circle.jpg' }],
      [{ name: 'ann/pipe.jpg', type: 'fifo' }],
      [{ name: 'ann/photo.heic' }, 'x'],
      [{ name: 'ann/notes.txt' }, 'x'],
      [{ name: 'ann/.DS_Store' }, 'x'],
      [{ name: '__MACOSX/ann/1.jpg' }, 'x'],
    ];
    const sparse = rawMember(Buffer.from('ann/sparse.jpg'), 'x', 'S');
    const found = await read(put('a.tar', Buffer.concat([sparse, await packed(members)])));
    expect(Object.keys(found.pictures)).toEqual(['ann/1.jpg']);
    expect(skipped(found)).toEqual({
      'ann/out.jpg': expect.stringMatching(/leads out of the archive/),
      'ann/absolute.jpg': expect.stringMatching(/leads out of the archive/),
      'ann/gone.jpg': expect.stringMatching(/does not hold/),
      'ann/circle.jpg': expect.stringMatching(/does not hold/),
      'ann/pipe.jpg': expect.stringMatching(/type "6"/),
      'ann/sparse.jpg': expect.stringMatching(/sparse/),
      'ann/photo.heic': expect.stringMatching(/\.heic is not read \(heif-convert/),
    });
    expect([...found.notes.others]).toEqual([['txt', 1]]);
    expect(found.notes.litter).toBe(2);
  });
});

describe('the folder that an archive was packed from', () => {
  it('is no person', async () => {
    const { pictures, notes } = await read(
      put('lfw.tar', await packed(files('lfw/ann/1.jpg', 'lfw/bob/1.jpg'))),
    );
    expect(Object.keys(pictures)).toEqual(['ann/1.jpg', 'bob/1.jpg']);
    expect(notes.remarks.join()).toMatch(/everything lies in lfw\//);
  });

  it.each([
    ['two folders at the top', ['ann/bare/1.jpg', 'ann/glasses/1.jpg', 'bob/bare/1.jpg']],
    ['a picture of its own', ['ann/1.jpg', 'ann/glasses/1.jpg', 'ann/hat/1.jpg']],
    ['one folder in it', ['ann/bare/1.jpg', 'ann/bare/2.jpg']],
    ['K-FACE’s people in it', ['19000001/S001/L1/E01/C7.jpg', '19000001/S002/L1/E01/C7.jpg']],
  ])('is a person with %s', async (_, names) => {
    expect(Object.keys((await read(put('a.tar', await packed(files(...names))))).pictures)).toEqual(names);
  });
});

describe('archives as people have them', () => {
  it('are read gzipped, whatever they are called, links and all', async () => {
    const members: Member[] = [
      ...files('ann/1.jpg'),
      [{ name: 'bob/2.jpg', type: 'link', linkname: 'ann/1.jpg' }],
      ...files('cyd/1.jpg'),
    ];
    const bytes = gzipSync(await packed(members));
    for (const name of ['lfw.tgz', 'lfw.tar.gz', 'FACES.TAR'])
      expect((await read(put(name, bytes))).pictures).toEqual({
        'ann/1.jpg': 'bytes of ann/1.jpg',
        'bob/2.jpg': 'bytes of ann/1.jpg',
        'cyd/1.jpg': 'bytes of cyd/1.jpg',
      });
  });

  it('are found in a folder by any of these names, and nothing that only looks like one', async () => {
    const bytes = await packed(files('ann/1.jpg'));
    for (const name of ['FACES-00.TAR', 'faces-01.tar', '._faces-01.tar', 'shop.zip']) put(name, bytes);
    put('lfw.tgz', gzipSync(bytes));
    const notes = new SetNotes();
    await expect(findSources(folder, { notes })).rejects.toThrow(/Two sets are called/);
    rmSync(join(folder, 'FACES-00.TAR'));
    expect((await findSources(folder, { notes })).map(({ name }) => name)).toEqual(['faces', 'lfw']);
    expect(notes.skipped.map(({ path }) => path)).toContain('shop.zip');
    expect(notes.litter).toBeGreaterThan(0);
  });

  it('are read on where several were put one behind another', async () => {
    const both = Buffer.concat([await packed(files('ann/1.jpg')), await packed(files('bob/1.jpg'))]);
    expect(Object.keys((await read(put('a.tar', both))).pictures)).toEqual(['ann/1.jpg', 'bob/1.jpg']);
    expect(Object.keys((await read(put('a.tgz', gzipSync(both)))).pictures)).toEqual([
      'ann/1.jpg',
      'bob/1.jpg',
    ]);
  });

  it('keep long names and 8-gigabyte sizes', async () => {
    const long = `${'x'.repeat(120)}/${'y'.repeat(120)}.jpg`;
    const gnu = Buffer.concat([
      rawMember(Buffer.from('././@LongLink'), `${long}\0`, 'L'),
      rawMember(Buffer.from('short')),
      END,
    ]);
    expect(Object.keys((await read(put('gnu.tar', gnu))).pictures)).toEqual([long]);
    expect(Object.keys((await read(put('pax.tar', await packed(files(long))))).pictures)).toEqual([long]);
  });

  it.each([
    [
      'cut in the middle of a picture',
      (bytes: Buffer) => bytes.subarray(0, 512 + 5),
      /a\.tar ends in the middle of ann\/1\.jpg/,
    ],
    [
      'cut in a header',
      (bytes: Buffer) => bytes.subarray(0, 1024 + 100),
      /a\.tar is damaged behind ann\/1\.jpg/,
    ],
    [
      'damaged in a header',
      (bytes: Buffer) => Buffer.from(bytes).fill(7, 1030, 1040),
      /a\.tar is damaged behind ann\/1\.jpg/,
    ],
    [
      'cut and gzipped',
      (bytes: Buffer) => gzipSync(bytes).subarray(0, -20),
      /a\.tar is gzipped, and damaged or cut short/,
    ],
    ['a zip archive', () => Buffer.from('PK\x03\x04 and so on'), /a\.tar is a zip archive.*unzip/],
    ['packed by xz', () => Buffer.from('\xfd7zXZ\0 and so on', 'latin1'), /a\.tar is packed by xz/],
    ['no archive', () => Buffer.alloc(2000, 0x41), /a\.tar is no tar archive/],
    ['empty', () => Buffer.alloc(0), /a\.tar is empty/],
  ])('are refused by name where one is %s', async (_, damage, message) => {
    const file = put('a.tar', damage(await packed(files('ann/1.jpg', 'bob/1.jpg'))));
    await expect(read(file)).rejects.toThrow(message);
  });

  it('tell that one without its end mark may be cut', async () => {
    const bytes = await packed(files('ann/1.jpg', 'bob/1.jpg'));
    const { notes } = await read(put('a.tar', bytes.subarray(0, -1024)));
    expect(notes.remarks.join()).toMatch(/a\.tar has no end mark/);
  });

  it('are refused under a set’s name that is none', async () => {
    const file = put('a.tar', await packed(files('ann/1.jpg')));
    await expect(sourcesFromSpec(`shop/a=${file}`)).rejects.toThrow(/"shop\/a" cannot be a set's name/);
    await expect(sourcesFromSpec(`shop=${file}.gone`)).rejects.toThrow(/There is no .*a\.tar\.gone/);
  });
});
