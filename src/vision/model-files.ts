import { type Manifest, manifestSchema } from '@rounz/core/model/manifest.ts';
import { z } from 'zod';
import { VISION } from './config.ts';
import { downloadChecked, fetchFile, type RemoteFile, sha256 } from './download.ts';
import { VisionError } from './errors.ts';
import type { VisionOptions, VisionProgress } from './protocol.ts';

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

/** All files that the engine loads, checked. */
export interface ModelFiles {
  readonly manifest: Manifest;
  /** the concatenated shards */
  readonly weights: ArrayBuffer;
  /** of the accessory head, where the model has one */
  readonly accessoryHead?: ArrayBuffer;
  /** the parsed `golden.json` */
  readonly golden: unknown;
  /** the detector's files by name */
  readonly detector: ReadonlyMap<string, ArrayBuffer>;
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

function join(buffers: readonly ArrayBuffer[]): ArrayBuffer {
  const all = new Uint8Array(buffers.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const buffer of buffers) {
    all.set(new Uint8Array(buffer), offset);
    offset += buffer.byteLength;
  }
  return all.buffer;
}

/**
 * Loads both models' files; each is checked against its manifest.
 *
 * @param options absolute addresses
 * @throws VisionError `model-missing` or `model-corrupt`
 */
export async function loadModelFiles(
  { modelUrl, detectorUrl }: Pick<VisionOptions, 'modelUrl' | 'detectorUrl'>,
  onProgress: (progress: VisionProgress) => void,
): Promise<ModelFiles> {
  const [manifest, detector] = await Promise.all([
    readManifest(inFolder(modelUrl, 'manifest.json'), manifestSchema),
    readManifest(inFolder(detectorUrl, 'manifest.json'), detectorManifest),
  ]);
  const remote =
    (folder: string) =>
    (file: { path: string; bytes: number; sha256: string }): RemoteFile => ({
      url: inFolder(folder, file.path),
      bytes: file.bytes,
      sha256: file.sha256,
    });
  const head = manifest.accessories ? [manifest.accessories.file] : [];
  const files = [
    ...detector.files.map(remote(detectorUrl)),
    ...[manifest.golden, ...manifest.shards, ...head].map(remote(modelUrl)),
  ];
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = await downloadChecked(files, {
    parallel: VISION.parallelDownloads,
    onBytes: (done) => onProgress({ stage: 'download', done, total }),
  });
  onProgress({ stage: 'verify', done: 0, total: 1 });
  const ofDetector = detector.files.length;
  const firstShard = ofDetector + 1;
  const behindShards = firstShard + manifest.shards.length;
  const weights = join(parts.slice(firstShard, behindShards));
  const accessoryHead = parts[behindShards];
  if ((await sha256(weights)) !== manifest.modelHash)
    throw new VisionError(
      'model-corrupt',
      `The weights at ${modelUrl} are not those that the manifest names. The model folder is mixed up: copy it again.`,
    );
  onProgress({ stage: 'verify', done: 1, total: 1 });
  return {
    manifest,
    weights,
    ...(accessoryHead ? { accessoryHead } : {}),
    golden: JSON.parse(new TextDecoder().decode(parts[ofDetector]!)),
    detector: new Map(detector.files.map(({ path }, i) => [path, parts[i]!])),
  };
}
