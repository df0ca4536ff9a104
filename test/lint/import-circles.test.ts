import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** Files that each file imports or re-exports, types included; all relative to the repository's root. */
type Imports = ReadonlyMap<string, readonly string[]>;

/** Workspaces that are imported by name. */
const WORKSPACES: Readonly<Record<string, string>> = { '@rounz/core/': 'src/core/' };

function specifiersOf(file: string, text: string): string[] {
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  return [
    ...module.staticImports.map(({ moduleRequest }) => moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest }) => (moduleRequest ? [moduleRequest.value] : [])),
    ),
    ...module.dynamicImports.flatMap(({ moduleRequest }) => {
      const literal = /^['"](.*)['"]$/.exec(text.slice(moduleRequest.start, moduleRequest.end));
      return literal ? [literal[1]!] : [];
    }),
  ];
}

/** Where a specifier of our own points to; undefined for packages. */
function targetOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(file), specifier);
  const workspace = Object.keys(WORKSPACES).find((name) => specifier.startsWith(name));
  return workspace && WORKSPACES[workspace] + specifier.slice(workspace.length);
}

function importsOf(sources: ReadonlyMap<string, string>): Imports {
  return new Map(
    [...sources].map(([file, text]) => {
      const targets = specifiersOf(file, text).map((specifier) => targetOf(file, specifier));
      return [file, [...new Set(targets.filter((target) => target !== undefined && sources.has(target)))]];
    }) as [string, string[]][],
  );
}

/** One circle of files, in order, or undefined. */
function circleOf(imports: Imports): string[] | undefined {
  const done = new Set<string>();
  const walk = (file: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of imports.get(file) ?? []) {
      const circle = walk(next, [...path, file]);
      if (circle) return circle;
    }
    done.add(file);
    return undefined;
  };
  for (const file of imports.keys()) {
    const circle = walk(file, []);
    if (circle) return circle;
  }
  return undefined;
}

/**
 * Where two files part: `a/b/x.ts` and `a/c/d/y.ts` lie in the units `a/b` and `a/c` of the folder `a`. A folder's own files are
 * one unit of it, each of its folders with everything in it another.
 */
function unitsOf(from: string, to: string): [string, string] | undefined {
  const [a, b] = [dirname(from).split('/'), dirname(to).split('/')];
  let depth = 0;
  while (depth < a.length && depth < b.length && a[depth] === b[depth]) depth++;
  if (depth === a.length && depth === b.length) return undefined;
  return [a.slice(0, depth + 1).join('/'), b.slice(0, depth + 1).join('/')];
}

/** Pairs of folders that import each other, each with one import of either direction. */
function mutualFolders(
  imports: Imports,
): { readonly a: string; readonly b: string; readonly text: string }[] {
  const first = new Map<string, string>();
  for (const [file, targets] of imports)
    for (const target of targets) {
      const units = unitsOf(file, target);
      if (units && !first.has(units.join(' > '))) first.set(units.join(' > '), `${file} imports ${target}`);
    }
  return [...first].flatMap(([direction, example]) => {
    const [a, b] = direction.split(' > ') as [string, string];
    const back = first.get(`${b} > ${a}`);
    return back && a < b ? [{ a, b, text: `${a} and ${b}: ${example}, and ${back}` }] : [];
  });
}

function readSources(folder: string): Map<string, string> {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(ts|tsx|mjs)$/.test(file) && !/\.(test|spec|soak)\.|(^|\/)node_modules\//.test(file),
  );
  return new Map(
    files.map((file) => {
      const path = relative(root, join(root, folder, file));
      return [path, readFileSync(join(root, path), 'utf8')];
    }),
  );
}

const SOURCES = new Map([...readSources('src'), ...readSources('training')]);

describe('imports', () => {
  it('of files never run in a circle', () => {
    expect(SOURCES.size).toBeGreaterThan(300);
    expect(circleOf(importsOf(SOURCES))?.join('\n  imports ')).toBeUndefined();
  });

  it('of two folders never go both ways, at any depth, a folder and what lies in it included', () => {
    expect(mutualFolders(importsOf(SOURCES)).map(({ text }) => text)).toEqual([]);
  });
});

/** The imports of files that contain nothing else. */
const filesThatImport = (files: Readonly<Record<string, readonly string[]>>): Imports =>
  importsOf(
    new Map(
      Object.entries(files).map(([file, specifiers]) => [
        file,
        specifiers.map((specifier) => `import { x } from '${specifier}';`).join('\n'),
      ]),
    ),
  );

describe('the check of imports', () => {
  it('finds a circle through types, re-exports, loads at run time and the workspace’s name', () => {
    const sources = new Map([
      ['src/core/a.ts', "import type { B } from './b.ts';"],
      ['src/core/b.ts', "export { c } from './c.ts';"],
      ['src/core/c.ts', "export const load = () => import('./d.ts');"],
      ['src/core/d.ts', "import { a } from '@rounz/core/a.ts';"],
    ]);
    expect(circleOf(importsOf(sources))).toEqual([
      'src/core/a.ts',
      'src/core/b.ts',
      'src/core/c.ts',
      'src/core/d.ts',
      'src/core/a.ts',
    ]);
  });

  it('takes no comment and no string for an import', () => {
    const text = "// import { b } from './b.ts';\nexport const text = \"import './b.ts'\";";
    expect(
      importsOf(
        new Map([
          ['a.ts', text],
          ['b.ts', ''],
        ]),
      ).get('a.ts'),
    ).toEqual([]);
  });

  it('finds folders that import each other without any circle of files', () => {
    const imports = filesThatImport({
      'a/one.ts': ['../b/two.ts'],
      'a/three.ts': [],
      'b/two.ts': [],
      'b/four.ts': ['../a/three.ts'],
    });
    expect(circleOf(imports)).toBeUndefined();
    expect(mutualFolders(imports).map(({ text }) => text)).toEqual([
      'a and b: a/one.ts imports b/two.ts, and b/four.ts imports a/three.ts',
    ]);
  });

  it('counts what lies deeper in a folder as the folder’s', () => {
    const imports = filesThatImport({
      'x/a/deep/one.ts': ['../../b/two.ts'],
      'x/b/two.ts': [],
      'x/b/deep/four.ts': ['../../a/three.ts'],
      'x/a/three.ts': [],
    });
    expect(mutualFolders(imports)).toHaveLength(1);
  });

  it('finds a folder whose own files and inner folder import each other', () => {
    const imports = filesThatImport({
      'x/a/one.ts': ['../two.ts'],
      'x/two.ts': [],
      'x/three.ts': ['./a/one.ts'],
    });
    expect(mutualFolders(imports)).toHaveLength(1);
  });

  it('lets folders import in one direction', () => {
    const imports = filesThatImport({
      'x/a/one.ts': ['../two.ts', '../b/three.ts'],
      'x/two.ts': [],
      'x/b/three.ts': ['../two.ts'],
    });
    expect(mutualFolders(imports)).toEqual([]);
  });
});
