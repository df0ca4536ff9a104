import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identityOf } from './identity.ts';
import { findSources, sourcesFromSpec } from './layout.ts';
import { assertNoLeak } from './leak.ts';
import { SetNotes } from './set-notes.ts';
import { type FaceSource, listSource } from './sources.ts';
import { SplitLeakError } from './splits.ts';

let folder: string;
let notes: SetNotes;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'layout-'));
  notes = new SetNotes();
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (...paths: string[]): void => {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    if (!path.endsWith('/')) writeFileSync(join(folder, path), path);
  }
};

const link = (target: string, path: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  symlinkSync(target, join(folder, path));
};

/** Paths of a set's pictures by their person. */
async function people(source: FaceSource): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for await (const { path } of listSource(source, notes)) {
    const person = identityOf(source.name, path) ?? 'nobody';
    found[person] = [...(found[person] ?? []), path];
  }
  return found;
}

/** The sets of the folder with their people. */
async function sets(data = folder): Promise<Record<string, Record<string, string[]>>> {
  const found: Record<string, Record<string, string[]>> = {};
  for (const source of await findSources(data, { notes })) found[source.name] = await people(source);
  return found;
}

const own = () => basename(folder);

describe('a folder of people', () => {
  it('may hold one person alone', async () => {
    put('ann/1.jpg', 'ann/2.jpg');
    expect(await sets()).toEqual({ [own()]: { [`${own()}:ann`]: ['ann/1.jpg', 'ann/2.jpg'] } });
  });

  it.each([
    ['an empty folder', 'empty/'],
    ['a folder of notes', 'notes/readme.txt'],
    ['.git', '.git/objects/1.jpg'],
    ['macOS’s copies', '__MACOSX/ann/._1.jpg'],
    ['a NAS box’s thumbnails', '@eaDir/ann/1.jpg'],
    ['a notebook’s copies', '.ipynb_checkpoints/1-checkpoint.jpg'],
    ['Windows’ bin', '$RECYCLE.BIN/1.jpg'],
    ['thumbnails within a person', 'ann/@eaDir/1.jpg/SYNOPHOTO_THUMB.jpg'],
    ['a file of the system', 'ann/Thumbs.db'],
  ])('stays one beside %s', async (_, litter) => {
    put('ann/1.jpg', 'bob/1.jpg', litter);
    expect(await sets()).toEqual({
      [own()]: { [`${own()}:ann`]: ['ann/1.jpg'], [`${own()}:bob`]: ['bob/1.jpg'] },
    });
  });

  it('knows a person by the first folder, however deep the pictures lie', async () => {
    put('shop/ann/bare/1.png', 'shop/ann/glasses/1.png', 'shop/bob/1.png');
    const [source] = await sourcesFromSpec(`shop=${join(folder, 'shop')}`);
    expect(await people(source!)).toEqual({
      'shop:ann': ['ann/bare/1.png', 'ann/glasses/1.png'],
      'shop:bob': ['bob/1.png'],
    });
  });

  it('may hold pictures of nobody, which are not anybody’s', async () => {
    put('shop/1.jpg', 'shop/ann/1.jpg');
    const [source] = await sourcesFromSpec(join(folder, 'shop'));
    expect(await people(source!)).toEqual({ nobody: ['1.jpg'], 'shop:ann': ['ann/1.jpg'] });
  });

  it('is refused where two people differ in case alone', async () => {
    put('Ann/1.jpg', 'ann/1.jpg');
    await expect(sets()).rejects.toThrow(/the people "Ann" and "ann" differ in upper and lower case alone/);
  });

  it('has one person for two spellings of a name, with every picture', async () => {
    const [name, decomposed] = ['김민수', '김민수'.normalize('NFD')];
    put(`${name}/1.jpg`, `${decomposed}/1.jpg`, `${decomposed}/2.jpg`);
    const found = await sets();
    expect(found[own()]![`${own()}:${name}`]!.sort()).toEqual([
      `${name}/1.jpg`,
      `${name}/1~2.jpg`,
      `${name}/2.jpg`,
    ]);
    expect(notes.remarks.join()).toMatch(/two spellings/);
  });

  it('names what it does not take, by ending, with how to convert it', async () => {
    put('ann/1.jfif', 'ann/2.JPE', 'ann/3.tif', 'ann/4.heic', 'ann/5.bmp', 'ann/6.txt', 'ann/7', 'ann/8.gif');
    expect(Object.values(await sets())).toEqual([
      { [`${own()}:ann`]: ['1.jfif', '2.JPE', '3.tif', '8.gif'].map((name) => `ann/${name}`) },
    ]);
    expect(notes.skipped.map(({ path, why }) => `${path}: ${why}`)).toEqual([
      expect.stringMatching(/^ann\/4\.heic: \.heic is not read \(heif-convert/),
      expect.stringMatching(/^ann\/5\.bmp: \.bmp is not read \(magick/),
    ]);
    expect([...notes.others]).toEqual([
      ['txt', 1],
      ['', 1],
    ]);
  });

  it('holds a folder of names in CP949 only where that is said', async () => {
    const korean = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xb1, 0xe8])]);
    mkdirSync(korean);
    writeFileSync(Buffer.concat([korean, Buffer.from('/1.jpg')]), 'x');
    put('bob/1.jpg');
    await expect(sets()).rejects.toThrow(/names are not UTF-8.*"김" in cp949/s);
    const [source] = await findSources(folder, { charset: 'cp949' });
    expect(Object.keys(await people(source!))).toEqual([`${own()}:bob`, `${own()}:김`]);
    for await (const { read } of listSource(source!)) await expect(read()).resolves.toBeDefined();
  });
});

