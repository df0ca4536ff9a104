import { type PassiveManifest, passiveManifestSchema } from '@rounz/core/liveness/passive/manifest.ts';
import { type Manifest, manifestSchema } from '@rounz/core/model/manifest.ts';
import { z } from 'zod';
import { VISION } from './config.ts';
import { downloadChecked, fetchFile, type RemoteFile } from './download.ts';
import { VisionError } from './errors.ts';
import type { VisionProgress } from './protocol.ts';

// Without this, zod tries `new Function` once, which our content security policy reports as an error.
z.config({ jitless: true });

const detectorManifest = z.object({
  format: z.literal(1),
  files: z.array(
    z.object({
      path: z.string().min(1),
      bytes: z.int().positive(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});

/** All files of a recogniser, checked. */
export interface RecogniserFiles {
  readonly manifest: Manifest;
  /** the concatenated shards */
  readonly weights: ArrayBuffer;
  /** of the accessory head, where the model has one */
  readonly accessoryHead?: ArrayBuffer;
  /** the parsed `golden.json` */
  readonly golden: unknown;
}

const inFolder = (folder: string, path: string): string => new URL(path, folder.replace(/\/?$/, '/')).href;

async function readManifest<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  const response = await fetchFile(url, 'no-cache');
  const parsed = schema.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) return parsed.data;
  throw new VisionError(
    'model-corrupt',
    `The manifest ${url} cannot be read (${z.prettifyError(parsed.error)}). The model folder is damaged or made for ` +
      'another version of the kiosk: export or copy it again.',
  );
}

interface FileEntry {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Where a file of a model folder lies. */
const remoteIn =
  (folder: string) =>
  ({ path, bytes, sha256: hash }: FileEntry): RemoteFile => ({
    url: inFolder(folder, path),
    bytes,
    sha256: hash,
  });

const sizeOf = (files: readonly { readonly bytes: number }[]): number =>
  files.reduce((sum, { bytes }) => sum + bytes, 0);

function download(
  files: readonly RemoteFile[],
  onProgress: (progress: VisionProgress) => void,
): Promise<Uint8Array<ArrayBuffer>[]> {
  const total = sizeOf(files);
  return downloadChecked(files, {
    parallel: VISION.parallelDownloads,
    onBytes: (done) => onProgress({ stage: 'download', done, total }),
  });
}

/**
 * Loads a detector's files, each checked against the manifest.
 *
 * @param folder absolute address
 * @returns the files by name
 * @throws VisionError `model-missing` or `model-corrupt`
 */
export async function loadDetectorFiles(
  folder: string,
  onProgress: (progress: VisionProgress) => void,
): Promise<ReadonlyMap<string, ArrayBuffer>> {
  const { files } = await readManifest(inFolder(folder, 'manifest.json'), detectorManifest);
  const parts = await download(files.map(remoteIn(folder)), onProgress);
  return new Map(files.map(({ path }, i) => [path, parts[i]!.buffer]));
}

/**
 * Loads a recogniser's files, each checked against the manifest. The shards are streamed side by side into the place that each
 * has in the weights.
 *
 * @param folder absolute address
 * @throws VisionError `model-missing` or `model-corrupt`
 */
export async function loadRecogniserFiles(
  folder: string,
  onProgress: (progress: VisionProgress) => void,
): Promise<RecogniserFiles> {
  const manifest = await readManifest(inFolder(folder, 'manifest.json'), manifestSchema);
  const remote = remoteIn(folder);
  const weights = new Uint8Array(sizeOf(manifest.shards));
  let offset = 0;
  const shards = manifest.shards.map((shard): RemoteFile => {
    const into = weights.subarray(offset, offset + shard.bytes);
    offset += shard.bytes;
    return { ...remote(shard), into };
  });
  const head = manifest.accessories ? [manifest.accessories.file] : [];
  const [golden, accessoryHead] = await download(
    [manifest.golden, ...head].map(remote).concat(shards),
    onProgress,
  );
  return {
    manifest,
    weights: weights.buffer,
    ...(manifest.accessories ? { accessoryHead: accessoryHead!.buffer } : {}),
    golden: JSON.parse(new TextDecoder().decode(golden)),
  };
}

/** All files of the passive check, checked. */
export interface PassiveFiles {
  readonly manifest: PassiveManifest;
  readonly weights: ArrayBuffer;
  /** the parsed `golden.json` */
  readonly golden: unknown;
}

/**
 * Loads the passive check's files, each checked against the manifest.
 *
 * @param folder absolute address
 * @throws VisionError `model-missing` or `model-corrupt`
 */
export async function loadPassiveFiles(folder: string): Promise<PassiveFiles> {
  const manifest = await readManifest(inFolder(folder, 'manifest.json'), passiveManifestSchema);
  const [weights, golden] = await download(
    [manifest.weights, manifest.golden].map(remoteIn(folder)),
    () => {},
  );
  return {
    manifest,
    weights: weights!.buffer,
    golden: JSON.parse(new TextDecoder().decode(golden)),
  };
}
