import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { loaded, noVersions, proven, releaseSchema, taken } from './release.ts';
import { loadRelease, readVersions, tidy, writeVersions } from './store.ts';

const BASE = 'https://kiosk.test/';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The browser's caches, in memory. */
class MemoryCaches {
  readonly all = new Map<string, Map<string, Response>>();
  async open(name: string) {
    const held = this.all.get(name) ?? new Map<string, Response>();
    this.all.set(name, held);
    const path = (of: string | { url: string }) =>
      new URL(typeof of === 'string' ? of : of.url, BASE).pathname;
    return {
      match: async (of: string) => held.get(path(of))?.clone(),
      put: async (of: string, response: Response) => void held.set(path(of), response),
      keys: async () => [...held.keys()].map((key) => ({ url: new URL(key, BASE).href })),
      delete: async (of: { url: string }) => held.delete(path(of)),
    };
  }
  count = () => [...this.all.values()].reduce((sum, held) => sum + held.size, 0);
}

let kept: MemoryCaches;
beforeEach(() => {
  kept = new MemoryCaches();
  vi.stubGlobal('caches', kept);
  // Each file holds its own path.
  vi.stubGlobal('fetch', async (url: URL) => new Response(url.pathname.slice(1)));
});
afterEach(() => vi.unstubAllGlobals());

/** A version of a program of its own and a model that all versions share. */
const release = (n: number) =>
  releaseSchema.parse({
    format: 1,
    version: n.toString(16).padStart(16, '0'),
    trial: 60,
    files: [`program-${n}.js`, 'models/light/weights.bin', 'index.html'].map((path) => ({
      path,
      bytes: path.length,
      sha256: sha256(path),
    })),
  });

it('the caches hold two versions and what they share, however many came', async () => {
  let versions = noVersions;
  const counts: number[] = [];
  for (let n = 1; n <= 30; n++) {
    const { version } = release(n);
    await loadRelease(release(n), BASE, undefined);
    versions = proven(taken(loaded(versions, version)), version);
    await writeVersions(versions);
    await tidy(await readVersions(), undefined);
    counts.push(kept.count());
  }
  // Two programs, two shared files, two notes of versions and the one that says which is served.
  expect(new Set(counts.slice(1))).toEqual(new Set([7]));
  expect(await readVersions()).toMatchObject({ current: release(30).version, previous: release(29).version });
});
