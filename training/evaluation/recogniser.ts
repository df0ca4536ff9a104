import { alignFace, meshInCrop } from '@rounz/core/face/align.ts';
import { mainFace } from '@rounz/core/face/analyse.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { DetectedFace } from '@rounz/core/face/face.ts';
import { poseOfMesh } from '@rounz/core/face/pose.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import { samplePatch } from '@rounz/core/face/warp.ts';
import type { AlignedCrop, RgbaImage } from '@rounz/core/image.ts';
import { dot } from '@rounz/core/math/vector.ts';
import type { Embedder, EmbeddingRole } from '@rounz/core/model/embedder.ts';
import { CACHED_CROP } from '../cache/aligned-set.ts';
import type { Outfitter } from './outfits.ts';

/** What a recogniser makes of a picture in which it found a face. */
export interface Capture {
  readonly embedding: Float32Array;
  /** the head's turn, radians, as core's `Pose`; null where the recogniser does not tell */
  readonly yaw: number | null;
  /** embeddings of the same face with each outfit drawn on, by the outfit's name; empty where none were asked for */
  readonly drawn: ReadonlyMap<string, Float32Array>;
}

/** A whole face recogniser, ours or a peer's: pictures in, captures out. */
export interface Recogniser {
  /** what a report calls it */
  readonly name: string;
  /**
   * What was made of each picture's main face; null where no face was found.
   *
   * @param roles one for each picture; absent: templates. What is drawn on a face makes a probe of it
   */
  capture(pictures: readonly RgbaImage[], roles?: readonly EmbeddingRole[]): Promise<(Capture | null)[]>;
  /** Higher is more alike. */
  similarity(a: Float32Array, b: Float32Array): number;
  dispose(): void;
}

/** One face before it is embedded. */
interface Prepared {
  readonly yaw: number | null;
  readonly crop: AlignedCrop;
  readonly drawn: readonly { readonly outfit: string; readonly crop: AlignedCrop }[];
}

/** Embeds every crop of the faces in one call for each role and hands the results back to them. */
async function embedPrepared(
  embedder: Embedder,
  faces: readonly (Prepared | null)[],
  roles: readonly EmbeddingRole[] = [],
): Promise<(Capture | null)[]> {
  const crops: Record<EmbeddingRole, AlignedCrop[]> = { template: [], probe: [] };
  const roleOf = (row: number): EmbeddingRole => roles[row] ?? 'template';
  faces.forEach((face, row) => {
    if (!face) return;
    crops[roleOf(row)].push(face.crop);
    crops.probe.push(...face.drawn.map(({ crop }) => crop));
  });
  const embeddings = {
    template: (await embedder.embed(crops.template, 'template')).values(),
    probe: (await embedder.embed(crops.probe, 'probe')).values(),
  };
  const next = (role: EmbeddingRole) => embeddings[role].next().value as Float32Array;
  return faces.map((face, row) => {
    if (!face) return null;
    const embedding = next(roleOf(row));
    const drawn = new Map(face.drawn.map(({ outfit }) => [outfit, next('probe')]));
    return { embedding, yaw: face.yaw, drawn };
  });
}

/**
 * The kiosk's pipeline: detect, align, embed. Owns neither part before it is disposed of, and both then.
 *
 * @param outfitter draws accessories on each face, to be embedded beside it
 */
export function createRecogniser(
  name: string,
  detector: FaceDetector,
  embedder: Embedder,
  outfitter?: Outfitter,
): Recogniser {
  const prepare = async (picture: RgbaImage): Promise<Prepared | null> => {
    const face = mainFace(await detector.detect(picture), picture);
    return face ? prepareFace(face, picture, outfitter) : null;
  };
  return {
    name,
    async capture(pictures, roles) {
      const faces: (Prepared | null)[] = [];
      for (const picture of pictures) faces.push(await prepare(picture));
      return embedPrepared(embedder, faces, roles);
    },
    similarity: dot,
    dispose() {
      detector.dispose();
      embedder.dispose();
    },
  };
}

function prepareFace(face: DetectedFace, picture: RgbaImage, outfitter?: Outfitter): Prepared {
  const pyramid = buildPyramid(picture);
  const crop = alignFace(pyramid, face.points);
  const { yaw } = poseOfMesh(face.mesh);
  if (!outfitter) return { yaw, crop, drawn: [] };
  const wide = alignFace(pyramid, face.points, CACHED_CROP);
  return { yaw, crop, drawn: outfitter(wide, meshInCrop(face.mesh, face.points, CACHED_CROP)) };
}

/** For pictures that are aligned crops already, as the 2020 challenge's: no detector, and so no failure to acquire. */
export function createCropRecogniser(name: string, embedder: Embedder, size: number): Recogniser {
  return {
    name,
    capture: (pictures, roles) =>
      embedPrepared(
        embedder,
        pictures.map((picture) => ({ yaw: null, crop: wholeCrop(picture, size), drawn: [] })),
        roles,
      ),
    similarity: dot,
    dispose: () => embedder.dispose(),
  };
}

/** The whole picture as a crop; a picture of another size is scaled, its shorter side kept whole in the centre. */
function wholeCrop(picture: RgbaImage, size: number): AlignedCrop {
  const side = Math.min(picture.width, picture.height);
  const step = side / size;
  const toPicture = { a: step, b: 0, tx: (picture.width - side) / 2, ty: (picture.height - side) / 2 };
  const data = new Uint8ClampedArray(size * size * 3);
  const spec = { width: size, height: size, toPicture, border: 'replicate', gain: 1, bias: 0 } as const;
  samplePatch(buildPyramid(picture), spec, data);
  return { data, size };
}
