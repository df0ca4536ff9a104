import { createRequire } from 'node:module';
import type { FaceDetector } from '@rounz/core/face/detector.ts';
import type { RgbaImage } from '@rounz/core/image.ts';
import * as tf from '@tensorflow/tfjs';
import { loadNodeDetector, useWasmBackend } from '../../data/detector-models.ts';

/** The parts of face-api that are used here; its own declarations name the DOM's tensors. */
interface FaceApi {
  readonly nets: {
    readonly faceLandmark68Net: Net & { detectLandmarks(input: tf.Tensor3D): Promise<Landmarks> };
    readonly faceRecognitionNet: Net & { computeFaceDescriptor(input: tf.Tensor3D): Promise<Float32Array> };
  };
}
interface Net {
  loadFromDisk(folder: string): Promise<void>;
}
interface Landmarks {
  align(
    box: null,
    options: { useDlibAlignment: boolean },
  ): { x: number; y: number; width: number; height: number };
}

/** A recogniser that knows nothing of rendered faces: the kiosk's detector, then face-api's 128-d descriptor. */
export interface Judge {
  /** null where no face is found; values of length 128, compared by Euclidean distance */
  embed(image: RgbaImage): Promise<Float32Array | null>;
  dispose(): void;
}

/** Context around the detector's box that the landmarks' net wants, as a share of the box. */
const MARGIN = 0.12;

/** Loads detector and recogniser from their npm packages. */
export async function loadJudge(): Promise<Judge> {
  await useWasmBackend();
  const detector: FaceDetector = await loadNodeDetector();
  const require = createRequire(import.meta.url);
  const api = require('@vladmandic/face-api/dist/face-api.node-wasm.js') as FaceApi;
  const folder = require.resolve('@vladmandic/face-api/package.json').replace('package.json', 'model');
  await api.nets.faceLandmark68Net.loadFromDisk(folder);
  await api.nets.faceRecognitionNet.loadFromDisk(folder);
  return {
    async embed(image) {
      const [face] = await detector.detect(image);
      if (!face) return null;
      const { x, y, width, height } = face.box;
      const side = Math.max(width, height) * (1 + 2 * MARGIN);
      const square = cut(image, x + width / 2 - side / 2, y + height / 2 - side / 2, side, 224);
      const marks = await api.nets.faceLandmark68Net.detectLandmarks(square);
      const box = marks.align(null, { useDlibAlignment: true });
      const scale = side / 224;
      const left = x + width / 2 - side / 2 + box.x * scale;
      const top = y + height / 2 - side / 2 + box.y * scale;
      const aligned = cut(image, left, top, Math.max(box.width, box.height) * scale, 150);
      const descriptor = await api.nets.faceRecognitionNet.computeFaceDescriptor(aligned);
      tf.dispose([square, aligned]);
      return descriptor;
    },
    dispose: () => detector.dispose(),
  };
}

/** Square of a picture as a tensor of `size` x `size` x 3, 0..255, bilinear; edges repeat. */
function cut(image: RgbaImage, left: number, top: number, side: number, size: number): tf.Tensor3D {
  const values = new Float32Array(size * size * 3);
  const at = (x: number, y: number, c: number): number => {
    const px = Math.min(image.width - 1, Math.max(0, x));
    const py = Math.min(image.height - 1, Math.max(0, y));
    return image.data[(py * image.width + px) * 4 + c]!;
  };
  for (let j = 0; j < size; j++) {
    const y = top + ((j + 0.5) * side) / size - 0.5;
    const y0 = Math.floor(y);
    for (let i = 0; i < size; i++) {
      const x = left + ((i + 0.5) * side) / size - 0.5;
      const x0 = Math.floor(x);
      for (let c = 0; c < 3; c++) {
        const upper = at(x0, y0, c) + (at(x0 + 1, y0, c) - at(x0, y0, c)) * (x - x0);
        const lower = at(x0, y0 + 1, c) + (at(x0 + 1, y0 + 1, c) - at(x0, y0 + 1, c)) * (x - x0);
        values[(j * size + i) * 3 + c] = upper + (lower - upper) * (y - y0);
      }
    }
  }
  return tf.tensor3d(values, [size, size, 3]);
}

export function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum);
}