describe('links on a disk', () => {
  it('are followed, and told where they lead out of the set', async () => {
    put('shop/ann/1.jpg', 'elsewhere/bob/1.jpg');
    link('1.jpg', 'shop/ann/2.jpg');
    link('../elsewhere/bob', 'shop/bob');
    const [source] = await sourcesFromSpec(join(folder, 'shop'));
    expect(await people(source!)).toEqual({
      'shop:ann': ['ann/1.jpg', 'ann/2.jpg'],
      'shop:bob': ['bob/1.jpg'],
    });
    expect(notes.remarks).toEqual([
      expect.stringMatching(/^bob is a link out of the set, to .*elsewhere\/bob/),
    ]);
  });

  it('are named where they lead nowhere or in a circle', async () => {
    put('shop/ann/1.jpg');
    link('gone.jpg', 'shop/ann/2.jpg');
    link('..', 'shop/ann/all');
    const [source] = await sourcesFromSpec(join(folder, 'shop'));
    expect(await people(source!)).toEqual({ 'shop:ann': ['ann/1.jpg'] });
    expect(notes.skipped).toEqual([
      { path: 'ann/2.jpg', why: 'it is a link to what is not there (ENOENT)' },
      { path: 'ann/all', why: 'it is a link to a folder that it lies in' },
    ]);
  });

  it('that are broken beside sets are named too', async () => {
    put('shop/ann/1.jpg', 'other/bob/1.jpg');
    link('gone.tar', 'faces.tar');
    expect(Object.keys(await sets())).toEqual(['other', 'shop']);
    expect(notes.skipped).toEqual([{ path: 'faces.tar', why: 'it is a link to what is not there (ENOENT)' }]);
  });

  it.skipIf(process.platform === 'win32')('and devices are no pictures', async () => {
    put('ann/1.jpg');
    const server = createServer().listen(join(folder, 'ann/2.jpg'));
    try {
      await once(server, 'listening');
      expect(Object.values(await sets())).toEqual([{ [`${own()}:ann`]: ['ann/1.jpg'] }]);
    } finally {
      server.close();
    }
    expect(notes.skipped).toEqual([{ path: 'ann/2.jpg', why: 'it is a device, a pipe or a socket' }]);
  });
});

