import {
  neededFiles,
  noVersions,
  type Release,
  releaseSchema,
  type Versions,
  versionsSchema,
} from './release.ts';

/** Files by their hash, so that what two versions share is kept once; and the notes about versions. */
const FILES = 'rounz-files-1';
const NOTES = 'rounz-versions-1';

const fileKey = (sha256: string): string => `/.kiosk/sha256/${sha256}`;
const releaseKey = (version: string): string => `/.kiosk/release/${version}`;
const VERSIONS_KEY = '/.kiosk/versions';

export async function readVersions(): Promise<Versions> {
  const note = await (await caches.open(NOTES)).match(VERSIONS_KEY);
  const parsed = versionsSchema.safeParse(await note?.json().catch(() => undefined));
  return parsed.success ? parsed.data : noVersions;
}

export async function writeVersions(versions: Versions): Promise<void> {
  await (await caches.open(NOTES)).put(VERSIONS_KEY, Response.json(versions));
}

export async function readRelease(version: string): Promise<Release | null> {
  const note = await (await caches.open(NOTES)).match(releaseKey(version));
  const parsed = releaseSchema.safeParse(await note?.json().catch(() => undefined));
  return parsed.success ? parsed.data : null;
}

/** The bytes alone: an answer's headers are those of the version that is served. */
export const readFile = async (sha256: string): Promise<ReadableStream | null> =>
  (await (await caches.open(FILES)).match(fileKey(sha256)))?.body ?? null;

const hex = (digest: ArrayBuffer): string =>
  Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');

type File = Release['files'][number];

async function loadFile(cache: Cache, file: File, base: string): Promise<void> {
  if (await cache.match(fileKey(file.sha256))) return;
  // The HTTP cache's copy is used if its hash is right, else the server's.
  for (const mode of ['default', 'reload'] as const) {
    const response = await fetch(new URL(file.path, base), { cache: mode });
    const bytes = await response.arrayBuffer();
    const right = response.ok && hex(await crypto.subtle.digest('SHA-256', bytes)) === file.sha256;
    if (right) return cache.put(fileKey(file.sha256), new Response(bytes));
  }
  throw new Error(`${file.path} is not what version.json says: the version is not taken.`);
}

/**
 * Loads a version with what these recognisers need of it, each file checked; what is there already stays.
 *
 * @throws where a file is missing or another
 */
export async function loadRelease(
  release: Release,
  base: string,
  models: readonly string[] | undefined,
): Promise<void> {
  const cache = await caches.open(FILES);
  for (const file of neededFiles(release, models)) await loadFile(cache, file, base);
  await (await caches.open(NOTES)).put(releaseKey(release.version), Response.json(release));
}

/** Drops the files and notes of versions that nobody will serve again, and the files of recognisers that are not used. */
export async function tidy(
  { current, previous, candidate }: Versions,
  models: readonly string[] | undefined,
): Promise<void> {
  const kept = [current, previous, candidate].filter((version) => version !== null);
  const releases = await Promise.all(kept.map(readRelease));
  const files = new Set(
    releases.flatMap((release) =>
      release ? neededFiles(release, models).map(({ sha256 }) => fileKey(sha256)) : [],
    ),
  );
  const notes = new Set([VERSIONS_KEY, ...kept.map(releaseKey)]);
  for (const [name, wanted] of [
    [FILES, files],
    [NOTES, notes],
  ] as const) {
    const cache = await caches.open(name);
    for (const request of await cache.keys())
      if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
}
