import { mkdir } from 'node:fs/promises';
import { errorMessage } from '@rounz/core/error-message.ts';
import { alignFace, DEFAULT_ALIGN, meshInCrop } from '@rounz/core/face/align.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import { measureFace } from '@rounz/core/face/quality.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import { decodeImage } from '../data/decode.ts';
import { identityOf } from '../data/identity.ts';
import { SetNotes } from '../data/set-notes.ts';
import { type FaceSource, listSource, type SourceEntry } from '../data/sources.ts';
import { ahead } from '../util/ahead.ts';
import { type AlignedRecord, CACHED_CROP } from './aligned-set.ts';
import { createFinder, type FindOptions, type Found, type ResumedFinder } from './find-face.ts';
import { type FaceBytes, type Share, ShareLog, type ShareRow, shareFiles } from './share-log.ts';

/** One face as the cache holds it. */
export interface AlignedFace extends FaceBytes {
  readonly record: AlignedRecord;
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

/** One process's part of the work on a set. */
export interface AlignJob {
  readonly source: FaceSource;
  readonly outFolder: string;
  readonly share: Share;
  readonly find: FindOptions;
  /** begin anew, whatever an earlier run has left */
  readonly afresh: boolean;
}

/** How far reading and decoding run ahead of detection, pictures; a decoded one may have 512 MB. */
const AHEAD = { read: 8, decode: 2 } as const;

/** A picture on its way from the disk to the detector. */
interface OpenPicture {
  readonly position: number;
  readonly path: string;
  readonly entry: SourceEntry;
  /** whether an earlier run has written it, and the set's framing is to be learned from it again */
  readonly isAgain: boolean;
}
interface ReadPicture extends OpenPicture {
  readonly bytes: Buffer | Unreadable;
}
interface DecodedPicture extends OpenPicture {
  readonly image: RgbaImage | Unreadable;
}

class Unreadable {
  readonly why: string;
  constructor(error: unknown) {
    this.why = errorMessage(error);
  }
}

const read = async (picture: OpenPicture): Promise<ReadPicture> => ({
  ...picture,
  bytes: await picture.entry.read().catch((error) => new Unreadable(error)),
});

const decode = async ({ bytes, ...picture }: ReadPicture): Promise<DecodedPicture> => ({
  ...picture,
  image:
    bytes instanceof Unreadable ? bytes : await decodeImage(bytes).catch((error) => new Unreadable(error)),
});

/**
 * Writes one share of a set under temporary names, and goes on where an earlier run of the same job stopped. Pictures are
 * read and decoded ahead, so that neither a slow disk nor the decoder keeps the detector waiting. `onPicture` is called
 * after each picture of the share, also after those that were done before.
 */
export async function alignShare(
  detector: () => Promise<FaceDetector>,
  { source, outFolder, share, find: options, afresh }: AlignJob,
  onPicture: () => void,
): Promise<void> {
  await mkdir(outFolder, { recursive: true });
  const log = await ShareLog.open(
    shareFiles(outFolder, source.name, share),
    JSON.stringify({ format: 2, location: source.location, find: options }),
    afresh,
  );
  try {
    const notes = new SetNotes();
    const finder = createFinder(detector, options, source.location.kind === 'challenge');
    const open = openPictures(source, { share, log, notes, finder, onPicture });
    for await (const { entry, image, isAgain, ...row } of ahead(
      ahead(open, read, AHEAD.read),
      decode,
      AHEAD.decode,
    )) {
      const seen = image instanceof Unreadable ? undefined : await finder.find(image, entry.known);
      if (isAgain) continue;
      if (image instanceof Unreadable) await log.add({ ...row, why: image.why });
      else if (!seen) await log.add({ ...row, missed: true });
      else {
        const { record, ...face } = alignFound(seen, image, source.name, entry.path);
        await log.add({ ...row, record }, face);
      }
      onPicture();
    }
    const { skipped, remarks, litter, others } = share.index === 0 ? notes : new SetNotes();
    await log.finish({ notes: { skipped, remarks, litter, others: [...others] } });
  } catch (error) {
    await log.close();
    throw error;
  }
}

interface OpenShare {
  readonly share: Share;
  readonly log: ShareLog;
  readonly notes: SetNotes;
  readonly finder: ResumedFinder;
  readonly onPicture: () => void;
}

/** The share's pictures that are still to be done. What changed in the set since an earlier run is done anew. */
async function* openPictures(
  source: FaceSource,
  { share, log, notes, finder, onPicture }: OpenShare,
): AsyncGenerator<OpenPicture> {
  let [position, row] = [-1, 0];
  for await (const entry of listSource(source, notes)) {
    position++;
    if (position % share.count !== share.index) continue;
    const path = `${source.name}/${entry.path}`;
    const before = log.done[row];
    if (before?.position === position && before.path === path) {
      row++;
      onPicture();
      if (recalled(finder, before, entry)) yield { position, path, entry, isAgain: true };
      continue;
    }
    if (row < log.done.length) await log.keep(row);
    yield { position, path, entry, isAgain: false };
  }
  if (row < log.done.length) await log.keep(row);
}

/** Hands an earlier run's find to the finder; true where the picture has to be found again. */
function recalled(finder: ResumedFinder, row: ShareRow, { known }: SourceEntry): boolean {
  if ('why' in row) return false;
  if ('missed' in row) return finder.recall({ followed: false, meshScore: 0 }, known);
  const { boxScore, meshScore } = row.record;
  return finder.recall({ followed: boxScore === null, meshScore }, known);
}
