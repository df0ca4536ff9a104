import { spawnSync } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { modelListSchema } from '../../src/core/model/model-list.ts';
import { headers } from './headers.mjs';

/** Seconds within which a new version has to be ready to look; see `src/sw/release.ts`. */
const TRIAL = 90;
/** `setup.json` is this installation's own, and is read from the server each time. */
const NOT_LISTED = ['sw.js', 'version.json', 'setup.json'];

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/** Who publishes, as the environment of a build says it. */
export interface Publisher {
  /** file with the Ed25519 private key (PEM); absent: a test build, which nobody signs */
  readonly key?: string | undefined;
  /** file with the public key (PEM) of whoever signs the next versions, where it is another */
  readonly nextKey?: string | undefined;
  /** seconds since 1970 instead of now (reproducible-builds.org) */
  readonly epoch?: string | undefined;
}

/** @returns the raw key, 32 bytes, base64 */
function rawKey(key: KeyObject, file: string): string {
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${file} holds no Ed25519 key. Make one: openssl genpkey -algorithm ed25519 -out FILE`);
  return Buffer.from(key.export({ format: 'jwk' }).x!, 'base64url').toString('base64');
}

/** @throws Error where it is no whole number of seconds */
function sequenceOf(epoch: string | undefined): number {
  const sequence = epoch ? Number(epoch) : Math.floor(Date.now() / 1000);
  if (!Number.isSafeInteger(sequence) || sequence < 1)
    throw new Error(`SOURCE_DATE_EPOCH is ${epoch}; it takes whole seconds since 1970.`);
  return sequence;
}

/** When the sources were made, milliseconds since 1970: by `epoch`, or the last commit; null where neither is known. */
export function sourcesAt(root: string, epoch: string | undefined): number | null {
  if (epoch) return sequenceOf(epoch) * 1000;
  const { status, stdout } = spawnSync('git', ['-C', root, 'log', '-1', '--format=%ct'], {
    encoding: 'utf8',
  });
  return status === 0 && stdout.trim() !== '' ? Number(stdout) * 1000 : null;
}

/** Names of the recognisers that live below `models/`, by their folders; none where the folder has no list. */
async function modelsByFolder(folder: string): Promise<Map<string, string[]>> {
  const list = await readFile(join(folder, 'models/models.json'), 'utf8').catch(() => null);
  const names = new Map<string, string[]>();
  for (const { name, folder: of } of list === null ? [] : modelListSchema.parse(JSON.parse(list)).models)
    names.set(of, [...(names.get(of) ?? []), name]);
  return names;
}

/** Everything of the built folder, as the service worker loads it. */
async function listFiles(folder: string) {
  const modelsOf = await modelsByFolder(folder);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !NOT_LISTED.includes(path) && !path.endsWith('.md'))
    .sort();
  return Promise.all(
    paths.map(async (path) => {
      const bytes = await readFile(join(folder, path));
      const models = modelsOf.get(/^models\/([^/]+)\//.exec(path)?.[1] ?? '');
      return { path, bytes: bytes.length, sha256: sha256(bytes), ...(models ? { models } : {}) };
    }),
  );
}

/**
 * What `version.json` of a built folder says.
 *
 * @returns an envelope of `src/sw/release.ts`, as text
 * @throws Error where a key cannot be read
 */
export async function describeRelease(folder: string, { key, nextKey, epoch }: Publisher): Promise<string> {
  const files = await listFiles(folder);
  const version = sha256(files.map(({ path, sha256 }) => `${sha256} ${path}`).join('\n')).slice(0, 16);
  const signer = key ? createPrivateKey(readFileSync(key)) : null;
  const next = nextKey ? rawKey(createPublicKey(readFileSync(nextKey)), nextKey) : null;
  if (next && !signer)
    throw new Error('A next key is named and none that signs: give ROUNZ_PUBLISHER_KEY too.');
  const release = JSON.stringify({
    format: 1,
    version,
    sequence: sequenceOf(epoch),
    publisher: next ?? (signer && key ? rawKey(createPublicKey(signer), key) : null),
    trial: TRIAL,
    headers: headers('shipped'),
    files,
  });
  const signature = signer ? sign(null, Buffer.from(release), signer).toString('base64') : null;
  return JSON.stringify({ format: 2, release, signature });
}
