import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const FOLDERS = ['docs', 'scripts', 'src', 'test', 'training', 'watchdog'];
const MOST_LINES = 400;
/** What people write; texts in JSON and pictures are data. */
const WRITTEN = /\.(ts|tsx|mjs|cc|h|css|md|ps1)$/;
const FOREIGN = /(^|\/)(node_modules|build)\//;

it(`files have ${MOST_LINES} lines at most`, () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file).replaceAll('\\', '/'),
    ),
  ).filter((file) => WRITTEN.test(file) && !FOREIGN.test(file));
  expect(files.length).toBeGreaterThan(600);
  const long = files.filter(
    (file) => readFileSync(join(root, file), 'utf8').trimEnd().split('\n').length > MOST_LINES,
  );
  expect(long).toEqual([]);
});
