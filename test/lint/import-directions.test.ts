import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');

/** A file's folder and name, and what it imports. */
type Case = readonly [file: string, specifier: string];

const forbidden: readonly Case[] = [
  ['src/core/face/x.ts', 'node:fs'],
  ['src/core/face/x.ts', 'react'],
  ['src/core/x.ts', '../gallery/gallery.ts'],
  ['src/core/face/x.ts', '../../vision/engine.ts'],
  ['src/core/match/scan/x.ts', '../../../state/session/session.ts'],
  ['src/core/x.ts', '../sw/release.ts'],
  ['src/vision/x.ts', '../gallery/gallery.ts'],
  ['src/vision/pipeline/x.ts', '../../gallery/gallery.ts'],
  ['src/vision/pipeline/deep/x.ts', '../../../camera/types.ts'],
  ['src/vision/x.ts', '../state/session/session.ts'],
  ['src/camera/x.ts', 'react'],
  ['src/camera/x.ts', '../vision/protocol.ts'],
  ['src/camera/demo/x.ts', '../../vision/protocol.ts'],
  ['src/camera/demo/x.ts', '../../gallery/contract/person.ts'],
  ['src/camera/demo/x.ts', '../../ui/index.ts'],
  ['src/gallery/x.ts', '../kiosk/KioskScreen.tsx'],
  ['src/gallery/store/x.ts', '../../vision/protocol.ts'],
  ['src/gallery/store/deep/x.ts', '../../../camera/types.ts'],
  ['src/gallery/store/x.ts', '../../sw/release.ts'],
  ['src/gallery/store/x.ts', 'zustand/vanilla'],
  ['src/state/x.ts', '../kiosk/KioskScreen.tsx'],
  ['src/state/x.ts', '../gallery/gallery.ts'],
  ['src/state/x.ts', '../vision/engine.ts'],
  ['src/state/x.ts', '../ui/index.ts'],
  ['src/state/x.ts', '../sw/release.ts'],
  ['src/state/engine/x.ts', '../../vision/engine.ts'],
  ['src/state/session/x.ts', '../../gallery/gallery.ts'],
  ['src/state/session/model/x.ts', '../../../camera/device-source.ts'],
  ['src/state/session/model/x.ts', '../../../gallery/store/store.ts'],
  ['src/state/session/model/x.ts', '../../../kiosk/KioskScreen.tsx'],
  ['src/state/staff/x.ts', '../../staff/StaffScreen.tsx'],
  ['src/ui/x.tsx', '../vision/engine.ts'],
  ['src/ui/x.tsx', '../state/react.ts'],
  ['src/ui/components/x.tsx', '../../state/react.ts'],
  ['src/ui/components/x.tsx', '../../kiosk/parts/Panel.tsx'],
  ['src/ui/components/x.tsx', '../../gallery/contract/person.ts'],
  ['src/kiosk/x.tsx', '../staff/StaffScreen.tsx'],
  ['src/kiosk/lookup/x.tsx', '../../staff/lock/PinEntry.tsx'],
  ['src/kiosk/panels/x.tsx', '../../camera/device-source.ts'],
  ['src/kiosk/panels/deep/x.tsx', '../../../gallery/gallery.ts'],
  ['src/kiosk/x.tsx', '../sw/release.ts'],
  ['src/kiosk/x.tsx', '../app/route.ts'],
  ['src/staff/x.tsx', '../app/App.tsx'],
  ['src/staff/lock/x.tsx', '../../app/App.tsx'],
  ['src/staff/x.tsx', '../kiosk/parts/Panel.tsx'],
  ['src/staff/lock/x.tsx', '../../kiosk/lookup/Keypad.tsx'],
  ['src/staff/people/x.tsx', '../../gallery/gallery.ts'],
  ['src/staff/people/deep/x.tsx', '../../../vision/engine.ts'],
  ['src/sw/x.ts', '../app/update.ts'],
  ['src/sw/parts/x.ts', '../../state/session/session.ts'],
  ['src/sw/x.ts', 'react'],
  ['src/app/x.ts', '../../training/cli.ts'],
  ['training/x.ts', '../src/core/image.ts'],
  ['training/data/x.ts', '../../src/vision/engine.ts'],
  ['training/data/cache/x.ts', '../../../src/core/image.ts'],
];

const allowed: readonly Case[] = [
  ['src/core/face/x.ts', '../model/manifest.ts'],
  ['src/core/match/x.ts', './gallery.ts'],
  ['src/vision/x.ts', '@rounz/core/face/align.ts'],
  ['src/gallery/x.ts', 'dexie'],
  ['src/gallery/store/x.ts', '../contract/person.ts'],
  ['src/gallery/x.test.ts', '../../test/kiosk/fakes.ts'],
  ['src/state/x.ts', '../vision/protocol.ts'],
  ['src/state/x.ts', '../gallery/contract/gallery.ts'],
  ['src/state/x.ts', 'zustand/vanilla'],
  ['src/state/kiosk.ts', './staff/lock.ts'],
  ['src/state/engine/x.ts', '../../vision/protocol.ts'],
  ['src/state/session/model/x.ts', '../../../gallery/contract/person.ts'],
  ['src/ui/x.tsx', '@rounz/core/face/face.ts'],
  ['src/kiosk/x.tsx', '../state/session/session.ts'],
  ['src/kiosk/lookup/x.tsx', '../../state/staff/lock.ts'],
  ['src/kiosk/lookup/x.tsx', '../../ui/index.ts'],
  ['src/staff/x.tsx', '../gallery/contract/staff.ts'],
  ['src/staff/lock/x.tsx', '../../state/kiosk.ts'],
  ['src/staff/lock/x.tsx', '../../state/staff/lock.ts'],
  ['src/sw/x.ts', '@rounz/core/error-message.ts'],
  ['src/app/x.tsx', '../gallery/gallery.ts'],
  ['src/app/x.tsx', '../sw/release.ts'],
  ['training/x.ts', '@rounz/core/image.ts'],
  ['training/x.ts', 'node:fs'],
];

let folder: string;
/** files of which the repository's rule says something, below the folder */
let refused: ReadonlySet<string>;

/** Each case is a file of its own, in a folder of its depth. */
const fileOf = (index: number, [file]: Case): string => {
  const [, stem, ending] = /^(.*?)((?:\.test)?\.tsx?)$/.exec(file)!;
  return `${stem}-${index}${ending}`;
};

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'import-directions-')));
  const { $schema: _, ...config } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: { enabled: false } }));
  for (const [index, one] of [...forbidden, ...allowed].entries()) {
    const path = join(folder, fileOf(index, one));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `import { thing } from '${one[1]}';\n\nexport const kept = thing;\n`);
  }
  // One run for all of them: a start of the linter takes longer than its work.
  const args = [
    biome,
    'lint',
    '--only=style/noRestrictedImports',
    '--reporter=github',
    '--max-diagnostics=none',
  ];
  const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
  refused = new Set(
    [...stdout.matchAll(/title=lint\/style\/noRestrictedImports,file=([^,]+)/g)].map(([, file]) =>
      relative(folder, file!),
    ),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the import rule', () => {
  it.each(forbidden.map((one, index) => [...one, fileOf(index, one)]))(
    'refuses %s the import of %s',
    (_, __, file) => {
      expect(refused).toContain(file);
    },
  );

  it.each(allowed.map((one, index) => [...one, fileOf(forbidden.length + index, one)]))(
    'lets %s import %s',
    (_, __, file) => {
      expect(refused).not.toContain(file);
    },
  );
});
