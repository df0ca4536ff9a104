import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const readJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<string, unknown>;

/** `npm sbom` wants some version of each workspace. */
const NO_VERSION = '0.0.0';

describe('versions', () => {
  it('of the package stand in the root’s package.json alone; its workspaces have none of their own', () => {
    const { version, workspaces } = readJson('package.json');
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(version).not.toBe(NO_VERSION);
    for (const folder of workspaces as string[])
      expect(readJson(`${folder}/package.json`)['version'], folder).toBe(NO_VERSION);
  });

  it('of a model stand in its manifest, after which its folder is named', () => {
    const folders = readdirSync(join(root, 'public/models'), { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.length).toBeGreaterThan(0);
    for (const { name: folder } of folders) {
      const { name, version } = readJson(`public/models/${folder}/manifest.json`);
      expect(`${name}-${version}`).toBe(folder);
    }
  });
});
