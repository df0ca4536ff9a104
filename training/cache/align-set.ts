import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { alignFace, DEFAULT_ALIGN, meshInCrop } from '@rounz/core/face/align.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import { measureFace } from '@rounz/core/face/quality.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { decodeWhole } from '../data/decode.ts';
import { noOddities } from '../data/kface-tree.ts';
import { type FaceSource, identityOf, listSource } from '../data/sources.ts';
import { type AlignedRecord, alignedFiles, CACHED_CROP } from './aligned-set.ts';
import { createFinder, type FindOptions, type Found } from './find-face.ts';

/** One face as the cache holds it. */
export interface AlignedFace {
  readonly record: AlignedRecord;
  /** RGB, 144 x 144 x 3 */
  readonly crop: Uint8Array;
  /** x, y in the crop's pixels, 468 x 2 */
  readonly mesh: Float32Array;
}

/** A found face, aligned and measured. */
export function alignFound(
  { face, by, pose }: Found,
  image: RgbaImage,
  set: string,
  path: string,
): AlignedFace {
  const pyramid = buildPyramid(image);
  const inner = alignFace(pyramid, face.points);
  const quality = measureFace(face, inner, meshInCrop(face.mesh, face.points, DEFAULT_ALIGN));
  return {
    record: {
      path: `${set}/${path}`,
      identity: identityOf(set, path),
      boxScore: by === 'detector' ? face.boxScore : null,
      meshScore: face.meshScore,
      ...(pose ?? quality.pose),
      luma: quality.luma,
      sharpness: quality.sharpness,
      interEyeDistance: quality.interEyeDistance,
      ...(by === 'landmarks' || by === 'crop' ? { by } : {}),
    },
    crop: new Uint8Array(alignFace(pyramid, face.points, CACHED_CROP).data.buffer),
    mesh: meshInCrop(face.mesh, face.points, CACHED_CROP),
  };
}

/** Which pictures of the set this process takes: those whose position is `index` modulo `count`. */
export interface Share {
  readonly index: number;
  readonly count: number;
}

/**
 * Writes one share of a set under temporary names: crops, meshes and an index whose rows carry their position in the
 * set. `onPicture` is called after each picture of the share.
 */
export async function alignShare(
  detector: () => Promise<FaceDetector>,
  { source, outFolder, share, find: options }: AlignJob,
  onPicture: () => void,
): Promise<void> {
  const files = shareFiles(outFolder, source.name, share);
  await mkdir(outFolder, { recursive: true });
  const crops = createWriteStream(files.crops);
  const meshes = createWriteStream(files.mesh);
  const index: ShareIndex = { rows: [], missed: [], unreadable: [], oddities: [] };
  const find = createFinder(detector, options, source.location.kind === 'challenge');
  const oddities = noOddities();
  let position = -1;
  for await (const { path, read, known } of listSource(source, oddities)) {
    position++;
    if (position % share.count !== share.index) continue;
    const place = { position, path: `${source.name}/${path}` };
    const image = await decodeWhole(await read()).catch(() => undefined);
    const seen = image && (await find(image, known));
    if (!image) index.unreadable.push(place);
    else if (!seen) index.missed.push(place);
    else {
      const { record, crop, mesh } = alignFound(seen, image, source.name, path);
      index.rows.push({ position, record });
      await write(crops, crop);
      await write(meshes, new Uint8Array(mesh.buffer));
    }
    onPicture();
  }
  await Promise.all([end(crops), end(meshes)]);
  // Every process walks the whole tree and meets the same.
  if (share.index === 0) index.oddities.push(...oddities.strange, ...oddities.badLandmarks);
  await writeFile(files.index, JSON.stringify(index));
}

/** One process's part of the work on a set. */
export interface AlignJob {
  readonly source: FaceSource;
  readonly outFolder: string;
  readonly share: Share;
  readonly find: FindOptions;
}

export interface ShareIndex {
  readonly rows: { position: number; record: AlignedRecord }[];
  readonly missed: { position: number; path: string }[];
  readonly unreadable: { position: number; path: string }[];
  readonly oddities: string[];
}

/** Temporary files of one share. */
export function shareFiles(outFolder: string, set: string, { index, count }: Share) {
  const suffix = `.part-${index}-of-${count}`;
  const { crops, mesh, index: json } = alignedFiles(outFolder, set);
  return { crops: crops + suffix, mesh: mesh + suffix, index: json + suffix };
}

export async function write(stream: WriteStream, bytes: Uint8Array): Promise<void> {
  if (!stream.write(bytes)) await once(stream, 'drain');
}

export async function end(stream: WriteStream): Promise<void> {
  stream.end();
  await once(stream, 'close');
}
