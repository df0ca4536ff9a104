import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = join(ROOT, 'docs/compliance');

/** What a table of the folder names as its proof: files, and names of tests in them. */
interface Proof {
  readonly item: string;
  readonly files: readonly string[];
  readonly tests: readonly string[];
}

/** Rows whose last cell names a file of code. */
function proofsOf(text: string): readonly Proof[] {
  return text.split('\n').flatMap((line) => {
    const cells = line.split('|').slice(1, -1);
    const last = cells.at(-1) ?? '';
    const files = [...last.matchAll(/`([^`]+\.tsx?)`/g)].map(([, file]) => file!);
    const tests = [...last.matchAll(/"([^"]+)"/g)].map(([, name]) => name!);
    return files.length > 0 ? [{ item: cells[0]!.trim(), files, tests }] : [];
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
    const missing = proof.files.filter((file) => !existsSync(join(ROOT, file)));
    expect(missing).toEqual([]);
    const names = proof.files.map(testsIn).join('\n');
    expect(proof.tests.filter((word) => !names.includes(word))).toEqual([]);
  });
});
