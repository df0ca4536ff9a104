import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lint } from 'markdownlint/promise';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)));
const documents = tracked.filter((path) => path.endsWith('.md'));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Text without fenced blocks and comments: those hold commands with places to fill in. */
const prose = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/<!--.*?-->/gs, '');

const FOLDERS = /^(src|training|test|scripts|docs|public)\//;
const SOURCE = /^[\w./-]+\.(ts|tsx|mjs|cc|css)$/;
/** `public/models/NAME`: a place to fill in */
const PLACEHOLDER = /(^|\/)([A-Z]{2,}|<\w+>)|[*{}]/;

/** Files and folders on the text's diagrams. */
const drawnPaths = (text: string): string[] =>
  [...text.matchAll(/^```mermaid.*?^```/gms)].flatMap(
    ([diagram]) => diagram.match(/\b(src|training|public)\/[\w/-]+/g) ?? [],
  );

/** Files and folders that a text names in inline code and on diagrams. */
function namedPaths(text: string): string[] {
  const inline = [...prose(text).matchAll(/`([^`\s]+)`/g)].map(([, code]) => code ?? '');
  const codes = [...inline, ...drawnPaths(text)];
  return codes.filter((code) => (FOLDERS.test(code) || SOURCE.test(code)) && !PLACEHOLDER.test(code));
}

const scriptsOf = (folder: string, prefix = ''): Record<string, string> => {
  const { scripts } = JSON.parse(read(join(folder, 'package.json'))) as { scripts: Record<string, string> };
  return Object.fromEntries(Object.entries(scripts).map(([name, line]) => [prefix + name, line]));
};
/** Scripts by what follows `npm run`. */
const SCRIPTS = { ...scriptsOf('.'), ...scriptsOf('training', '-w training ') };

/** npm scripts that a text names, in code blocks too: `bench`, `-w training bench`. */
const namedScripts = (text: string): string[] =>
  [...text.matchAll(/npm run (?:-s )?((?:-w training )?[a-z][a-z:]*)/g)].map(([, script]) => script ?? '');

/** A path from the root, or the end of one: `src/state/kiosk.ts`, `renew-log.ts`. */
const isThere = (path: string): boolean =>
  existsSync(join(root, path)) || tracked.some((file) => file === path || file.endsWith(`/${path}`));

const linkTargets = (text: string): string[] =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => (target ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

describe('documents', () => {
  it('keep to 120 columns, tables and marked lines apart', async () => {
    const findings = await lint({
      strings: Object.fromEntries(documents.map((path) => [path, read(path)])),
      config: {
        default: true,
        MD010: { code_blocks: false },
        MD013: { line_length: 120, tables: false, stern: true },
        MD046: { style: 'fenced' },
        // Prettier aligns columns by the width that a terminal shows; Hangul takes two.
        MD060: false,
      },
    });
    const lines = Object.entries(findings).flatMap(([path, errors]) =>
      errors.map(
        ({ lineNumber, ruleNames, errorDetail }) => `${path}:${lineNumber} ${ruleNames[0]} ${errorDetail}`,
      ),
    );
    expect(lines).toEqual([]);
  });

  it.each(documents)('%s names files that exist', (document) => {
    expect(namedPaths(read(document)).filter((path) => !isThere(path))).toEqual([]);
  });

  it.each(documents)('%s names npm scripts that exist', (document) => {
    expect(namedScripts(read(document)).filter((script) => !(script in SCRIPTS))).toEqual([]);
  });

  it.each(documents)('%s links to files that exist', (document) => {
    const missing = linkTargets(read(document)).filter(
      (target) => !existsSync(join(root, dirname(document), target)),
    );
    expect(missing).toEqual([]);
  });
});

describe('decision records', () => {
  const records = documents.filter((path) => /^docs\/decisions\/\d{3}-/.test(path));
  const list = read('docs/decisions/README.md');

  it.each(records)('%s has a status with a date, a context, a decision and consequences', (record) => {
    const text = read(record);
    expect(text).toMatch(
      /^# \d{3} .+\n\nStatus: (accepted|superseded by \[\d{3}\]\(\S+\)), \d{4}-\d{2}-\d{2}/,
    );
    expect([...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)).toEqual([
      'Context',
      'Decision',
      'Consequences',
    ]);
  });

  it.each(records)('%s is in the list, with its own title', (record) => {
    const file = record.replace('docs/decisions/', '');
    const title = /^# \d{3} (.+)$/m.exec(read(record))?.[1];
    expect(list).toContain(`[${file.slice(0, 3)}](${file})`);
    expect(list).toContain(title);
  });

  it('have a number each', () => {
    const numbers = records.map((record) => record.slice('docs/decisions/'.length).slice(0, 3));
    expect(new Set(numbers).size).toBe(numbers.length);
  });
});

/** Documents that sources name, a decision record by its number at least: `docs/decisions/009`. */
const namedDocuments = (text: string): string[] =>
  text.match(/\bdocs\/(?:decisions\/\d{3}(?:-[\w-]+\.md)?|[\w/-]+\.md)/g) ?? [];

describe('sources', () => {
  it('name documents that exist', () => {
    const sources = tracked.filter((path) => /\.(ts|tsx|mjs|css|cc)$/.test(path));
    const missing = sources.flatMap((path) =>
      namedDocuments(read(path))
        .filter((document) => !documents.some((one) => one.startsWith(document)))
        .map((document) => `${path}: ${document}`),
    );
    expect(missing).toEqual([]);
  });
});
