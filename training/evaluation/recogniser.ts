import { alignFace } from '@rounz/core/face/align.ts';
import { mainFace } from '@rounz/core/face/analyse.ts';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import { buildPyramid } from '@rounz/core/face/pyramid.ts';
import type { AlignedCrop, RgbaImage } from '@rounz/core/image.ts';
import type { Embedder } from '@rounz/core/model/embedder.ts';

/** A whole face recogniser, ours or a peer's: pictures in, embeddings out. */
export interface Recogniser {
  /** what a report calls it */
  readonly name: string;
  /** The embedding of each picture's main face; null where no face was found. */
  embed(pictures: readonly RgbaImage[]): Promise<(Float32Array | null)[]>;
  /** Higher is more alike. */
  similarity(a: Float32Array, b: Float32Array): number;
  dispose(): void;
}

export const dot = (a: Float32Array, b: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
};

/** The kiosk's pipeline: detect, align, embed. Owns neither part before it is disposed of, and both then. */
export function createRecogniser(name: string, detector: FaceDetector, embedder: Embedder): Recogniser {
  const cropOf = async (picture: RgbaImage): Promise<AlignedCrop | null> => {
    const face = mainFace(await detector.detect(picture), picture);
    return face ? alignFace(buildPyramid(picture), face.points) : null;
  };
  return {
    name,
    async embed(pictures) {
      const crops: (AlignedCrop | null)[] = [];
      for (const picture of pictures) crops.push(await cropOf(picture));
      const embeddings = (await embedder.embed(crops.filter((crop) => crop !== null))).values();
      return crops.map((crop) => (crop ? (embeddings.next().value ?? null) : null));
    },
    similarity: dot,
    dispose() {
      detector.dispose();
      embedder.dispose();
    },
  };
}
