import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { APART } from '../helpers/apart.ts';

const root = join(import.meta.dirname, '../..');

const tests = ['src', 'training', 'test', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => /\.test\.(ts|mjs)$/.test(file) && !file.includes('node_modules')),
);

it('tests that replace modules for a whole thread are those that run apart', () => {
  expect(tests.length).toBeGreaterThan(200);
  const replaces = tests.filter((file) =>
    /\bvi\.(mock|doMock|resetModules)\(/.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(replaces.sort()).toEqual([...APART].sort());
});