describe('a folder of sets', () => {
  it('has people a level deeper, and sets without any that say so', async () => {
    put('shop/ann/1.jpg', 'unlabelled-web/1.jpg', 'empty/', '@eaDir/1.jpg');
    expect(await sets()).toEqual({
      shop: { 'shop:ann': ['ann/1.jpg'] },
      'unlabelled-web': { nobody: ['1.jpg'] },
    });
  });

  it.each([
    ['deeper folders', 'bob/bare/1.jpg'],
    ['archives', 'faces-00.tar'],
    ['K-FACE', 'kface/Low_Resolution/19000001/S001/L1/E01/C7.jpg'],
  ])('is refused where %s lie beside people, since it can be read in two ways', async (_, other) => {
    put('ann/1.jpg', 'cyd/1.jpg', other);
    await expect(sets()).rejects.toThrow(/two ways: ann, cyd hold pictures, as people do.*--set NAME=/s);
  });

  it('tells of pictures and packages that belong to no set', async () => {
    put('shop/ann/1.jpg', 'loose.jpg', 'more.zip');
    expect(Object.keys(await sets())).toEqual(['shop']);
    expect(notes.skipped.map(({ path }) => path)).toEqual(['loose.jpg', 'more.zip']);
  });

  it('is refused where two sets have one name', async () => {
    put('a/shop/1.jpg', 'A/shop/1.jpg');
    await expect(sets()).rejects.toThrow(/Two sets are called/);
  });

  it('of loose pictures is one set of nobody', async () => {
    put('1.jpg', '2.jpg');
    expect(await sets()).toEqual({ [own()]: { nobody: ['1.jpg', '2.jpg'] } });
  });

  it('of nothing is none', async () => expect(await sets()).toEqual({}));

  it('is none where a set is to be one folder', async () => {
    put('faces.tar');
    await expect(sourcesFromSpec(`shop=${folder}`)).rejects.toThrow(/holds archives.*--data.*faces\.tar/);
  });
});

describe('K-FACE’s folder', () => {
  it('is known from within, by a relative path', async () => {
    put('kface/Low_Resolution/19000001/S001/L1/E01/C7.jpg');
    // As `.` within the folder is: the last part of the path names nothing.
    const [source] = await findSources(`${relative(process.cwd(), join(folder, 'kface/Low_Resolution'))}/.`);
    expect(await people(source!)).toEqual({ 'kface:19000001': ['19000001/S001/L1/E01/C7.jpg'] });
  });

  it('does not take litter for pictures or people', async () => {
    put(
      'Low_Resolution/19000001/S001/L1/E01/C7.jpg',
      'Low_Resolution/19000001/@eaDir/C7.jpg',
      'Low_Resolution/.git/x',
    );
    const [source] = await findSources(folder);
    expect(Object.keys(await people(source!))).toEqual(['kface:19000001']);
    expect(notes.skipped).toEqual([]);
  });
});

describe('splits.tsv and the folders', () => {
  it('tell both differences, and match names in any spelling and case', async () => {
    const korean = '김민수'.normalize('NFD');
    put('Ann/1.jpg', `${korean}/1.jpg`, 'dan/1.jpg');
    writeFileSync(join(folder, 'splits.tsv'), '\uFEFFann\ttrain\r\n김민수\ttest\r\neve\ttest\r\n');
    expect(await sets()).toEqual({
      [`${own()}-train`]: { [`${own()}:Ann`]: ['Ann/1.jpg'] },
      [`${own()}-test`]: { [`${own()}:김민수`]: ['김민수/1.jpg'] },
    });
    expect(notes.remarks.join()).toMatch(/1 people of splits\.tsv have no folder: eve/);
    expect(notes.skipped).toEqual([{ path: `${own()}/dan`, why: 'splits.tsv does not name this person' }]);
  });

  it('do not pass archives over in silence', async () => {
    put('faces.tar');
    writeFileSync(join(folder, 'splits.tsv'), 'ann\ttrain\n');
    await expect(sets()).rejects.toThrow(/splits\.tsv parts folders of people, and beside it lie archives/);
  });

  it.each([
    ['NFD', '김민수', '김민수'.normalize('NFD')],
    ['case', 'Ann', 'ann'],
  ])('hold the guard between parts against %s', async (_, one, other) => {
    put(`x-train/${one}/1.jpg`, `x-test/${other}/1.jpg`);
    await expect(assertNoLeak(await findSources(folder))).rejects.toThrow(SplitLeakError);
  });
});
