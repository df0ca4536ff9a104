import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'import-directions-'));
  const { $schema: _, ...config } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What the repository's rule says of a file of that name with that one import; empty where it says nothing. */
function lint(file: string, specifier: string): string {
  const path = join(folder, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `import { thing } from '${specifier}';\n\nexport const kept = thing;\n`);
  const args = [biome, 'lint', '--only=style/noRestrictedImports', '--colors=off', path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  rmSync(path);
  return status === 0 ? '' : `${stdout}${stderr}`;
}

describe('import directions', () => {
  it.each([
    ['src/core/face/x.ts', 'node:fs'],
    ['src/core/face/x.ts', 'react'],
    ['src/core/face/x.ts', '../../vision/engine.ts'],
    ['src/core/x.ts', '../gallery/gallery.ts'],
    ['src/vision/x.ts', '../state/session.ts'],
    ['src/vision/x.ts', '../gallery/gallery.ts'],
    ['src/camera/x.ts', 'react'],
    ['src/gallery/x.ts', '../kiosk/KioskScreen.tsx'],
    ['src/state/x.ts', '../kiosk/KioskScreen.tsx'],
    ['src/state/x.ts', '../gallery/gallery.ts'],
    ['src/state/x.ts', '../vision/engine.ts'],
    ['src/state/engine/x.ts', '../../vision/engine.ts'],
    ['src/state/session/x.ts', '../../gallery/gallery.ts'],
    ['src/state/staff/x.ts', '../../staff/StaffScreen.tsx'],
    ['src/kiosk/panels/x.tsx', '../../camera/device-source.ts'],
    ['src/staff/people/x.tsx', '../../gallery/gallery.ts'],
    ['src/staff/x.tsx', '../app/App.tsx'],
    ['src/ui/x.tsx', '../vision/engine.ts'],
    ['training/x.ts', '../src/core/image.ts'],
    ['training/data/x.ts', '../../src/vision/engine.ts'],
  ])('%s may not import %s', (file, specifier) => {
    expect(lint(file, specifier)).toContain('noRestrictedImports');
  });

  it.each([
    ['src/core/face/x.ts', '../model/manifest.ts'],
    ['src/core/match/x.ts', './gallery.ts'],
    ['src/vision/x.ts', '@rounz/core/face/align.ts'],
    ['src/gallery/x.ts', 'dexie'],
    ['src/state/x.ts', '../vision/protocol.ts'],
    ['src/state/x.ts', '../gallery/types.ts'],
    ['src/state/x.ts', 'zustand/vanilla'],
    ['src/state/kiosk.ts', './staff/lock.ts'],
    ['src/state/engine/x.ts', '../../vision/protocol.ts'],
    ['src/kiosk/x.tsx', '../state/session.ts'],
    ['src/staff/x.tsx', '../gallery/types.ts'],
    ['src/app/x.tsx', '../gallery/gallery.ts'],
    ['training/x.ts', '@rounz/core/image.ts'],
    ['training/x.ts', 'node:fs'],
  ])('%s may import %s', (file, specifier) => {
    expect(lint(file, specifier)).toBe('');
  });
});
