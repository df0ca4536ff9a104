import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'docs/compliance');

/** What a table of the folder names as its proof: files or folders, and names of tests in the files. */
interface Proof {
  readonly item: string;
  readonly paths: readonly string[];
  readonly tests: readonly string[];
}

/** Headings of the last column of a table whose rows are proved. */
const HEADINGS = ['Computed by', 'Held by'];

/** The rows of such tables. */
function proofsOf(text: string): readonly Proof[] {
  let proved = false;
  return text.split('\n').flatMap((line) => {
    const cells = line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
    const last = cells.at(-1) ?? '';
    const isHeading = HEADINGS.includes(last);
    proved = isHeading || (proved && cells.length > 0);
    if (!proved || isHeading || /^-+$/.test(last)) return [];
    const paths = [...last.matchAll(/`([^`]+)`/g)].map(([, path]) => path!);
    const tests = [...last.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
    return [{ item: cells[0]!, paths, tests }];
  });
}

const pages = readdirSync(FOLDER).filter((name) => name.endsWith('.md'));
const proofs = pages.flatMap((name) => proofsOf(readFileSync(join(FOLDER, name), 'utf8')));

/** Names of tests as a file writes them. */
const testsIn = (file: string): string =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:test|it|describe)[\w.]*\(\s*(['"`])(.*)\1/g)]
    .map(([, , name]) => name)
    .join('\n');

describe('the compliance folder', () => {
  it('names a proof for each criterion', () => {
    expect(proofs.length).toBeGreaterThan(20);
  });

  it.each(proofs.map((proof) => [proof.item, proof] as const))('proves "%s" by what is there', (_, proof) => {
    expect(proof.paths).not.toEqual([]);
    const missing = proof.paths.filter((path) => !existsSync(join(ROOT, path)));
    expect(missing).toEqual([]);
    const names = proof.paths
      .filter((path) => /\.tsx?$/.test(path))
      .map(testsIn)
      .join('\n');
    expect(proof.tests.filter((word) => !names.includes(word))).toEqual([]);
  });
});
