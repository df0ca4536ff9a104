import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Where `npm run -w training backend` puts what only some machines want: beside the caches, untouched by `npm ci`. */
export const BACKENDS_FOLDER = join(import.meta.dirname, '../../.cache/backends');

/** The folder of a package that is no dependency: what the command above fetched, or what npm installed; undefined without it. */
export function findPackage(name: string): string | undefined {
  const fetched = join(BACKENDS_FOLDER, 'node_modules', name);
  if (existsSync(join(fetched, 'package.json'))) return fetched;
  try {
    return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}
